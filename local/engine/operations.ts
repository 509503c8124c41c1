import { CommandError, OpMap, Stack } from "@pulumi/pulumi/automation";
import * as path from "node:path";
import lockfile from "proper-lockfile";
import { UserError } from "../errors";
import { interrupt } from "../interrupt";
import { projectRoot, stateDir } from "../paths";
import { credentials, Platform, region, savePlatform } from "../platform";
import { startProvider } from "../provider";
import { pulumiCli } from "../setup/pulumiCli";
import { forgetOutputs, saveOutputs } from "./outputs";
import { recover } from "./recovery";
import { openStack } from "./stack";

const policyPacks = [path.join(projectRoot, "policies")];

/** Where an operation's own account of itself goes. */
export type Output = (text: string) => void;

/** Deploys the stack. @returns how many resources it changed. */
export async function deploy(platform: Platform, onOutput: Output): Promise<number> {
  return withStack(platform, "deploy", async (stack) => {
    const result = await stack.up({ ...common(onOutput), policyPacks });
    saveOutputs(result.outputs);
    await savePlatform(platform);
    return changesIn(result.summary.resourceChanges);
  });
}

/** Shows what a deployment would change. */
export async function preview(platform: Platform, onOutput: Output): Promise<void> {
  await withStack(platform, "preview", (stack) =>
    stack.preview({ ...common(onOutput), policyPacks, diff: true }),
  );
}

/** Reads what is there into the state. @returns how many resources had drifted. */
export async function refresh(platform: Platform, onOutput: Output): Promise<number> {
  return withStack(platform, "refresh", async (stack) => {
    const result = await stack.refresh({ ...common(onOutput) });
    return changesIn(result.summary.resourceChanges);
  });
}

/** Deletes all that the stack made. */
export async function destroy(platform: Platform, onOutput: Output): Promise<void> {
  await withStack(platform, "destroy", async (stack) => {
    await stack.destroy({ ...common(onOutput) });
    forgetOutputs();
    await savePlatform(platform);
  });
}

function common(onOutput: Output) {
  return { onOutput, onError: onOutput, color: "auto" as const, signal: interrupt };
}

async function withStack<T>(
  platform: Platform,
  operation: string,
  work: (stack: Stack) => Promise<T>,
): Promise<T> {
  const pulumi = await pulumiCli();
  const release = await lockStack();
  const connection = { endpoint: platform.endpoint, region, ...credentials };
  const provider = await startProvider(connection);
  try {
    const stack = await openStack(pulumi, provider.port);
    await recover(stack, connection);
    return await work(stack);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new UserError(interrupt.aborted ? "Interrupted." : `The ${operation} failed, see above.`);
  } finally {
    await provider.close();
    await release();
  }
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
