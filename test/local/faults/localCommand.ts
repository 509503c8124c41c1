import { ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { projectRoot } from "../../../local/paths";

/** How a command ended. */
export interface Ended {
  code: number;
  /** Standard output and errors. */
  told: string;
}

/** A command that runs. */
export interface Running {
  child: ChildProcess;
  ended: Promise<Ended>;
}

/** Starts `npm run local -- …` with its state in a folder. @param wrapper a program that runs it. */
export function startLocal(folder: string, args: string[], wrapper: string[] = []): Running {
  const command = [...wrapper, "npm", "run", "--silent", "local", "--", ...args];
  const child = spawn(command[0] ?? "", command.slice(1), {
    cwd: projectRoot,
    env: { ...process.env, GLUE_ETL_LOCAL: folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let told = "";
  const hear = (chunk: Buffer) => (told += chunk.toString());
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  const ended = once(child, "close").then(([code]) => ({ code: Number(code ?? 1), told }));
  return { child, ended };
}

export function local(folder: string, ...args: string[]): Promise<Ended> {
  return startLocal(folder, args).ended;
}

/** A process and its command line. */
export interface Found {
  pid: number;
  command: string;
}

/** The processes that have a folder's name in their command line or their environment. */
export function processesOf(folder: string): Found[] {
  const lines = execFileSync("ps", ["axeww", "-o", "pid=,command="], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  }).split("\n");
  return lines
    .filter((line) => line.includes(folder))
    .map((line) => ({ pid: Number.parseInt(line, 10), command: line.trim().replace(/^\d+ /, "") }))
    .filter(({ pid, command }) => pid !== process.pid && !command.startsWith("ps axeww"));
}
