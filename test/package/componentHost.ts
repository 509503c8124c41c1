import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import * as readline from "node:readline";

const root = path.resolve(__dirname, "../..");

/** The components' package, served as the CLI serves it where a program has added it. */
export class ComponentHost {
  private constructor(
    readonly port: number,
    private readonly child: ChildProcess,
  ) {}

  /** Boots the package by the SDK's own entry; a program attaches by `PULUMI_DEBUG_PROVIDERS`. */
  static async start(): Promise<ComponentHost> {
    const folder = path.join(root, "components");
    const entry = path.join(root, "node_modules/@pulumi/pulumi/cmd/run-plugin");
    const child = spawn("node", [entry, "--pwd", folder, folder], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const errors: string[] = [];
    child.stderr.on("data", (chunk: Buffer) => errors.push(chunk.toString()));
    const line = once(readline.createInterface(child.stdout), "line");
    const ended = once(child, "exit").then(([code]) => {
      throw new Error(`the host of the components ended with ${String(code)}: ${errors.join("")}`);
    });
    const [port]: unknown[] = await Promise.race([line, ended]);
    ended.catch(() => undefined);
    return new ComponentHost(Number(port), child);
  }

  stop(): void {
    this.child.kill();
  }
}
