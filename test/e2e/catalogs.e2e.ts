import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { gzipSync } from "node:zlib";
import { Project } from "./project";

const [first, second] = ["2026-11-20", "2026-11-21"] as const;
const folderOf = (day: string) => `${Date.parse(day)}`;

/** Sources whose tables are kept otherwise than by a crawler of all folders. The steps build on each other. */
describe("sources with no crawler, and with one that goes by events", function () {
  this.timeout(300_000);
  this.bail(true);
  let project: Project;
  let archive: string;

  before(() => {
    project = new Project();
    archive = path.join(project.folder, "archive");
    project.edit("Pulumi.local.yaml", /(- name: ios\n)/, "$1      catalog: declared\n");
    project.edit("Pulumi.local.yaml", /(- name: android\n)/, "$1      catalog: events\n");
  });

  after(() => project.remove());

  it("deploy, break no rule, and run in three stages", async () => {
    await project.start();
    await project.succeed("deploy");
    assert.deepEqual(await load(first), { ios: 2, android: 1 });
    const { stderr } = await project.succeed("run", "--start-date", first, "--end-date", first);
    assert.match(stderr, /6\/6 crawler +segmentlogs-Mobile/);
    assert.doesNotMatch(stderr, /segmentlogs-IOS/);
    assert.match(stderr, /crawler segmentlogs-Android .*1 table added, 1 partition/);
    assert.deepEqual(await platforms(), { ios: 2, android: 1 });
  });

  it("find the next day: one by its place, the other by its events", async () => {
    await load(second);
    const { stderr } = await project.succeed("run", "--start-date", first, "--end-date", second);
    assert.match(stderr, /crawler segmentlogs-Android .*1 partition added/);
    assert.deepEqual(await platforms(), { ios: 4, android: 2 });
  });

  it("are tables of the raw database", async () => {
    const rows = await query(
      "SELECT messageid, type FROM segment_logs.ksmsmxyyeaios " +
        `WHERE partition_0 = ${folderOf(second)} ORDER BY 1`,
    );
    assert.deepEqual(rows, [
      { messageid: `ios-${second}-0`, type: "track" },
      { messageid: `ios-${second}-1`, type: "track" },
    ]);
    const [all] = await query("SELECT count(*) AS n FROM segment_logs.ksmsmxyyeaios");
    assert.deepEqual(all, { n: 4 });
  });

  /** Loads events of a received day: two of iOS, one of Android. */
  async function load(day: string): Promise<Record<string, number>> {
    const events = { ios: 2, android: 1 };
    for (const [source, count] of Object.entries(events)) {
      const lines = Array.from({ length: count }, (_, number) =>
        JSON.stringify({
          messageId: `${source}-${day}-${number}`,
          timestamp: `${day}T12:00:00Z`,
          type: "track",
        }),
      );
      const folder = path.join(archive, source, folderOf(day));
      fs.mkdirSync(folder, { recursive: true });
      fs.writeFileSync(path.join(folder, "events.gz"), gzipSync(`${lines.join("\n")}\n`));
    }
    assert.match((await project.succeed("load", "--raw", archive)).stderr, /2 new/);
    return events;
  }

  const platforms = async () =>
    Object.fromEntries(
      (await query("SELECT platform, count(*) AS n FROM mobile_user GROUP BY 1")).map(
        ({ platform, n }) => [platform, n],
      ),
    );

  async function query(sql: string): Promise<Record<string, unknown>[]> {
    const { stdout } = await project.succeed("query", sql, "--output", "json");
    return JSON.parse(stdout);
  }
});
