import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { deliver, Holdings, receivedDay, truthOf } from "./deliveries";
import { FaultyPlatform } from "./faultyPlatform";

const seeds = Number(process.env["GLUE_ETL_FAULT_SEEDS"] ?? 2);
const firstSeed = Number(process.env["GLUE_ETL_FIRST_SEED"] ?? 1);
const share = 0.05;

/** A deployment, loads, crawls, runs and queries, of which one call in twenty fails. */
describe("with faults between all clients and the emulator", function () {
  this.timeout(600_000);
  let platform: FaultyPlatform;
  let archive: string;

  before(async () => {
    platform = await FaultyPlatform.start();
    archive = path.join(platform.folder, "archive");
    weather(firstSeed);
    await comesThrough("deploy", () => command("deploy"));
  });

  after(() => platform.stop());

  const weather = (seed: number) => {
    platform.proxy.change({ seed, share, stallMs: 1500 });
  };

  /** Does it under faults; what fails must fail clearly, and work without faults right after. */
  async function comesThrough<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const injected = platform.proxy.injected.join("\n  ");
      console.log(`      ${what} failed: ${String(error)}\n  after ${injected}`);
      assert.doesNotMatch(String(error), /TypeError|SyntaxError|undefined/);
      platform.proxy.change();
      return work();
    }
  }

  async function holdings(): Promise<Holdings> {
    const rows = await platform.query("SELECT platform, message_id FROM mobile_user");
    const bad = await platform.query("SELECT object_key, line_number FROM mobile_user_quarantine");
    return {
      rows: rows.map(([source, id]) => `${source} ${id}`).sort(),
      quarantined: bad.map(([key, line]) => `${path.posix.basename(key ?? "")} ${line}`).sort(),
    };
  }

  async function exactly(): Promise<void> {
    const found = await comesThrough("query", holdings);
    platform.proxy.change();
    assert.deepEqual(found, truthOf(archive));
  }

  const command = async (...args: string[]) => {
    const { code, told } = await platform.local(...args);
    assert.equal(code, 0, told);
  };

  for (let seed = firstSeed; seed < firstSeed + seeds; seed += 1) {
    it(`load, run and query come through, and rows are exact: seed ${seed}`, async () => {
      const day = receivedDay(seed);
      const range = { startDate: day, endDate: day };
      const fresh = path.join(platform.folder, "fresh", `${seed}`);
      for (const folder of [fresh, archive]) deliver(folder, seed);
      weather(seed);
      await comesThrough("load", () => platform.ask({ command: "load", raw: fresh }));
      await comesThrough("run", () => platform.ask({ command: "run", options: range }));
      await exactly();
      const also = { 3: { rebuild: true }, 7: { compact: true } }[seed % 10];
      if (also === undefined) return;
      weather(seed);
      const options = { ...range, ...also };
      await comesThrough("another run", () => platform.ask({ command: "run", options }));
      await exactly();
    });

    if (seed % 20 !== 19) continue;
    it(`all is deleted and deployed again: seed ${seed}`, async () => {
      weather(seed);
      await comesThrough("destroy", () => command("destroy"));
      weather(-seed);
      await comesThrough("deploy", () => command("deploy"));
      fs.rmSync(archive, { recursive: true });
    });
  }

  it("calls that hang for 30 seconds come through", async function () {
    if (!process.env["GLUE_ETL_SLOW"]) this.skip();
    const only = /StartWorkflowRun|GetPartitions|_lock\.json|\.gz$|StartQueryExecution/;
    const hang = { kinds: ["stall"] as const, stallMs: 30_000, firstAttempts: true, only };
    const day = receivedDay(2000);
    const fresh = path.join(platform.folder, "fresh", "hang");
    for (const folder of [fresh, archive]) deliver(folder, 2000);
    platform.proxy.change({ seed: 0, share: 0.3, ...hang });
    await platform.ask({ command: "load", raw: fresh });
    await platform.ask({ command: "run", options: { startDate: day, endDate: day } });
    assert.ok(platform.proxy.injected.length > 2, platform.proxy.injected.join("\n"));
    await exactly();
  });

  it("no change is done twice though its first answer is lost", async () => {
    const delivery = 1000;
    const day = receivedDay(delivery);
    const fresh = path.join(platform.folder, "fresh", `${delivery}`);
    for (const folder of [fresh, archive]) deliver(folder, delivery);
    platform.proxy.change({
      seed: 0,
      share: 1,
      stallMs: 0,
      kinds: ["lost answer"],
      firstAttempts: true,
      only: /^(?!GET|HEAD|.*\.(Get|List|Describe))/,
    });
    await platform.ask({ command: "load", raw: fresh });
    await platform.ask({ command: "run", options: { startDate: day, endDate: day } });
    await exactly();
  });
});
