import * as fs from "node:fs";
import * as path from "node:path";
import { messageOf, UserError } from "./errors";
import { stateDir } from "./paths";

const fullBelow = 16 * 1024 * 1024;
const elsewhere = "or set GLUE_ETL_LOCAL to a folder elsewhere";

/**
 * Makes the folder of all state; what this process and those that it starts write from now on is the
 * user's alone. @throws UserError if nothing can be written there.
 */
export function prepareStateDir(): void {
  const probe = path.join(stateDir, ".probe");
  try {
    process.umask(0o077);
    fs.mkdirSync(stateDir, { recursive: true });
    fs.chmodSync(stateDir, 0o700);
    fs.writeFileSync(probe, "probe");
    fs.rmSync(probe);
  } catch (error) {
    throw new UserError(isFull() ? full : readOnly(error));
  }
}

const full = `The disk of ${stateDir} is full: make room there, ${elsewhere}, and repeat the command.`;
const readOnly = (error: unknown) =>
  `${stateDir} can't be written (${messageOf(error)}): make it writable for this user, ${elsewhere}.`;

/**
 * What to do where the folder of all state is behind an error. A full disk is looked for whatever
 * the error says: the emulator, the engine and Spark have words of their own for it.
 */
export function adviceOn(error: unknown): string | undefined {
  if (isFull()) return full;
  const { code, path: file } = error as NodeJS.ErrnoException;
  const refused = code === "EROFS" || code === "EACCES" || code === "EPERM";
  return refused && file?.startsWith(stateDir) ? readOnly(error) : undefined;
}

function isFull(): boolean {
  try {
    const { bavail, bsize } = fs.statfsSync(
      fs.existsSync(stateDir) ? stateDir : path.dirname(stateDir),
    );
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
