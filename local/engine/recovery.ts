import { Stack } from "@pulumi/pulumi/automation";
import * as fs from "node:fs";
import * as path from "node:path";
import { say } from "../progress";
import type { Connection } from "../provider/aws";
import { findCutOff } from "../provider/recovery";
import { engineStateDir } from "./stack";

interface ResourceState {
  urn: string;
  type: string;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

/** The part of an exported state that recovery works on. */
interface Checkpoint {
  resources?: ResourceState[];
  pending_operations?: { type: string; resource: ResourceState }[];
}

/**
 * Makes a stack usable that a kill left locked or half-deployed. The caller holds this project's
 * own lock, so any lock of the engine is of a process that is gone.
 */
export async function recover(stack: Stack, connection: Connection): Promise<void> {
  if (isLocked(stack.name)) {
    await stack.cancel();
    say("An earlier deployment was cut off: its lock is removed.");
  }
  const exported = await stack.exportStack();
  const checkpoint: Checkpoint = exported.deployment ?? {};
  const pending = checkpoint.pending_operations ?? [];
  if (pending.length === 0) return;
  say(`An earlier deployment was cut off in ${pending.length} operations: reading what was done.`);
  const adopted: ResourceState[] = [];
  for (const { type, resource } of pending) {
    if (type !== "creating") continue;
    const id = await findCutOff(connection, resource.type, resource.inputs ?? {});
    if (id !== undefined) adopted.push({ ...resource, id, outputs: { ...resource.inputs } });
  }
  // The CLI can be told of such resources, too, but 3.259.0 then forgets them.
  await stack.importStack({
    ...exported,
    deployment: {
      ...checkpoint,
      resources: [...(checkpoint.resources ?? []), ...adopted],
      pending_operations: [],
    },
  });
  await stack.refresh();
}

/**
 * Takes the state before where the last one is broken: the engine writes it in place, so a disk that
 * is full cuts it off. What was made since is there, but not in the state.
 * @returns whether that was so.
 */
export function restoreState(stackName: string): boolean {
  const file = path.join(engineStateDir, ".pulumi", "stacks", "glue-etl", `${stackName}.json`);
  if (!fs.existsSync(file) || isJson(file) || !isJson(`${file}.bak`)) return false;
  fs.copyFileSync(`${file}.bak`, file);
  say("The engine's state was cut off: the one before it is taken.");
  return true;
}

function isJson(file: string): boolean {
  try {
    JSON.parse(fs.readFileSync(file, "utf8"));
    return true;
  } catch {
    return false;
  }
}

function isLocked(stackName: string): boolean {
  const locks = path.join(engineStateDir, ".pulumi", "locks");
  return (
    fs.existsSync(locks) &&
    fs
      .readdirSync(locks, { recursive: true, encoding: "utf8" })
      .some((name) => name.endsWith(".json") && name.split(path.sep).includes(stackName))
  );
}
