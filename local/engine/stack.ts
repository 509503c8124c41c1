import { LocalWorkspace, PulumiCommand, Stack } from "@pulumi/pulumi/automation";
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { projectRoot, stateDir } from "../paths";

/** The stack that the local platform runs, and its config file, `Pulumi.local.yaml`. */
export const stackName = "local";

const engineDir = path.join(stateDir, "pulumi");

/** The file backend that holds the stack's state. */
export const engineStateDir = path.join(engineDir, "state");

/** The engine's own settings and plugins. */
export const engineHome = path.join(engineDir, "home");

/**
 * Opens the stack `local` of the project: state in a file backend, config read from the project's
 * own files, everything that the engine writes kept out of the repository.
 * @param providerPort where the local `aws` provider listens.
 */
export async function openStack(pulumi: PulumiCommand, providerPort: number): Promise<Stack> {
  const workDir = path.join(engineDir, "work");
  for (const folder of [workDir, engineStateDir, engineHome]) {
    fs.mkdirSync(folder, { recursive: true });
  }
  copyConfig(workDir);
  return LocalWorkspace.createOrSelectStack(
    {
      stackName,
      projectName: "glue-etl",
      // The program is read as late as this, since it asks for the stack's config when it's read.
      program: async () => ({ ...(await import("../../index")) }),
    },
    {
      workDir,
      pulumiCommand: pulumi,
      pulumiHome: engineHome,
      envVars: {
        PULUMI_BACKEND_URL: `file://${engineStateDir}`,
        PULUMI_CONFIG_PASSPHRASE: passphrase(),
        PULUMI_DEBUG_PROVIDERS: `aws:${providerPort}`,
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        PATH: `${path.join(__dirname, "bin")}${path.delimiter}${process.env["PATH"] ?? ""}`,
      },
    },
  );
}

/** The engine writes the salt of the secrets into the config file, so it gets copies. */
function copyConfig(workDir: string): void {
  fs.copyFileSync(path.join(projectRoot, "Pulumi.yaml"), path.join(workDir, "Pulumi.yaml"));
  const file = `Pulumi.${stackName}.yaml`;
  const saltFile = path.join(workDir, file);
  const salt = fs.existsSync(saltFile)
    ? fs.readFileSync(saltFile, "utf8").match(/^encryptionsalt: .*$/m)?.[0]
    : undefined;
  const config = fs.readFileSync(path.join(projectRoot, file), "utf8");
  fs.writeFileSync(saltFile, salt ? `${salt}\n${config}` : config);
}

/** Made once and kept beside the state that it protects. */
function passphrase(): string {
  const file = path.join(engineDir, "passphrase");
  if (!fs.existsSync(file))
    fs.writeFileSync(file, randomBytes(24).toString("hex"), { mode: 0o600 });
  return fs.readFileSync(file, "utf8");
}
