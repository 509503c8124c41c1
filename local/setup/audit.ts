import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { environmentPython, pythonTool } from "./python";

/** What is known of the packages of a lock file; `undefined` where nobody answered. */
interface Audit {
  lockFile: string;
  /** `package version: id` of each known hole. */
  holes?: string[];
  problem?: string;
}

interface Ran {
  stdout: string;
  stderr: string;
}

const root = path.join(__dirname, "..", "..");

/** Asks npm's registry and PyPI for known holes in what is locked. */
async function main(): Promise<void> {
  const audits = [await auditNode(), ...(await auditPython())];
  for (const { lockFile, holes, problem } of audits) {
    if (problem !== undefined) console.log(`${lockFile}: not answered (${problem})`);
    else if (holes?.length === 0) console.log(`${lockFile}: no known holes`);
    else console.log([`${lockFile}: known holes`, ...(holes ?? [])].join("\n  "));
  }
  process.exitCode = exitCode(audits);
}

/** 1 if there are known holes, else 2 if somebody didn't answer, else 0. */
export function exitCode(audits: Audit[]): number {
  if (audits.some(({ holes = [] }) => holes.length > 0)) return 1;
  return audits.some(({ problem }) => problem !== undefined) ? 2 : 0;
}

async function auditNode(): Promise<Audit> {
  return readNpm(await run("npm", ["audit", "--json"]));
}

/** @param ran `npm audit --json` (npm's documentation, "npm-audit", "Audit Report"). */
export function readNpm({ stdout, stderr }: Ran): Audit {
  const lockFile = "package-lock.json";
  const report = json<NpmReport>(stdout);
  if (!report?.vulnerabilities) {
    const said = report?.error?.summary || report?.message || firstLine(stderr);
    return { lockFile, problem: said || "npm audit said nothing" };
  }
  const holes = Object.entries(report.vulnerabilities).map(
    ([name, { severity, range }]) => `${name} ${range}: ${severity}`,
  );
  return { lockFile, holes };
}

interface NpmReport {
  vulnerabilities?: Record<string, { severity: string; range: string }>;
  error?: { summary?: string };
  message?: string;
}

async function auditPython(): Promise<Audit[]> {
  const python = environmentPython(await pythonTool("audit", "Installing pip-audit (once)"));
  // What Glue brings is AWS's to mend.
  const files = fs
    .readdirSync(__dirname)
    .filter((name) => /^requirements(?!-glue-).*\.txt$/.test(name));
  const audits: Audit[] = [];
  for (const file of files) {
    const where = ["-r", path.join(__dirname, file), "--disable-pip", "--require-hashes"];
    const how = ["--format", "json", "--progress-spinner", "off"];
    audits.push(readPip(file, await run(python, ["-m", "pip_audit", ...where, ...how])));
  }
  return audits;
}

/** @param ran pip-audit with `--format json` (its README, "Usage"). */
export function readPip(lockFile: string, { stdout, stderr }: Ran): Audit {
  const report = json<PipReport>(stdout);
  if (!report?.dependencies) {
    return { lockFile, problem: lastLine(stderr) || "pip-audit said nothing" };
  }
  const skipped = report.dependencies.find(({ skip_reason }) => skip_reason);
  if (skipped) return { lockFile, problem: `${skipped.name}: ${skipped.skip_reason}` };
  const holes = report.dependencies.flatMap(({ name, version, vulns = [] }) =>
    vulns.map(({ id }) => `${name} ${version}: ${id}`),
  );
  return { lockFile, holes };
}

interface PipReport {
  dependencies?: {
    name: string;
    version?: string;
    vulns?: { id: string }[];
    skip_reason?: string;
  }[];
}

function json<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}

const firstLine = (text: string) => text.trim().split("\n")[0];
const lastLine = (text: string) => text.trim().split("\n").at(-1);

/** Both programs exit non-zero where there are holes, so their codes say nothing. */
function run(command: string, args: string[]): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    const ran: Ran = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk: Buffer) => (ran.stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (ran.stderr += chunk.toString()));
    child.on("error", reject);
    child.on("close", () => resolve(ran));
  });
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
