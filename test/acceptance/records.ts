import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { z } from "zod";

const root = path.resolve(__dirname, "../..");

/** Where an acceptance run is at home: AWS, or the local platform in its place. */
export type Mode = "aws" | "local";

const record = z.object({
  id: z.string().regex(/^[0-9a-f]{7}$/),
  mode: z.enum(["aws", "local"]),
  region: z.string(),
  /** ISO 8601. */
  startedAt: z.string(),
  /** Number of the account that has the stack; unknown until something was made there. */
  account: z.string().optional(),
});

/** What is kept of an acceptance run from its start until nothing of it is left. */
export type RunRecord = z.infer<typeof record>;

/** The folder of all acceptance runs, which git ignores. */
const runsFolder = path.join(root, ".acceptance");

/** The folder of a run: its record, the stack's state and the passphrase of its secrets. */
export const folderOf = (id: string): string => path.join(runsFolder, id);

const recordFile = (id: string): string => path.join(folderOf(id), "run.json");

/** Begins a run. Its folder is the user's alone: state and passphrase lie there. */
export function newRecord(mode: Mode, region: string): RunRecord {
  // As long as the random part that Pulumi puts behind names, and of the same digits.
  const id = randomBytes(4).toString("hex").slice(0, 7);
  const made = { id, mode, region, startedAt: new Date().toISOString() };
  process.umask(0o077);
  fs.mkdirSync(folderOf(id), { recursive: true, mode: 0o700 });
  fs.writeFileSync(path.join(folderOf(id), "passphrase"), randomBytes(24).toString("hex"));
  writeRecord(made);
  return made;
}

/** In one step, since a kill may come at any time. */
export function writeRecord(made: RunRecord): void {
  const file = recordFile(made.id);
  fs.writeFileSync(`${file}.new`, JSON.stringify(made));
  fs.renameSync(`${file}.new`, file);
}

/** The runs of which something may be left, oldest first. */
export function leftRecords(): RunRecord[] {
  if (!fs.existsSync(runsFolder)) return [];
  return fs
    .readdirSync(runsFolder)
    .flatMap((id) => readRecord(id) ?? [])
    .sort((one, other) => one.startedAt.localeCompare(other.startedAt));
}

/** The record of a run; undefined if there is none, or what was written isn't whole. */
export function readRecord(id: string): RunRecord | undefined {
  const file = recordFile(id);
  if (!fs.existsSync(file)) return undefined;
  try {
    return record.parse(JSON.parse(fs.readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}

/** Notes that nothing is left of a run. Its folder is in use until its target is closed. */
export function forget({ id }: RunRecord): void {
  fs.rmSync(recordFile(id), { force: true });
}

/** Deletes the folder of a run that is forgotten. */
export function removeForgotten({ id }: RunRecord): void {
  if (!fs.existsSync(recordFile(id))) fs.rmSync(folderOf(id), { recursive: true, force: true });
}

/** How a run is named to its user: `b1946ac, AWS us-west-2, since 2026-03-01 10:00 UTC`. */
export function describe({ id, mode, region, startedAt }: RunRecord): string {
  const where = mode === "aws" ? `AWS ${region}` : "the local platform";
  return `${id}, ${where}, since ${startedAt.slice(0, 16).replace("T", " ")} UTC`;
}

export const howToRemove = (id: string): string => `npm run acceptance -- --destroy ${id}`;
