import { PulumiCommand } from "@pulumi/pulumi/automation";
import * as fs from "node:fs";
import * as path from "node:path";
import { SemVer } from "semver";
import { say } from "../progress";
import { installOnce } from "./cache";
import { findGo } from "./go";
import { isAtLeast, run, tryRun } from "./processes";
import * as versions from "./versions.json";

const installer = "https://get.pulumi.com";
const goModule = "github.com/pulumi/pulumi";
const version = new SemVer(versions.pulumi);

/**
 * The real Pulumi CLI: from PATH if it is new enough, else installed the official way, else, where
 * the installer can't be reached, built from its Go module.
 */
export async function pulumiCli(): Promise<PulumiCommand> {
  const onPath = (await tryRun("pulumi", ["version"]))?.trim().replace(/^v/, "");
  if (onPath && isAtLeast(onPath, versions.pulumi)) return PulumiCommand.get();
  const root = await installOnce(
    `pulumi-${versions.pulumi}`,
    `Installing the Pulumi CLI ${versions.pulumi} (once)`,
    async (folder, note) => {
      if (await isReached(installer)) {
        note("by the official installer");
        await PulumiCommand.install({ root: folder, version: version });
      } else {
        say(`  ${installer} isn't reached: building the CLI from its Go module, 4 to 9 minutes`);
        await build(folder, note);
      }
    },
  );
  return PulumiCommand.get({ root, version: version });
}

async function isReached(url: string): Promise<boolean> {
  try {
    await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(5000) });
    return true;
  } catch {
    return false;
  }
}

async function build(folder: string, note: (text: string) => void): Promise<void> {
  const go = await findGo(note);
  const sources = path.join(__dirname, "pulumi-cli");
  const target = path.join(folder, "bin", process.platform === "win32" ? "pulumi.exe" : "pulumi");
  fs.mkdirSync(path.dirname(target), { recursive: true });
  const flags = `-s -w -X ${goModule}/sdk/v3/go/common/version.Version=v${versions.pulumi}`;
  let packages = 0;
  await run(
    go,
    [
      "build",
      "-v",
      "-trimpath",
      "-mod=readonly",
      "-ldflags",
      flags,
      "-o",
      target,
      `${goModule}/pkg/v3/cmd/pulumi`,
    ],
    {
      cwd: sources,
      env: { ...process.env, GOTOOLCHAIN: "local", GOFLAGS: "" },
      onLine: (line) => {
        packages += 1;
        if (line.startsWith("go: downloading")) note("downloading modules");
        else if (packages % 50 === 0) note(`building, package ${packages}`);
      },
    },
  );
}
