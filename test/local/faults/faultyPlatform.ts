import { ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { QueryResult } from "../../../local/athena";
import { projectRoot } from "../../../local/paths";
import { glueLibraries } from "../../../local/setup/glueLibraries";
import { javaEnvironment } from "../../../local/setup/java";
import { pythonEnvironment } from "../../../local/setup/python";
import { sparkJars } from "../../../local/setup/sparkJars";
import { freePort } from "../../freePort";
import { Emulator } from "../provider/emulator";
import type { Answer, Request } from "./commands";
import { FaultProxy } from "./faultProxy";
import { type Ended, local } from "./localCommand";

/** A local platform of a test's own, whose clients, jobs and crawls all come through a proxy. */
export class FaultyPlatform {
  private commands: ChildProcess | undefined;

  private constructor(
    readonly folder: string,
    readonly proxy: FaultProxy,
    private readonly emulator: Emulator,
  ) {}

  static async start(): Promise<FaultyPlatform> {
    const python = await pythonEnvironment();
    const java = await javaEnvironment();
    const jars = await sparkJars(python, java);
    const port = await freePort();
    const proxy = await FaultProxy.start(`http://127.0.0.1:${port}`);
    const env = { ...java, ...(await glueLibraries()), SPARK_JARS_DIR: jars };
    const emulator = await Emulator.start({ port, endpoint: proxy.endpoint, env }).catch(
      async (error: unknown) => {
        await proxy.close();
        throw error;
      },
    );
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "glue-etl-faults-"));
    const platform = new FaultyPlatform(folder, proxy, emulator);
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
    await this.emulator.stop();
    await this.proxy.close();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private get environment(): NodeJS.ProcessEnv {
    return { ...process.env, GLUE_ETL_LOCAL: this.folder };
  }
}
