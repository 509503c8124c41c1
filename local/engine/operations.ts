import { CommandError, EngineEvent, OpMap, Stack } from "@pulumi/pulumi/automation";
import * as fs from "node:fs";
import * as path from "node:path";
import lockfile from "proper-lockfile";
import { UserError } from "../errors";
import { interrupt } from "../interrupt";
import { projectRoot, stateDir } from "../paths";
import { credentials, Platform, region, savePlatform } from "../platform";
import { startProvider } from "../provider";
import { pulumiCli } from "../setup/pulumiCli";
import { forgetOutputs, saveOutputs } from "./outputs";
import { recover, restoreState } from "./recovery";
import { engineStateDir, openStack } from "./stack";
import { localStack } from "./stackNames";

/** A severity that the Automation API's types don't know. */
const debug: string = "debug";
const policyPack = path.join(projectRoot, "policies");

/** Where an operation's own account of itself goes. */
export type Output = (text: string) => void;

/** Deploys the stack. @returns how many resources it changed. */
export async function deploy(platform: Platform, onOutput: Output): Promise<number> {
  return withStack(platform, localStack, "deploy", async (stack) => {
    const result = await stack.up({ ...common(onOutput), ...policies(localStack) });
    saveOutputs(result.outputs);
    await savePlatform(platform);
    return changesIn(result.summary.resourceChanges);
  });
}

/**
 * Shows what a deployment would change. Of a stack that isn't the local one nothing is deployed
 * here, so all of its resources are new.
 * @param onEvent gets the engine's events, also those of a preview that fails, but not what it
 * writes for its own debugging: that holds values of properties.
 */
export async function preview(
  platform: Platform,
  name: string,
  onOutput: Output,
  onEvent: (event: EngineEvent) => void,
): Promise<void> {
  await withStack(platform, name, "preview", (stack) =>
    stack.preview({
      ...common(onOutput),
      ...policies(name),
      diff: name === localStack,
      onEvent: (event) => {
        if (!isDebugging(event)) onEvent(event);
      },
    }),
  );
}

/** Reads what is there into the state. @returns how many resources had drifted. */
export async function refresh(platform: Platform, onOutput: Output): Promise<number> {
  return withStack(platform, localStack, "refresh", async (stack) => {
    const result = await stack.refresh({ ...common(onOutput) });
    return changesIn(result.summary.resourceChanges);
  });
}

/** Deletes all that the stack made. */
export async function destroy(platform: Platform, onOutput: Output): Promise<void> {
  await withStack(platform, localStack, "destroy", async (stack) => {
    await stack.destroy({ ...common(onOutput) });
    forgetOutputs();
    await savePlatform(platform);
  });
}

function common(onOutput: Output) {
  return { onOutput, onError: onOutput, color: "auto" as const, signal: interrupt };
}

/** The engine's debugging, and its warning that the policy host of this project is used. */
function isDebugging({ diagnosticEvent }: EngineEvent): boolean {
  const { severity = "", message = "" } = diagnosticEvent ?? {};
  return severity === debug || message.startsWith("using pulumi-analyzer-policy-nodejs from $PATH");
}

/** The policy pack, with the stack's own settings of its rules where there are any. */
function policies(name: string) {
  const config = path.join(policyPack, "baselines", `${name}.json`);
  const policyPackConfigs = fs.existsSync(config) ? [config] : [];
  return { policyPacks: [policyPack], policyPackConfigs };
}

async function withStack<T>(
  platform: Platform,
  name: string,
  operation: string,
  work: (stack: Stack) => Promise<T>,
): Promise<T> {
  const pulumi = await pulumiCli();
  const release = await lockStack();
  const adopting = restoreState(name);
  const connection = { endpoint: platform.endpoint, region, ...credentials, adopting };
  const provider = await startProvider(connection);
  try {
    const stack = await openStack(pulumi, name, provider.port).catch(explainState);
    await recover(stack, connection).catch(explainState);
    // An operation heeds only an interrupt that comes while it's under way.
    if (interrupt.aborted) throw new UserError("Interrupted.");
    return await work(stack);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new UserError(
      interrupt.aborted ? "Interrupted." : `The ${operation} of ${name} failed, see above.`,
    );
  } finally {
    await provider.close();
    await release();
  }
}

/** What the engine says before an operation is about its state, and was shown to nobody. */
function explainState(error: unknown): never {
  if (!(error instanceof CommandError)) throw error;
  const said = /^error: .*/m.exec(error.message)?.[0] ?? error.message;
  throw new UserError(
    `The engine can't use its state in ${engineStateDir}: ${said}\nThe state before it lies beside it, as .bak; \`npm run local -- reset\` deletes all state.`,
  );
}

/** A lock that a kill has left counts no more after ten seconds, so it's worth waiting for. */
async function lockStack(): Promise<() => Promise<void>> {
  const retries = { retries: 12, factor: 1, minTimeout: 1000 };
  try {
    return await lockfile.lock(stateDir, { stale: 10_000, update: 2000, retries });
  } catch {
    throw new UserError("Another command is changing the stack. Wait until it has ended.");
  }
}

function changesIn(changes: OpMap | undefined): number {
  return Object.entries(changes ?? {})
    .filter(([operation]) => operation !== "same")
    .reduce((sum, [, count]) => sum + (count ?? 0), 0);
}
