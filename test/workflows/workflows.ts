import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const folder = path.resolve(__dirname, "../../.github/workflows");

const permissions = z.record(z.string(), z.enum(["read", "write", "none"]));

const step = z.object({
  name: z.string().optional(),
  if: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
});

const job = z.object({
  if: z.string().optional(),
  needs: z.string().optional(),
  uses: z.string().optional(),
  permissions,
  environment: z.string().optional(),
  concurrency: z.object({ group: z.string(), "cancel-in-progress": z.boolean() }).optional(),
  env: z.record(z.string(), z.string()).optional(),
  steps: z.array(step).default([]),
});

const workflow = z.object({
  on: z.unknown(),
  permissions,
  concurrency: z.object({ group: z.string() }).optional(),
  jobs: z.record(z.string(), job),
});

export type Step = z.infer<typeof step>;
export type Job = z.infer<typeof job>;
export type Workflow = z.infer<typeof workflow>;

/** Names of the workflow files. */
export function workflowNames(): string[] {
  return fs.readdirSync(folder).sort();
}

export function workflowFile(name: string): string {
  return path.join(folder, name);
}

/** @throws Error where it has no permissions of its own, at the top and in each job. */
export function readWorkflow(name: string): Workflow {
  return workflow.parse(parse(fs.readFileSync(workflowFile(name), "utf8")));
}

/** A job of a workflow, which must be there. */
export function readJob(name: string, id: string): Job {
  const found = readWorkflow(name).jobs[id];
  if (!found) throw new Error(`${name} has no job ${id}`);
  return found;
}
