import * as fs from "node:fs";
import * as path from "node:path";
import { UserError } from "../errors";
import { stateDir } from "../paths";

/** Where the pages of runs are kept. The emulator serves this folder. */
export const reportsDir = path.join(stateDir, "reports");

const latest = "latest";
/** Ids as Glue gives them: nothing else becomes the name of a file. */
const runId = /^[\w-]{1,128}$/;

/** The file of a run's page, or of the newest run's. */
export function pageFile(id: string = latest): string {
  if (!runId.test(id)) throw new UserError(`${id} is no id of a workflow run.`);
  return path.join(reportsDir, `${id}.html`);
}

/**
 * Keeps a run's page.
 * @param isNewest whether it is the latest page, too.
 * @returns its file.
 */
export function keepPage(id: string, page: string, isNewest: boolean): string {
  fs.mkdirSync(reportsDir, { recursive: true, mode: 0o700 });
  for (const file of [pageFile(id), ...(isNewest ? [pageFile()] : [])]) {
    fs.writeFileSync(`${file}.new`, page, { mode: 0o600 });
    fs.renameSync(`${file}.new`, file);
  }
  return pageFile(id);
}
