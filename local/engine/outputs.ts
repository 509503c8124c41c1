import * as fs from "node:fs";
import * as path from "node:path";
import { UserError } from "../errors";
import { stateDir } from "../paths";
import { readState } from "../stateFolder";

/** What the deployed stack exports. */
export interface StackOutputs {
  workflowName: string;
  jobName: string;
  /** Folder of raw events of each source, `s3://bucket/segment-logs/<source id>/`. */
  sourcePaths: Record<string, string>;
  /** Root of what the job writes, `s3://bucket/`. */
  curatedPath: string;
  databaseName: string;
  tableName: string;
  quarantineTableName: string;
  workGroupName: string;
}

const file = path.join(stateDir, "outputs.json");

/** Keeps the outputs of the last deployment for the commands that work on what is deployed. */
export function saveOutputs(outputs: Record<string, { value: unknown }>): void {
  const values = Object.fromEntries(
    Object.entries(outputs).map(([key, { value }]) => [key, value]),
  );
  fs.writeFileSync(file, JSON.stringify(values, undefined, 2));
}

export function forgetOutputs(): void {
  fs.rmSync(file, { force: true });
}

/** The outputs of what is deployed now. */
export function deployedOutputs(): StackOutputs {
  const outputs = lastOutputs();
  if (!outputs) throw new UserError("Nothing is deployed. Run `npm run local -- deploy` first.");
  return outputs;
}

/** The outputs of what is deployed now, undefined if nothing is. */
export function lastOutputs(): StackOutputs | undefined {
  const fix = "`npm run local -- deploy` writes it anew";
  return readState(file, fix) as StackOutputs | undefined;
}
