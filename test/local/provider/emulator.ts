import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { projectRoot } from "../../../local/paths";
import { pythonEnvironment } from "../../../local/setup/python";
import { freePort } from "../../freePort";

/** An emulator of AWS for one test file, with state of its own. */
export class Emulator {
  private constructor(
    readonly endpoint: string,
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {}

  /**
   * @param options.port default: a free one.
   * @param options.endpoint where its jobs and crawls find it, if that isn't its own address.
   * @param options.env what it needs besides the environment of the tests.
   */
  static async start(
    options: { port?: number; endpoint?: string; env?: Record<string, string> } = {},
  ): Promise<Emulator> {
    const python = await pythonEnvironment();
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "provider-test-"));
    const port = options.port ?? (await freePort());
    const seen = options.endpoint === undefined ? [] : ["--endpoint", options.endpoint];
    const log = fs.openSync(path.join(folder, "emulator.log"), "a");
    const child = spawn(
      python,
      [
        ...["-m", "emulator", "--port", String(port), ...seen],
        ...["--state-dir", path.join(folder, "state")],
      ],
      {
        env: { ...process.env, ...options.env, PYTHONPATH: path.join(projectRoot, "local") },
        stdio: ["ignore", log, log],
      },
    );
    fs.closeSync(log);
    const emulator = new Emulator(`http://127.0.0.1:${port}`, child, folder);
    try {
      await emulator.untilReady();
    } catch (error) {
      await emulator.stop();
      throw error;
    }
    return emulator;
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  get options() {
    return {
      endpoint: this.endpoint,
      region: "us-east-1",
      accessKeyId: "test",
      secretAccessKey: "test",
    };
  }

  /** What a client of AWS's SDK takes. */
  get settings() {
    const { endpoint, region, accessKeyId, secretAccessKey } = this.options;
    return { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null) {
      const ended = once(this.child, "exit");
      this.child.kill("SIGTERM");
      const timer = setTimeout(() => this.child.kill("SIGKILL"), 15_000);
      await ended;
      clearTimeout(timer);
    }
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private async untilReady(): Promise<void> {
    for (let waited = 0; waited < 60_000; waited += 200) {
      if (this.child.exitCode !== null) {
        break;
      }
      const response = await fetch(`${this.endpoint}/_ministack/health`).catch(() => undefined);
      if (response?.ok) {
        return;
      }
      await sleep(200);
    }
    const log = fs.readFileSync(path.join(this.folder, "emulator.log"), "utf8");
    throw new Error(`the emulator did not start:\n${log.slice(-2000)}`);
  }
}
