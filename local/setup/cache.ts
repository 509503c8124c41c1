import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import lockfile from "proper-lockfile";
import { step } from "../progress";

/** The user's cache folder of this project: tools that are installed once for all clones. */
export const cacheDir = path.join(
  process.env["XDG_CACHE_HOME"] ??
    (process.platform === "darwin"
      ? path.join(os.homedir(), "Library", "Caches")
      : path.join(os.homedir(), ".cache")),
  "glue-etl",
);

/**
 * Installs something once a user and version, by one process at a time. What a kill left half-done
 * has no mark of completion, and is made anew.
 * @param key folder below the cache; it must carry the version.
 * @returns the folder.
 */
export async function installOnce(
  key: string,
  title: string,
  install: (folder: string, note: (text: string) => void) => Promise<void>,
): Promise<string> {
  const folder = path.join(cacheDir, key);
  const mark = path.join(folder, ".complete");
  if (fs.existsSync(mark)) return folder;
  fs.mkdirSync(cacheDir, { recursive: true });
  return step(title, async (note) => {
    const release = await lockfile.lock(cacheDir, {
      lockfilePath: path.join(cacheDir, `${key}.lock`),
      stale: 20_000,
      retries: { forever: true, minTimeout: 500, maxTimeout: 2000 },
    });
    try {
      if (!fs.existsSync(mark)) {
        fs.rmSync(folder, { recursive: true, force: true });
        fs.mkdirSync(folder, { recursive: true });
        await install(folder, note);
        fs.writeFileSync(mark, "");
      }
    } finally {
      await release();
    }
    return folder;
  });
}
