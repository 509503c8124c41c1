import { ChildProcess, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../freePort";

const root = path.dirname(path.dirname(__dirname));

/** How a command ended. */
export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Calls of one role. Allowed ones name the statement that allows them, others the resource. */
export interface Access {
  role: string;
  action: string;
  allowed: boolean;
  statement: string;
  resource: string;
  count: number;
}

/** A copy of the project that a test may change, with a local platform of its own. */
export class Project {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "glue-etl-"));
  /** What commands of the project find in their environment, besides that of the tests. */
  variables: NodeJS.ProcessEnv = {};
  private environment: NodeJS.ProcessEnv = {};
  /** What the command that runs now has written. */
  private told = "";
  /** The command that runs now. */
  private running: ChildProcess | undefined;

  constructor() {
    const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], { cwd: root });
    for (const file of files.toString().trim().split("\n")) {
      const source = path.join(root, file);
      if (!fs.existsSync(source)) continue;
      const target = path.join(this.folder, file);
      fs.mkdirSync(path.dirname(target), { recursive: true });
      fs.copyFileSync(source, target);
    }
    const packages = path.join(root, "node_modules");
    const lock = createHash("sha256").update(fs.readFileSync(path.join(root, "package-lock.json")));
    const stamp = path.join(packages, ".package-lock.sha256");
    if (!fs.existsSync(stamp) || fs.readFileSync(stamp, "utf8") !== lock.digest("hex")) {
      // `npm run local` in the copy would install them, and so empty this project's folder.
      throw new Error(
        "node_modules isn't of package-lock.json: run `npm run local -- status` first",
      );
    }
    fs.symlinkSync(packages, path.join(this.folder, "node_modules"));
  }

  /** Runs `npm run local -- …` in the copy. */
  local(...args: string[]): Promise<Ended> {
    return this.run("npm", ["run", "--silent", "local", "--", ...args], this.variables);
  }

  /** Runs what `npm run acceptance -- …` does in the copy: npm has exit codes of its own for signals. */
  acceptance(...args: string[]): Promise<Ended> {
    return this.run(process.execPath, ["test/acceptance/main.mjs", ...args], this.variables);
  }

  /** Runs it in a terminal, where `answer` is typed once `text` is shown. */
  acceptanceInTerminal(text: string, answer: string, ...args: string[]): Promise<Ended> {
    const terminal = ["test/acceptance/in_terminal.py", text, answer];
    const command = [process.execPath, "test/acceptance/main.mjs", ...args];
    return this.run("python3", [...terminal, ...command], this.variables);
  }

  /** Runs it and expects it to succeed. */
  async succeed(...args: string[]): Promise<Ended> {
    const ended = await this.local(...args);
    if (ended.code !== 0) {
      throw new Error(
        `local ${args.join(" ")}: exit ${ended.code}\n${ended.stdout}${ended.stderr}`,
      );
    }
    return ended;
  }

  /** Starts the platform on a free port and keeps it; the AWS CLI then talks to it. */
  async start(): Promise<void> {
    // The usual port would do, but projects of tests that run side by side would all choose it.
    const { stdout } = await this.succeed("start", "--port", `${await freePort()}`);
    for (const [, key, value] of stdout.matchAll(/(AWS_\w+)=(\S+)/g)) {
      if (key) this.environment[key] = value;
    }
  }

  /** Types of AWS resources that are deployed now, one entry a resource. */
  resourceTypes(): string[] {
    const state = path.join(this.folder, ".local/pulumi/state/.pulumi/stacks/glue-etl/local.json");
    const { checkpoint } = JSON.parse(fs.readFileSync(state, "utf8")) as {
      checkpoint: { latest: { resources: { type: string }[] } };
    };
    return checkpoint.latest.resources.flatMap(({ type }) =>
      type.startsWith("aws:") ? [type] : [],
    );
  }

  /** Address of the platform that `start` has started. */
  get endpoint(): string {
    return this.environment["AWS_ENDPOINT_URL"] ?? "";
  }

  /** What each role of the platform's account called, and whether it was allowed to. */
  async access(): Promise<Access[]> {
    const response = await fetch(`${this.environment["AWS_ENDPOINT_URL"]}/_local/access`);
    return (await response.json()) as Access[];
  }

  /** Runs the AWS CLI against the platform. @returns its JSON. */
  async aws(python: string, ...args: string[]): Promise<Record<string, unknown>> {
    const cli = path.join(path.dirname(python), "aws");
    // Version 1 of the CLI leaves the variable aside for SQS.
    const where = ["--endpoint-url", this.environment["AWS_ENDPOINT_URL"] ?? ""];
    const ended = await this.run(cli, [...args, ...where, "--output", "json"], this.environment);
    if (ended.code !== 0) throw new Error(`aws ${args.join(" ")}: ${ended.stderr}`);
    return ended.stdout.trim() === "" ? {} : JSON.parse(ended.stdout);
  }

  /** Runs a program against the platform, whatever it comes to. @returns what it wrote. */
  async tool(command: string, ...args: string[]): Promise<string> {
    const { stdout, stderr } = await this.run(command, args, this.environment);
    return stdout || stderr;
  }

  /** Waits until the command that runs now has written something. @throws Error if it ends without. */
  async until(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.told)) {
      if (!this.running) throw new Error(`no ${pattern} in:\n${this.told}`);
      await sleep(20);
    }
  }

  /** Kills a command, with all that it has started, once it has written something. */
  async killDuring(pattern: RegExp, ...args: string[]): Promise<string> {
    const ended = this.local(...args);
    await this.until(pattern);
    this.kill();
    const { stdout, stderr } = await ended;
    return stdout + stderr;
  }

  /** Kills the command that runs now, with all that it has started. */
  kill(): void {
    if (this.running?.pid !== undefined) process.kill(-this.running.pid, "SIGKILL");
  }

  /** Ctrl-C at the command that runs now: its whole group hears of it. */
  interrupt(): void {
    if (this.running?.pid !== undefined) process.kill(-this.running.pid, "SIGINT");
  }

  /** Processes of the project with a text in their command lines, five seconds from now at most. */
  async left(text: string): Promise<string[]> {
    for (let wait = 0; ; wait += 500) {
      const found = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" })
        .split("\n")
        .filter((line) => line.includes(this.folder) && line.includes(text));
      if (found.length === 0 || wait >= 5000) return found;
      await sleep(500);
    }
  }

  /** Kills the platform that `start` has left running. */
  killPlatform(): void {
    const record = fs.readFileSync(path.join(this.folder, ".local", "platform.json"), "utf8");
    process.kill((JSON.parse(record) as { pid: number }).pid, "SIGKILL");
  }

  /** Replaces text of a file, which must be there. */
  edit(file: string, from: string | RegExp, to: string): void {
    const target = path.join(this.folder, file);
    const before = fs.readFileSync(target, "utf8");
    const after = before.replace(from, to);
    if (after === before) throw new Error(`${file} has no ${from}`);
    fs.writeFileSync(target, after);
  }

  async remove(): Promise<void> {
    this.interrupt();
    await this.local("stop");
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private run(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<Ended> {
    return new Promise((resolve, reject) => {
      const child = spawn(command, args, {
        cwd: this.folder,
        env: { ...process.env, ...env },
        detached: true,
      });
      this.running = child;
      this.told = "";
      const ended: Ended = { code: 1, stdout: "", stderr: "" };
      child.stdout.on("data", (chunk: Buffer) => {
        ended.stdout += chunk.toString();
        this.told += chunk.toString();
      });
      child.stderr.on("data", (chunk: Buffer) => {
        ended.stderr += chunk.toString();
        this.told += chunk.toString();
      });
      child.on("error", reject);
      child.on("close", (code) => {
        if (this.running === child) this.running = undefined;
        resolve({ ...ended, code: code ?? 1 });
      });
    });
  }
}
