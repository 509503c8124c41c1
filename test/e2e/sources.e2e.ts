import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { gzipSync } from "node:zlib";
import { pythonEnvironment } from "../../local/setup/python";
import { Project } from "./project";

const day = "2026-11-20";
const midnight = Date.parse(day) / 1000;
const folder = { milliseconds: `${midnight * 1000}`, seconds: `${midnight}` };

/** One more source of each format, as README's "Add a source" has them. */
const entries = `
    - name: web
      sourceId: ksWeb
    - name: crm
      sourceId: crm-export
      format: csv
      columns: { timestamp: occurred at, messageId: id, receivedAt: loaded_at }
    - name: point-of-sale
      sourceId: tills
      receivedDayUnit: seconds
      format: parquet
      columns: { timestamp: sold_at, messageId: receipt }
`;

const call = (messageId: string, more: object = {}) =>
  JSON.stringify({ messageId, timestamp: `${day}T12:00:00Z`, type: "track", ...more });

const csv = `id,occurred at,loaded_at,note
c1,${day}T01:00:00Z,${day}T01:00:05Z,"a, ""b"""
c2,${day}T23:00:00+02:00,,plain
c2,${day}T23:00:00+02:00,,sent twice
c3,yesterday,,not a time
`;

const parquet = `
import sys, datetime, pyarrow, pyarrow.parquet
at = datetime.datetime(2026, 11, 20, 9, tzinfo=datetime.timezone.utc)
table = {"receipt": [1, 2, 3], "sold_at": [at, at, None], "total": [9.5, 0.25, 1.0]}
pyarrow.parquet.write_table(pyarrow.table(table), sys.argv[1])
`;

/** Sources that are added by config alone. The steps build on each other. */
describe("sources of the stack's config", function () {
  this.timeout(300_000);
  this.bail(true);
  let project: Project;
  let archive: string;
  let python: string;

  before(async () => {
    python = await pythonEnvironment();
    project = new Project();
    archive = path.join(project.folder, "archive");
    put("ios", folder.milliseconds, "a.gz", gzipSync(`${call("i1")}\n`));
    put("android", folder.milliseconds, "a.gz", gzipSync(`${call("a1")}\n`));
    put(
      "web",
      folder.milliseconds,
      "a.gz",
      gzipSync(`${call("w1", { page: "/" })}\n${call("w2")}`),
    );
    put("crm", folder.milliseconds, "plain.csv", csv);
    put("crm", folder.milliseconds, "zipped.csv.gz", gzipSync(csv.replace(/^c/gm, "C")));
    put("point-of-sale", folder.seconds, "till.parquet", "");
    const till = path.join(archive, "point-of-sale", folder.seconds, "till.parquet");
    await project.tool(python, "-c", parquet, till);
  });

  after(() => project.remove());

  it("are crawled by a crawler of their own each, in the workflow", async () => {
    project.edit("Pulumi.local.yaml", /\s*$/, entries);
    await project.start();
    await project.succeed("deploy");
    assert.match((await project.succeed("load", "--raw", archive)).stderr, /6 new/);
    const { stderr } = await project.succeed("run", "--start-date", day, "--end-date", day);
    for (const name of ["web", "crm", "point-of-sale"]) {
      assert.match(stderr, new RegExp(`crawler segmentlogs-${name} .*1 table added, 1 partition`));
    }
  });

  it("are rows of mobile_user, by platform", async () => {
    assert.deepEqual(await counts("mobile_user", "platform"), {
      android: 1,
      crm: 4,
      ios: 1,
      "point-of-sale": 2,
      web: 2,
    });
    assert.deepEqual(await counts("mobile_user_quarantine", "source"), {
      crm: 2,
      "point-of-sale": 1,
    });
  });

  it("count in the metrics that the job puts with its deployed role", async () => {
    const now = Date.now();
    const { Datapoints } = await project.aws(
      python,
      ...["cloudwatch", "get-metric-statistics", "--namespace", "GlueEtl"],
      ...["--metric-name", "RecordsRead", "--dimensions", "Name=JobName,Value=mobile-user-daily"],
      ...["--start-time", new Date(now - 3_600_000).toISOString()],
      ...["--end-time", new Date(now + 60_000).toISOString()],
      ...["--period", "86400", "--statistics", "Sum"],
    );
    const sums = (Datapoints as { Sum: number }[]).map(({ Sum }) => Sum);
    assert.equal(
      sums.reduce((total, sum) => total + sum, 0),
      15,
    );
  });

  it("have their own columns, typed, in local time", async () => {
    const sql =
      "SELECT message_id, CAST(local_timestamp AS varchar) AS at, note, total FROM mobile_user " +
      "WHERE platform IN ('crm', 'point-of-sale') AND message_id IN ('c1', 'c2', '1', '2') " +
      "ORDER BY 1";
    assert.deepEqual(await query(sql), [
      { message_id: "1", at: "2026-11-20 01:00:00.000", note: null, total: 9.5 },
      { message_id: "2", at: "2026-11-20 01:00:00.000", note: null, total: 0.25 },
      { message_id: "c1", at: "2026-11-19 17:00:00.000", note: 'a, "b"', total: null },
      { message_id: "c2", at: "2026-11-20 13:00:00.000", note: "plain", total: null },
    ]);
  });

  it("are read once, and give the same rows when they are rebuilt", async () => {
    const range = ["--start-date", day, "--end-date", day];
    const before = await counts("mobile_user", "platform");
    for (const options of [[], ["--rebuild"]]) {
      await project.succeed("run", ...range, ...options);
      assert.deepEqual(await counts("mobile_user", "platform"), before);
    }
  });

  function put(source: string, received: string, name: string, content: string | Buffer): void {
    fs.mkdirSync(path.join(archive, source, received), { recursive: true });
    fs.writeFileSync(path.join(archive, source, received, name), content);
  }

  async function query(sql: string): Promise<Record<string, unknown>[]> {
    const { stdout } = await project.succeed("query", sql, "--output", "json");
    return JSON.parse(stdout);
  }

  async function counts(table: string, column: string): Promise<Record<string, unknown>> {
    const rows = await query(`SELECT ${column} AS name, count(*) AS n FROM ${table} GROUP BY 1`);
    return Object.fromEntries(rows.map(({ name, n }) => [String(name), n]));
  }
});
