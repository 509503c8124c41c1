import type { JobRun, WorkflowRun } from "@aws-sdk/client-glue";
import assert from "node:assert/strict";
import { startRun } from "../../local/commands/startRun";
import { readReport, type RunReport } from "../../local/runs/counts";
import { hasFailed, inOrder, lastAttempt } from "../../local/runs/steps";
import { days } from "./archive";
import type { Context } from "./context";
import { until } from "./target";

/** Minutes that a run may take: crawls of a minute or two each, and a job that waits for its workers. */
const longest = 40;

/** Starts a run over the archive's days and waits for its end. */
export async function runOver(
  context: Context,
  properties: Record<string, string> = days,
): Promise<WorkflowRun> {
  return endOf(context, await start(context, properties));
}

/** Starts a run. @returns its id. */
export async function start(
  { target, outputs }: Context,
  properties: Record<string, string> = days,
): Promise<string> {
  const id = await startRun(target.clients.glue, outputs().workflowName, properties);
  assert.ok(id, "StartWorkflowRun gives the run's id");
  return id;
}

/** Waits for the end of a run. */
export async function endOf(context: Context, id: string): Promise<WorkflowRun> {
  return until(
    context.target,
    `the end of the run ${id}`,
    longest,
    () => currently(context, id),
    (run) => !isRunning(run),
  );
}

/** Waits until a run's job has failed once. @returns the failed attempt. */
export async function failedAttempt(context: Context, id: string): Promise<JobRun> {
  const run = await until(
    context.target,
    `a failure of the job in the run ${id}`,
    longest,
    () => currently(context, id),
    (now) => jobRuns(now).some(hasFailed) || !isRunning(now),
  );
  const failed = jobRuns(run).find(hasFailed);
  assert.ok(failed, `the job hasn't failed in the run ${id}`);
  return failed;
}

/** A run as it is, with its graph. */
export async function currently({ target, outputs, note }: Context, RunId: string) {
  const Name = outputs().workflowName;
  const { Run } = await target.clients.glue.getWorkflowRun({ Name, RunId, IncludeGraph: true });
  assert.ok(Run, `GetWorkflowRun gives the run ${RunId}`);
  const at = inOrder(Run).flatMap((node) => {
    const attempt = lastAttempt(node);
    return attempt?.state ? [`${node.Name} ${attempt.state.toLowerCase()}`] : [];
  });
  note(at.at(-1) ?? "started");
  return Run;
}

export const isRunning = ({ Status }: WorkflowRun): boolean =>
  Status === "RUNNING" || Status === "STOPPING";

/** All attempts of the jobs of a run, in the order of their start. */
export function jobRuns(run: WorkflowRun): JobRun[] {
  return (run.Graph?.Nodes ?? [])
    .flatMap(({ JobDetails }) => JobDetails?.JobRuns ?? [])
    .sort((one, other) => Number(one.StartedOn) - Number(other.StartedOn));
}

/** The report of a run's last job run. */
export async function reportOf(context: Context, run: WorkflowRun): Promise<RunReport> {
  const { target, outputs } = context;
  return readReport(target.clients.s3, outputs().curatedPath, jobRuns(run).at(-1)?.Id);
}

/** A run's counts of actions, such as `4 succeeded, 1 failed`. */
export function statisticsOf({ Statistics = {} }: WorkflowRun): string {
  const counts = Object.entries(Statistics).filter(([, count]) => count > 0);
  return counts.map(([name, count]) => `${name} ${count}`).join(", ");
}
