import * as fs from "node:fs";
import * as path from "node:path";
import { UserError } from "./errors";
import { stateDir } from "./paths";

const fullBelow = 16 * 1024 * 1024;
const elsewhere = "or set GLUE_ETL_LOCAL to a folder elsewhere";

/** Makes the folder of all state. @throws UserError if nothing can be written there. */
export function prepareStateDir(): void {
  const probe = path.join(stateDir, ".probe");
  try {
    // With `recursive`, Node 20 says ENOENT where the file system is read-only.
    if (!fs.existsSync(stateDir)) fs.mkdirSync(stateDir);
    fs.writeFileSync(probe, "probe");
    fs.rmSync(probe);
  } catch (error) {
    throw new UserError(adviceOn(error) ?? String(error));
  }
}

/**
 * What to do about an error of the file system, wherever it came from; undefined if it is none.
 * @param error of Node, or of a process that has told it in words of its own.
 */
export function adviceOn(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOSPC" || code === "EDQUOT" || isFull()) {
    return `The disk of ${stateDir} is full: make room there, ${elsewhere}. The same command then works.`;
  }
  if (code === "EROFS" || code === "EACCES" || code === "EPERM" || code === "ENOENT") {
    return `${stateDir} can't be written (${(error as Error).message}): make it writable for this user, ${elsewhere}.`;
  }
  return undefined;
}

function isFull(): boolean {
  try {
    const { bavail, bsize } = fs.statfsSync(stateDir);
    return bavail * bsize < fullBelow;
  } catch {
    return false;
  }
}

/**
 * The JSON of a file of the state; undefined if there is none.
 * @throws UserError that names the file if it's broken.
 */
export function readState(file: string, fix: string): unknown {
  if (!fs.existsSync(file)) return undefined;
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch (error) {
    throw new UserError(`${file} can't be read (${String(error)}): ${fix}`);
  }
}
