import {
  GetWorkflowRunCommand,
  JobRun,
  Node as GlueNode,
  StopWorkflowRunCommand,
  WorkflowRun,
} from "@aws-sdk/client-glue";
import { setTimeout as sleep } from "node:timers/promises";
import { clients, Clients } from "../aws";
import { deployedOutputs } from "../engine/outputs";
import { UserError } from "../errors";
import { interrupt } from "../interrupt";
import { Platform } from "../platform";
import { say, since } from "../progress";
import { leavePage } from "../report";
import { describeCrawl, readReport, RunReport } from "../runs/counts";
import { endOfLog, JobPart, lastLines, outputOf, partsOf } from "../runs/jobLog";
import { hasFailed, inOrder, lastAttempt, lastJobRun } from "../runs/steps";
import { addTiming, timed } from "../timings";
import { startRun } from "./startRun";

/** Run properties of the workflow; received days are UTC, inclusive. */
export interface RunOptions {
  startDate?: string;
  endDate?: string;
  rebuild?: boolean;
  /** Days without a raw object are no failure. */
  allowEmpty?: boolean;
  /** Merges small files instead of reading raw objects; not together with `rebuild`. */
  compact?: boolean;
}

/** Starts the workflow, tells each step's start and end, and gives the job's own report. */
export async function runWorkflow(platform: Platform, options: RunOptions): Promise<RunReport> {
  const { glue, logs, s3 } = clients(platform);
  const { workflowName: Name, curatedPath } = deployedOutputs();
  const start = Date.now();
  const RunId = await startRun(glue, Name, runProperties(options));
  say(`Workflow ${Name}, run ${RunId}`);
  const run = await timed("Running the workflow", () => follow(glue, Name, RunId));
  const ran = since(start);
  const failures = failedNodes(run);
  if (failures.length > 0 || run.Status !== "COMPLETED") {
    await leavePage(platform, run);
    const said = await Promise.all(
      jobRuns(run)
        .filter(hasFailed)
        .map((each) => saidBy(logs, each)),
    );
    throw new UserError(
      [...said, `The run ended ${run.Status} after ${ran}.`, ...failures].join("\n"),
    );
  }
  say(`All ${run.Statistics?.TotalActions} actions succeeded in ${ran}.`);
  const [jobRun] = jobRuns(run).slice(-1);
  const report = await readReport(s3, curatedPath, jobRun?.Id);
  addStepTimings(run, jobRun ? await timesOf(logs, jobRun, report) : []);
  await leavePage(platform, run);
  return report;
}

/** The last attempt of each job. */
function jobRuns(run: WorkflowRun): JobRun[] {
  return (run.Graph?.Nodes ?? []).flatMap((node) => lastJobRun(node) ?? []);
}

/** The end of a job's log, and where all of it is. */
export async function saidBy(logs: Clients["logs"], jobRun: JobRun): Promise<string> {
  const { group, stream, lines } = await endOfLog(logs, jobRun);
  const where = `${jobRun.JobName} logs to ${group}, stream ${stream}`;
  return lines.length === 0 ? where : [`${where}. Its last lines:`, ...lines].join("\n");
}

async function timesOf(
  logs: Clients["logs"],
  jobRun: JobRun,
  report: RunReport,
): Promise<JobPart[]> {
  const work = { start: new Date(report.started_at), end: new Date(report.finished_at) };
  return partsOf(jobRun, work, await lastLines(logs, outputOf(jobRun), 1000));
}

/** The options as the workflow's run properties; what isn't set is left to the job. */
export function runProperties(options: RunOptions): Record<string, string> {
  const { startDate, endDate, rebuild, allowEmpty, compact } = options;
  return {
    ...(startDate ? { start_date: startDate } : {}),
    ...(endDate ? { end_date: endDate } : {}),
    ...(rebuild ? { rebuild: "true" } : {}),
    ...(allowEmpty ? { allow_empty: "true" } : {}),
    ...(compact ? { compact: "true" } : {}),
  };
}

/** Times of the steps below that of the workflow, and within them those of the job. */
function addStepTimings(run: WorkflowRun, job: JobPart[]): void {
  for (const node of inOrder(run)) {
    const { started, completed } = lastAttempt(node) ?? {};
    if (!started || !completed) continue;
    const seconds = (completed.getTime() - started.getTime()) / 1000;
    addTiming(`${node.Type?.toLowerCase()} ${node.Name}`, seconds, 1);
    if (node.Type === "JOB") job.forEach((part) => addTiming(part.name, part.seconds, 2));
  }
}

/** Tells the steps of a run until it has ended. */
async function follow(
  glue: Clients["glue"],
  Name: string,
  RunId: string | undefined,
): Promise<WorkflowRun> {
  const told = new Set<string>();
  for (;;) {
    const { Run } = await glue.send(new GetWorkflowRunCommand({ Name, RunId, IncludeGraph: true }));
    if (!Run) throw new UserError(`Workflow ${Name} has no run ${RunId}.`);
    const nodes = inOrder(Run);
    for (const [index, node] of nodes.entries()) {
      for (const { text, ended } of statesOf(node, Run)) {
        const key = `${node.UniqueId} ${text}`;
        if (told.has(key)) continue;
        told.add(key);
        const counts = ended ? await describeCrawl(glue, node) : "";
        say(
          `  ${index + 1}/${nodes.length} ${node.Type?.toLowerCase().padEnd(7)} ${node.Name?.padEnd(24)} ${text}${counts}`,
        );
      }
    }
    if (Run.Status !== "RUNNING" && Run.Status !== "STOPPING") return Run;
    if (interrupt.aborted) {
      await glue.send(new StopWorkflowRunCommand({ Name, RunId }));
      throw new UserError("Interrupted: the run is stopped.");
    }
    await sleep(250);
  }
}

interface NodeState {
  text: string;
  ended: boolean;
}

/**
 * What a node has been at, in order: a short crawl starts and ends between two looks. A trigger has
 * fired once something that it starts has a run.
 */
function statesOf(node: GlueNode, run: WorkflowRun): NodeState[] {
  const attempt = lastAttempt(node);
  if (node.Type === "TRIGGER") {
    const started = (run.Graph?.Edges ?? []).some(
      ({ SourceId, DestinationId }) =>
        SourceId === node.UniqueId &&
        lastAttempt(run.Graph?.Nodes?.find(({ UniqueId }) => UniqueId === DestinationId)),
    );
    return started ? [{ text: "fired", ended: false }] : [];
  }
  if (!attempt?.state) return [];
  const at = attempt.started?.toISOString().slice(11, 19);
  const running = { text: `started at ${at} UTC`, ended: false };
  if (attempt.completed === undefined) return [running];
  const seconds = (attempt.completed.getTime() - (attempt.started?.getTime() ?? 0)) / 1000;
  const text = `${attempt.state.toLowerCase()} in ${seconds.toFixed(1)} s`;
  return [running, { text, ended: true }];
}

function failedNodes(run: WorkflowRun): string[] {
  return (run.Graph?.Nodes ?? []).flatMap((node) => {
    const attempt = lastAttempt(node);
    return attempt?.completed && attempt.state !== "SUCCEEDED"
      ? [`${node.Type?.toLowerCase()} ${node.Name} ${attempt.state}: ${attempt.error ?? ""}`]
      : [];
  });
}
