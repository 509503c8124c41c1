import { ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { QueryResult } from "../../../local/commands/query";
import { projectRoot } from "../../../local/paths";
import { javaEnvironment } from "../../../local/setup/java";
import { pythonEnvironment } from "../../../local/setup/python";
import { sparkJars } from "../../../local/setup/sparkJars";
import { freePort } from "../../freePort";
import type { Answer, Request } from "./commands";
import { FaultProxy } from "./faultProxy";
import { type Ended, local } from "./localCommand";

/** A local platform of a test's own, whose clients, jobs and crawls all come through a proxy. */
export class FaultyPlatform {
  private commands: ChildProcess | undefined;

  private constructor(
    readonly folder: string,
    readonly proxy: FaultProxy,
    private readonly emulator: ChildProcess,
  ) {}

  static async start(): Promise<FaultyPlatform> {
    const python = await pythonEnvironment();
    const java = await javaEnvironment();
    const jars = await sparkJars(python, java);
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "glue-etl-faults-"));
    const port = await freePort();
    const proxy = await FaultProxy.start(`http://127.0.0.1:${port}`);
    const log = fs.openSync(path.join(folder, "emulator.log"), "a");
    const emulator = spawn(
      python,
      [
        ...["-m", "emulator", "--port", `${port}`, "--endpoint", proxy.endpoint],
        ...["--state-dir", path.join(folder, "emulator")],
      ],
      {
        cwd: projectRoot,
        env: {
          ...process.env,
          ...java,
          SPARK_JARS_DIR: jars,
          PYTHONPATH: path.join(projectRoot, "local"),
        },
        stdio: ["ignore", log, log],
        detached: true,
      },
    );
    fs.closeSync(log);
    const platform = new FaultyPlatform(folder, proxy, emulator);
    try {
      await platform.untilItAnswers();
    } catch (error) {
      await platform.stop();
      throw error;
    }
    const record = { pid: emulator.pid, port, endpoint: proxy.endpoint, kept: true };
    fs.writeFileSync(path.join(folder, "platform.json"), JSON.stringify(record));
    return platform;
  }

  /** Runs `npm run local -- …` on the platform. */
  local(...args: string[]): Promise<Ended> {
    return local(this.folder, ...args);
  }

  /** Runs one of the local commands without starting Node for it. @throws Error with its message. */
  async ask(request: Request): Promise<unknown> {
    this.commands ??= fork(path.join(__dirname, "commands.ts"), {
      execArgv: ["-r", "ts-node/register/transpile-only"],
      cwd: projectRoot,
      env: this.environment,
      silent: true,
    });
    this.commands.send(request);
    const [answer] = (await once(this.commands, "message")) as [Answer];
    if ("error" in answer) throw new Error(answer.error);
    return answer.value;
  }

  /** The rows of a query, as Athena writes values. */
  async query(sql: string): Promise<(string | null)[][]> {
    return ((await this.ask({ command: "query", sql })) as QueryResult).rows;
  }

  async stop(): Promise<void> {
    this.commands?.kill();
    if (this.emulator.exitCode === null && this.emulator.pid !== undefined) {
      const ended = once(this.emulator, "exit");
      process.kill(-this.emulator.pid, "SIGTERM");
      await Promise.race([ended, sleep(15_000, undefined, { ref: false })]);
      if (this.emulator.exitCode === null) process.kill(-this.emulator.pid, "SIGKILL");
    }
    await this.proxy.close();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private get environment(): NodeJS.ProcessEnv {
    return { ...process.env, GLUE_ETL_LOCAL: this.folder };
  }

  private async untilItAnswers(): Promise<void> {
    for (let waited = 0; waited < 60_000 && this.emulator.exitCode === null; waited += 200) {
      const health = await fetch(`${this.proxy.endpoint}/_ministack/health`).catch(() => undefined);
      if (health?.ok) return;
      await sleep(200);
    }
    const log = fs.readFileSync(path.join(this.folder, "emulator.log"), "utf8");
    throw new Error(`the emulator did not start:\n${log.slice(-2000)}`);
  }
}
