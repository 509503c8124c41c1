import { ChildProcess, execFileSync, spawn } from "node:child_process";
import * as fs from "node:fs";
import { createServer } from "node:net";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf, UserError } from "./errors";
import { interrupt } from "./interrupt";
import { projectRoot, stateDir } from "./paths";
import { step } from "./progress";
import { prepareStateDir } from "./stateFolder";
import { glueLibraries } from "./setup/glueLibraries";
import { javaEnvironment } from "./setup/java";
import { tryRun } from "./setup/processes";
import { pythonEnvironment } from "./setup/python";
import { sparkJars } from "./setup/sparkJars";
import { timed } from "./timings";

/** The emulator process that runs now. */
export interface Platform {
  pid: number;
  port: number;
  /** `http://127.0.0.1:<port>`. */
  endpoint: string;
  /** Whether `start` asked to keep it; otherwise it ends with the command that started it. */
  kept: boolean;
}

/** The only credentials that the emulator takes as its account's root. */
export const credentials = { accessKeyId: "test", secretAccessKey: "test" };
export const region = "us-east-1";

const defaultPort = 4566;
/** The emulator's exit code where another program has its port. */
const portTaken = 98;
const recordFile = path.join(stateDir, "platform.json");
export const logFile = path.join(stateDir, "emulator.log");

/** The platform, if it runs and answers. */
export async function runningPlatform(): Promise<Platform | undefined> {
  const record = readRecord();
  if (!record || !(await isEmulator(record.pid))) return undefined;
  return (await answers(record, 15_000)) ? record : undefined;
}

/**
 * Starts the platform unless it runs, and waits until it answers.
 * @param options.port default: 4566, or another where that is taken.
 * @param options.at time (ISO 8601) at which the clock of the schedules starts; default: now.
 */
export async function startPlatform(options: {
  port?: number;
  at?: string;
  keep: boolean;
}): Promise<Platform> {
  prepareStateDir();
  const running = await runningPlatform();
  if (running) {
    if (options.at !== undefined) {
      throw new UserError(`The platform runs at ${running.endpoint}. Stop it to move its clock.`);
    }
    if (options.port !== undefined && options.port !== running.port) {
      throw new UserError(`The platform runs at ${running.endpoint}. Stop it to change its port.`);
    }
    if (options.keep && !running.kept) writeRecord({ ...running, kept: true });
    return running;
  }
  await stopPlatform();
  const python = await pythonEnvironment();
  const java = await javaEnvironment();
  const jars = await sparkJars(python, java);
  const libraries = await glueLibraries();
  return step("Starting the local platform", async () => {
    const at = options.at === undefined ? [] : ["--at", options.at];
    for (;;) {
      const port = await choosePort(options.port);
      const child = spawnEmulator(python, port, at, {
        ...java,
        ...libraries,
        SPARK_JARS_DIR: jars,
      });
      const endpoint = `http://127.0.0.1:${port}`;
      const platform = { pid: child.pid ?? 0, port, endpoint, kept: options.keep };
      writeRecord(platform);
      // Another program may have taken the port since it was chosen.
      if (await answersInTime(child, platform)) return platform;
    }
  });
}

/** Ends the platform and what it runs. @returns whether it ran. */
export async function stopPlatform(): Promise<boolean> {
  const pid = readRecord()?.pid ?? 0;
  const ran = pid > 0 && (await isEmulator(pid));
  if (ran) {
    signalGroup(pid, "SIGTERM");
    for (let waited = 0; isAlive(pid) && waited < 30_000; waited += 100) await sleep(100);
    signalGroup(pid, "SIGKILL");
  }
  fs.rmSync(recordFile, { force: true });
  return ran;
}

/** Ends, at once, a platform that isn't kept: for the last moment of an interrupted command. */
export function killTemporaryPlatform(): void {
  const record = readRecord();
  if (record && !record.kept) signalGroup(record.pid, "SIGKILL");
}

/** Saves the state of all services, so that a kill costs nothing that was deployed. */
export async function savePlatform({ endpoint }: Platform): Promise<void> {
  const response = await fetch(`${endpoint}/_local/save`, { method: "POST" });
  if (!response.ok) throw new Error(`saving the platform's state: HTTP ${response.status}`);
}

/** Something that fires by itself while the platform runs. */
export interface Upcoming {
  kind: "trigger" | "crawler";
  name: string;
  /** ISO 8601. */
  at: string;
}

/** The time that schedules go by, and what is due next, the nearest first. */
export async function scheduleOf({
  endpoint,
}: Platform): Promise<{ now: string; upcoming: Upcoming[] }> {
  const response = await fetch(`${endpoint}/_local/schedule`);
  if (!response.ok) throw new Error(`asking for the schedule: HTTP ${response.status}`);
  return (await response.json()) as { now: string; upcoming: Upcoming[] };
}

/** Runs `work` on the platform; one that was started for it ends with it. */
export async function withPlatform<T>(work: (platform: Platform) => Promise<T>): Promise<T> {
  const platform = await startPlatform({ keep: false });
  try {
    return await work(platform);
  } catch (error) {
    if (await runningPlatform()) throw error;
    throw new UserError(
      `The local platform ended unexpectedly (${messageOf(error)}). The same command starts it again. The end of ${logFile}:\n${tail(logFile)}`,
    );
  } finally {
    if (!(await runningPlatform())?.kept) {
      await timed("Stopping the local platform", stopPlatform);
    }
  }
}

/**
 * Runs `work`, which may take long, on the platform: unlike with `withPlatform`, other commands that
 * come and go meanwhile don't end it.
 */
export async function withKeptPlatform(work: (platform: Platform) => Promise<void>): Promise<void> {
  const before = await runningPlatform();
  const platform = await startPlatform({ keep: true });
  try {
    await work(platform);
  } finally {
    if (!before?.kept) await stopPlatform();
  }
}

function spawnEmulator(
  python: string,
  port: number,
  more: string[],
  env: Record<string, string>,
): ChildProcess {
  const log = fs.openSync(logFile, "a");
  const folder = path.join(stateDir, "emulator");
  const child = spawn(
    python,
    ["-m", "emulator", "--port", String(port), "--state-dir", folder, ...more],
    {
      cwd: projectRoot,
      env: { ...process.env, ...env, PYTHONPATH: path.join(projectRoot, "local") },
      stdio: ["ignore", log, log],
      detached: true,
    },
  );
  child.unref();
  fs.closeSync(log);
  return child;
}

/** @returns whether it answers; false if its port is taken. @throws UserError for all else. */
async function answersInTime(child: ChildProcess, platform: Platform): Promise<boolean> {
  let ended: string | undefined;
  child.on("error", (error) => (ended = error.message));
  child.on("exit", (code) => (ended = `exit ${code}`));
  for (let waited = 0; waited < 60_000; waited += 100) {
    if (interrupt.aborted) break;
    if (child.exitCode === portTaken) return false;
    if (ended) throw new UserError(`The emulator ended (${ended}):\n${tail(logFile)}`);
    if (await answers(platform)) return true;
    await sleep(100);
  }
  await stopPlatform();
  throw new UserError(`The emulator didn't answer at ${platform.endpoint}. Its log: ${logFile}`);
}

/** Whether this very process answers, and not another emulator that has the port now. */
async function answers({ endpoint, pid }: Platform, withinMs = 2000): Promise<boolean> {
  try {
    const answer = await fetch(`${endpoint}/_local/process`, {
      signal: AbortSignal.timeout(withinMs),
    });
    return answer.ok && (await answer.json()) === pid;
  } catch {
    return false;
  }
}

async function choosePort(asked: number | undefined): Promise<number> {
  if (await isFree(asked ?? defaultPort)) return asked ?? defaultPort;
  if (asked !== undefined) {
    throw new UserError(`Port ${asked} is taken on 127.0.0.1. Name another with --port.`);
  }
  return listenOnce(0);
}

async function isFree(port: number): Promise<boolean> {
  return listenOnce(port).then(
    () => true,
    () => false,
  );
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : port));
    });
  });
}

/** The record; one that is broken is made again from the command line of its emulator. */
function readRecord(): Platform | undefined {
  if (!fs.existsSync(recordFile)) return undefined;
  try {
    return JSON.parse(fs.readFileSync(recordFile, "utf8")) as Platform;
  } catch {
    const folder = path.join(stateDir, "emulator");
    const processes = execFileSync("ps", ["-eo", "pid=,args="], { encoding: "utf8" }).split("\n");
    const found = processes.find((each) => each.includes(" -m emulator ") && each.includes(folder));
    const [, pid, port] = /^ *(\d+) .*--port (\d+)/.exec(found ?? "") ?? [];
    if (!pid) return undefined;
    const endpoint = `http://127.0.0.1:${port}`;
    return { pid: Number(pid), port: Number(port), endpoint, kept: true };
  }
}

function writeRecord(platform: Platform): void {
  fs.writeFileSync(`${recordFile}.new`, JSON.stringify(platform));
  fs.renameSync(`${recordFile}.new`, recordFile);
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended by itself.
  }
}

/** Whether the process is an emulator, and not another that got its number since. */
async function isEmulator(pid: number): Promise<boolean> {
  const command = await tryRun("ps", ["-o", "command=", "-p", String(pid)]);
  return command?.includes("-m emulator") ?? false;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The last lines of a log. */
export function tail(file: string): string {
  return fs.readFileSync(file, "utf8").trimEnd().split("\n").slice(-15).join("\n");
}
