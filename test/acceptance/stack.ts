import {
  CommandError,
  Deployment,
  EngineEvent,
  LocalWorkspace,
  Stack,
  StepEventMetadata,
} from "@pulumi/pulumi/automation";
import * as fs from "node:fs";
import * as path from "node:path";
import { z } from "zod";
import { UserError } from "../../local/errors";
import { interrupt } from "../../local/interrupt";
import { run } from "../../local/setup/processes";
import { folderOf } from "./records";
import { StackSettings, stackName, writeConfig } from "./stackConfig";
import type { Target } from "./target";

const root = path.resolve(__dirname, "../..");
const policyPack = path.join(root, "policies");

/** What `index.ts` exports. */
const outputs = z.object({
  workflowName: z.string(),
  jobName: z.string(),
  sourcePaths: z.record(z.string(), z.string()),
  curatedPath: z.string(),
  databaseName: z.string(),
  tableName: z.string(),
  quarantineTableName: z.string(),
  workGroupName: z.string(),
  failureTopicArn: z.string(),
});

export type Outputs = z.infer<typeof outputs>;

/** A resource as the engine's state has it. */
const resource = z.object({ urn: z.string(), type: z.string(), id: z.string().optional() });
const deployment = z.looseObject({
  resources: z.array(resource).default([]),
  pending_operations: z.array(z.unknown()).optional(),
});

/** The throw-away stack: the very program, on the engine and with the provider of its target. */
export class ThrowAwayStack {
  private constructor(
    private readonly stack: Stack,
    private readonly workDir: string,
    private readonly settings: StackSettings,
    private readonly target: Target,
    private readonly environment: Record<string, string>,
  ) {}

  /** Its state is a file in the run's folder: the user's backend isn't touched. */
  static async open(settings: StackSettings, target: Target): Promise<ThrowAwayStack> {
    const folder = folderOf(settings.id);
    const workDir = path.join(folder, "work");
    const state = path.join(folder, "state");
    for (const each of [workDir, state]) fs.mkdirSync(each, { recursive: true });
    fs.copyFileSync(path.join(root, "Pulumi.yaml"), path.join(workDir, "Pulumi.yaml"));
    writeConfig(workDir, settings);
    const environment = {
      ...target.environment,
      ...(target.home === undefined ? {} : { PULUMI_HOME: target.home }),
      PULUMI_BACKEND_URL: `file://${state}?metadata=skip`,
      PULUMI_CONFIG_PASSPHRASE_FILE: path.join(folder, "passphrase"),
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName: stackName(settings.id), projectName: "glue-etl", program },
      { workDir, pulumiCommand: target.pulumi, envVars: environment },
    );
    return new ThrowAwayStack(stack, workDir, settings, target, environment);
  }

  /** How many resources of each type a deployment would make. */
  async preview(): Promise<Map<string, number>> {
    const types: string[] = [];
    await this.operation("preview", (options) =>
      this.stack.preview({
        ...options,
        ...policies,
        onEvent: ({ resourcePreEvent }) => {
          const { op, type = "" } = resourcePreEvent?.metadata ?? {};
          if (op === "create" && type.startsWith("aws:")) types.push(type);
        },
      }),
    );
    return countsOf(types);
  }

  /**
   * Deploys it.
   * @param note takes how far it is.
   * @returns how many resources of each type there are.
   */
  async up(
    note: (text: string) => void,
    changed: Partial<StackSettings> = {},
  ): Promise<Map<string, number>> {
    writeConfig(this.workDir, { ...this.settings, ...changed });
    await this.operation("deployment", (options) =>
      this.stack.up({ ...options, ...policies, onEvent: progress("made", note) }),
    );
    return countsOf((await this.resources()).map(({ type }) => type));
  }

  async outputs(): Promise<Outputs> {
    const all = Object.entries(await this.stack.outputs());
    return outputs.parse(Object.fromEntries(all.map(([key, { value }]) => [key, value])));
  }

  /** What AWS has otherwise than the state says, a line each. */
  async drift(): Promise<string[]> {
    const found = new Differences();
    await this.operation("refresh", (options) =>
      this.stack.previewRefresh({ ...options, onEvent: found.take }),
    );
    return found.lines;
  }

  /** What a deployment would change now, a line each. */
  async differences(): Promise<string[]> {
    const found = new Differences();
    await this.operation("preview", (options) =>
      this.stack.preview({ ...options, ...policies, onEvent: found.take }),
    );
    return found.lines;
  }

  /**
   * Asks the CLI alone, with its own language host, for a preview in the project's folder.
   * @throws UserError that has what it said, unless it sees no change.
   */
  async plainPreview(): Promise<void> {
    await run(
      this.target.pulumi.command,
      [
        ...["--cwd", root, "preview", "--stack", this.stack.name, "--non-interactive"],
        ...["--config-file", path.join(this.workDir, `Pulumi.${this.stack.name}.yaml`)],
        ...["--policy-pack", policyPack, "--expect-no-changes", "--color", "never"],
      ],
      { env: { ...process.env, ...this.environment } },
    );
  }

  /** Deletes all that the state knows of. What a kill has left locked or half-done is no hindrance. */
  async destroy(note: (text: string) => void): Promise<void> {
    await this.stack.cancel().catch(ignoreNothingToCancel);
    const exported = await this.stack.exportStack();
    const { pending_operations: pending = [] } = deployment.parse(exported.deployment ?? {});
    if (pending.length > 0) await this.stack.importStack(withoutPending(exported));
    await this.operation("destruction", (options) =>
      this.stack.destroy({ ...options, onEvent: progress("deleted", note) }),
    );
  }

  /** The AWS resources that the state has. */
  async resources(): Promise<z.infer<typeof resource>[]> {
    const exported = await this.stack.exportStack();
    return deployment
      .parse(exported.deployment ?? {})
      .resources.filter(({ type }) => type.startsWith("aws:"));
  }

  private async operation<T>(
    what: string,
    work: (options: ReturnType<typeof quietly>) => Promise<T>,
  ): Promise<T> {
    if (interrupt.aborted) throw new UserError("Interrupted.");
    const said: string[] = [];
    try {
      return await work(quietly(said));
    } catch (error) {
      if (interrupt.aborted) throw new UserError("Interrupted.");
      if (!(error instanceof CommandError)) throw error;
      throw new Error(`the ${what} failed:\n${problemsIn(said.join(""))}`, { cause: error });
    }
  }
}

const policies = { policyPacks: [policyPack] };

function quietly(said: string[]) {
  const take = (text: string) => void said.push(text);
  return {
    onOutput: take,
    onError: take,
    color: "never" as const,
    suppressProgress: true,
    signal: interrupt,
  };
}

/** Tells every ten resources that are done. */
function progress(done: string, note: (text: string) => void) {
  let count = 0;
  return ({ resOutputsEvent }: EngineEvent): void => {
    if (!resOutputsEvent?.metadata.type.startsWith("aws:")) return;
    if (resOutputsEvent.metadata.op === "same") return;
    count += 1;
    if (count % 10 === 0) note(`${count} resources ${done}`);
  };
}

/** The program makes its resources as it's read, so each operation reads it anew. */
async function program(): Promise<Record<string, unknown>> {
  Reflect.deleteProperty(require.cache, require.resolve("../../index"));
  return { ...(await import("../../index")) };
}

/** Changes of resources by the engine's events, each once. */
class Differences {
  readonly lines: string[] = [];

  readonly take = ({ resourcePreEvent, resOutputsEvent }: EngineEvent): void => {
    for (const event of [resourcePreEvent, resOutputsEvent]) {
      if (event) this.add(event.metadata);
    }
  };

  private add({ op, urn, type, diffs, detailedDiff }: StepEventMetadata): void {
    if (["same", "refresh", "read"].includes(op)) return;
    const fields = Object.keys(detailedDiff ?? {});
    const which = fields.length > 0 ? fields : (diffs ?? []);
    const line = `${op} ${type} ${urn.split("::").at(-1)}${which.length > 0 ? `: ${which.join(", ")}` : ""}`;
    if (!this.lines.includes(line)) this.lines.push(line);
  }
}

/** What the engine tells of errors and of refusing policies, or the end of all that it told. */
function problemsIn(output: string): string {
  const lines = output.split("\n").filter((line) => /error|mandatory/i.test(line));
  const told = lines.length > 0 ? lines : output.trimEnd().split("\n");
  return [...new Set(told.map((line) => line.trim()))].slice(-15).join("\n");
}

function countsOf(types: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const type of types.sort()) counts.set(type, (counts.get(type) ?? 0) + 1);
  return counts;
}

/** What was begun isn't known to the state, and is found by its name. */
function withoutPending(exported: Deployment): Deployment {
  return { ...exported, deployment: { ...exported.deployment, pending_operations: [] } };
}

function ignoreNothingToCancel(error: unknown): void {
  if (!(error instanceof CommandError)) throw error;
}
