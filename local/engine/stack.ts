import { LocalWorkspace, PulumiCommand, Stack } from "@pulumi/pulumi/automation";
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { UserError } from "../errors";
import { projectRoot, stateDir } from "../paths";
import { readableConfig } from "./config";
import { checkStackName } from "./stackNames";

const engineDir = path.join(stateDir, "pulumi");

/** The file backend that holds the state: of the local stack; the others' is always empty. */
export const engineStateDir = path.join(engineDir, "state");

/** The engine's own settings and plugins. */
export const engineHome = path.join(engineDir, "home");

/**
 * Opens a stack of the project: state in a file backend, config read from the project's own files,
 * everything that the engine writes kept out of the repository.
 * @param providerPort where the local `aws` provider listens.
 * @throws UserError if there is no `Pulumi.<name>.yaml`.
 */
export async function openStack(
  pulumi: PulumiCommand,
  name: string,
  providerPort: number,
): Promise<Stack> {
  checkStackName(name);
  const workDir = path.join(engineDir, "work");
  for (const folder of [workDir, engineStateDir, engineHome]) {
    fs.mkdirSync(folder, { recursive: true });
  }
  copyConfig(name, workDir);
  return LocalWorkspace.createOrSelectStack(
    {
      stackName: name,
      projectName: "glue-etl",
      // The program is read as late as this, since it asks for the stack's config when it's read.
      program: async () => ({ ...(await import("../../index")) }),
    },
    {
      workDir,
      pulumiCommand: pulumi,
      pulumiHome: engineHome,
      envVars: {
        // No files of metadata beside the state: they are written in place, and where a kill has cut
        // one off, the state can't be read.
        PULUMI_BACKEND_URL: `file://${engineStateDir}?metadata=skip`,
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
function copyConfig(name: string, workDir: string): void {
  const project = fs.readFileSync(path.join(projectRoot, "Pulumi.yaml"));
  fs.writeFileSync(path.join(workDir, "Pulumi.yaml"), project);
  const file = `Pulumi.${name}.yaml`;
  const copy = path.join(workDir, file);
  const before = fs.existsSync(copy) ? fs.readFileSync(copy, "utf8") : "";
  fs.writeFileSync(
    copy,
    readableConfig(file, fs.readFileSync(path.join(projectRoot, file), "utf8"), before),
  );
}

/** Made once and kept beside the state that it protects. */
function passphrase(): string {
  const file = path.join(engineDir, "passphrase");
  if (!fs.existsSync(file)) {
    if (fs.existsSync(path.join(engineStateDir, ".pulumi", "stacks"))) {
      throw new UserError(
        `${file} is gone, and nothing else opens the state's secrets: \`npm run local -- reset\` deletes all state.`,
      );
    }
    fs.writeFileSync(file, randomBytes(24).toString("hex"), { mode: 0o600 });
  }
  return fs.readFileSync(file, "utf8");
}
