import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { deliver, Holdings, receivedDay, truthOf } from "./deliveries";
import type { Weather } from "./faultProxy";
import { FaultyPlatform } from "./faultyPlatform";

/** The stack on a platform whose calls can fail, and the archive of all that it was brought. */
export class FaultyLake {
  /** Commands that have failed since the weather last changed, and worked without faults then. */
  failures: string[] = [];
  private readonly archive: string;

  private constructor(private readonly platform: FaultyPlatform) {
    this.archive = path.join(platform.folder, "archive");
  }

  static async start(): Promise<FaultyLake> {
    return new FaultyLake(await FaultyPlatform.start());
  }

  /** What failed since the weather last changed. */
  get injected(): readonly string[] {
    return this.platform.proxy.injected;
  }

  /** From now on one call in twenty fails, or as `weather` says. */
  stormy(weather: Partial<Weather>): void {
    this.failures = [];
    this.platform.proxy.change({ seed: 0, share: 0.05, stallMs: 1500, ...weather });
  }

  deploy(): Promise<void> {
    return this.comesThrough("deploy", () => this.command("deploy"));
  }

  /** Deletes all, and deploys it again. */
  async renew(seed: number): Promise<void> {
    this.stormy({ seed });
    await this.comesThrough("destroy", () => this.command("destroy"));
    this.stormy({ seed: -seed });
    await this.deploy();
    fs.rmSync(this.archive, { recursive: true });
  }

  /** Brings a delivery, and has the workflow take it. */
  async take(delivery: number): Promise<void> {
    const fresh = path.join(this.platform.folder, "fresh", `${delivery}`);
    for (const folder of [fresh, this.archive]) deliver(folder, delivery);
    await this.comesThrough("load", () => this.platform.ask({ command: "load", raw: fresh }));
    await this.run(delivery);
  }

  async run(delivery: number, also: { rebuild?: true; compact?: true } = {}): Promise<void> {
    const day = receivedDay(delivery);
    const options = { startDate: day, endDate: day, ...also };
    await this.comesThrough("run", () => this.platform.ask({ command: "run", options }));
  }

  /** Every row that the archive must come to is there, once, and no other. */
  async holdsExactly(): Promise<void> {
    const found = await this.comesThrough("query", () => this.holdings());
    this.calm();
    assert.deepEqual(found, truthOf(this.archive));
  }

  stop(): Promise<void> {
    return this.platform.stop();
  }

  private calm(): void {
    this.platform.proxy.change();
  }

  /** Does it under faults; what fails must fail clearly, and work without faults right after. */
  private async comesThrough<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      console.log(`      ${what} failed: ${String(error)}\n  after ${this.injected.join("\n  ")}`);
      this.failures.push(what);
      assert.doesNotMatch(String(error), /TypeError|SyntaxError|undefined/);
      this.calm();
      return work();
    }
  }

  private async command(...args: string[]): Promise<void> {
    const { code, told } = await this.platform.local(...args);
    assert.equal(code, 0, told);
  }

  private async holdings(): Promise<Holdings> {
    const rows = await this.platform.query("SELECT platform, message_id FROM mobile_user");
    const bad = await this.platform.query(
      "SELECT object_key, line_number FROM mobile_user_quarantine",
    );
    return {
      rows: rows.map(([source, id]) => `${source} ${id}`).sort(),
      quarantined: bad.map(([key, line]) => `${path.posix.basename(key ?? "")} ${line}`).sort(),
    };
  }
}
