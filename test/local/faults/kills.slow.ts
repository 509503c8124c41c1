import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { deliver, receivedDay, truthOf } from "./deliveries";
import { Ended, Found, local, processesOf, startLocal } from "./localCommand";

const kills = 20;

/** What can be killed, by its command line. */
const victims: Record<string, RegExp> = {
  emulator: / -m emulator /,
  "Spark's JVM": /\bjava\b.*org\.apache\.spark/,
  "the job's Python": /run_script\.py/,
  engine: /\bpulumi (up|preview|stack|refresh)/,
  "the command, and so the provider": /^\S*node\S* .*local\/cli\.ts|^\S*node\S* .*local\/main\.mjs/,
};

/** A number from 0 to 1, by a seed. */
function random(seed: number, what: string): number {
  return createHash("sha256").update(`${seed} ${what}`).digest().readUInt32BE(0) / 2 ** 32;
}

describe("after one process was killed, at any time", function () {
  this.timeout(900_000);
  let folder: string;

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "glue-etl-kills-"));
  });

  afterEach(async () => {
    await local(folder, "stop");
    fs.rmSync(folder, { recursive: true, force: true });
  });

  /** Deploys, loads and runs, each in a command. @returns the first that failed, or the last. */
  async function chain(commands: string[][], started: (pid?: number) => void): Promise<Ended> {
    let last: Ended = { code: 0, told: "" };
    for (const args of commands) {
      const { child, ended } = startLocal(folder, args);
      started(child.pid);
      last = await ended;
      if (last.code !== 0) return last;
    }
    return last;
  }

  for (let seed = 1; seed <= kills; seed += 1) {
    it(`the next commands recover, and rows are exact: seed ${seed}`, async function () {
      const archive = path.join(folder, "archive");
      const days = [1, 2].map((delivery) => {
        deliver(archive, delivery);
        return receivedDay(delivery);
      });
      const range = ["--start-date", days[0] ?? "", "--end-date", days[1] ?? ""];
      const commands = [["deploy"], ["load", "--raw", archive], ["run", ...range]];

      const names = Object.keys(victims);
      const name = names[Math.floor(random(seed, "victim") * names.length)] ?? "";
      let victim: Found | undefined;
      let over = false;
      const first = chain(commands, () => undefined).finally(() => (over = true));
      // The delay counts from the first moment at which there is such a process.
      let delay = random(seed, "delay") * 12_000;
      for (; !victim && !over; await sleep(50)) {
        const found = processesOf(folder).find(({ command }) => victims[name]?.test(command));
        if (!found) continue;
        if (delay <= 0) victim = found;
        delay -= 50;
      }
      if (victim) process.kill(victim.pid, "SIGKILL");
      const { code, told } = await first;
      if (code !== 0) assert.match(told, /./, `${name}: nothing was said`);

      for (const args of commands) {
        const ended = await local(folder, ...args);
        assert.equal(ended.code, 0, `${name}, then ${args[0]}:\n${told}\n--\n${ended.told}`);
      }
      const sql = "SELECT platform, message_id FROM mobile_user";
      const csv = await local(folder, "query", "--output", "csv", sql);
      const rows = [...csv.told.matchAll(/^"(ios|android)",(?:"(.*)")?$/gm)];
      const found = rows.map(([, source, id]) => `${source} ${id ?? null}`).sort();
      assert.deepEqual(found, truthOf(archive).rows, name);
      assert.deepEqual(processesOf(folder), []);
    });
  }
});
