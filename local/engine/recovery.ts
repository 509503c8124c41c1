import { Stack } from "@pulumi/pulumi/automation";
import * as fs from "node:fs";
import * as path from "node:path";
import { engineStateDir } from "./stack";
import { say } from "../progress";

interface PendingOperation {
  type: string;
  resource: { urn: string };
}

/**
 * Makes a stack usable that a kill left locked or half-deployed. The caller holds this project's
 * own lock, so any lock of the engine is of a process that is gone.
 */
export async function recover(stack: Stack): Promise<void> {
  if (isLocked(engineStateDir)) {
    await stack.cancel();
    say("An earlier engine run was cut off: its lock is removed.");
  }
  const { deployment } = await stack.exportStack();
  const pending: PendingOperation[] = deployment?.pending_operations ?? [];
  if (pending.length === 0) return;
  say(`An earlier deployment was cut off in ${pending.length} operations: refreshing the state.`);
  await stack.refresh({ clearPendingCreates: true });
}

function isLocked(folder: string): boolean {
  const locks = path.join(folder, ".pulumi", "locks");
  return (
    fs.existsSync(locks) &&
    fs
      .readdirSync(locks, { recursive: true, encoding: "utf8" })
      .some((name) => name.endsWith(".json"))
  );
}
