import { Node as GlueNode, WorkflowRun } from "@aws-sdk/client-glue";
import { clients, Clients } from "../../aws";
import { deployedOutputs } from "../../engine/outputs";
import { messageOf } from "../../errors";
import { Platform } from "../../platform";
import { describeCrawl, readReport, RunReport } from "../../runs/counts";
import { endOfLog } from "../../runs/jobLog";
import { hasFailed, inOrder, lastAttempt, lastJobRun } from "../../runs/steps";
import { Answer, RunPage, Step } from "../model";
import { activity, events, funnel, quarantineExamples } from "./questions";
import { costOf } from "./runCost";
import { reportBefore } from "./runBefore";
import { tableChanges } from "./tableChanges";

/**
 * All that is known of a run that has ended. What can't be had is a problem of its own part: a
 * failed run has a page, too.
 * @param run with its graph.
 */
export async function collect(platform: Platform, run: WorkflowRun): Promise<RunPage> {
  const aws = clients(platform);
  const { glue, s3 } = aws;
  const { curatedPath } = deployedOutputs();
  const reportOf = (of: WorkflowRun) => reportOfRun(s3, curatedPath, of);
  const job = await reportOf(run);
  const [steps, before, quarantine, days, counts, reached, tables] = await Promise.all([
    Promise.all(inOrder(run).map((node) => stepOf(aws, run, node))),
    reportBefore(glue, run, reportOf),
    answer(() => quarantineExamples(platform, job)),
    answer(() => activity(platform)),
    answer(() => events(platform)),
    answer(() => funnel(platform)),
    answer(() => tableChanges(glue, run)),
  ]);
  return {
    workflow: run.Name ?? "",
    runId: run.WorkflowRunId ?? "",
    status: run.Status ?? "",
    startedAt: run.StartedOn ?? new Date(),
    endedAt: run.CompletedOn,
    properties: run.WorkflowRunProperties ?? {},
    steps,
    job,
    before,
    quarantine,
    activity: days,
    events: counts,
    funnel: reached,
    tables,
    cost: await answer(async () => costOf(run, job)),
  };
}

async function answer<T>(ask: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { found: await ask() };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

/** The report of the run's last job run; undefined where that has left none. */
async function reportOfRun(
  s3: Clients["s3"],
  curatedPath: string,
  run: WorkflowRun,
): Promise<RunReport | undefined> {
  const jobRuns = (run.Graph?.Nodes ?? []).flatMap((node) => node.JobDetails?.JobRuns ?? []);
  const ended = jobRuns.filter(({ JobRunState }) => JobRunState === "SUCCEEDED").at(-1);
  return ended && readReport(s3, curatedPath, ended.Id).catch(() => undefined);
}

async function stepOf({ glue, logs }: Clients, run: WorkflowRun, node: GlueNode): Promise<Step> {
  const edges = run.Graph?.Edges ?? [];
  const next = edges
    .filter(({ SourceId }) => SourceId === node.UniqueId)
    .map(({ DestinationId }) =>
      run.Graph?.Nodes?.find(({ UniqueId }) => UniqueId === DestinationId),
    )
    .flatMap((following) => lastAttempt(following)?.started ?? []);
  const attempt = lastAttempt(node);
  const fired = node.Type === "TRIGGER" && next.length > 0;
  const jobRun = lastJobRun(node);
  const firedAt = fired ? new Date(Math.min(...next.map(Number))) : undefined;
  return {
    id: node.UniqueId ?? "",
    kind: kinds[node.Type ?? "TRIGGER"],
    name: node.Name ?? "",
    state: fired ? "FIRED" : (attempt?.state ?? "NOT_STARTED"),
    startedAt: attempt?.started ?? firedAt,
    endedAt: attempt?.completed ?? firedAt,
    error: attempt?.error,
    ...(jobRun && hasFailed(jobRun) ? { log: await answer(() => endOfLog(logs, jobRun)) } : {}),
    note: (await describeCrawl(glue, node)).replace(/^: /, ""),
    after: edges
      .filter(({ DestinationId }) => DestinationId === node.UniqueId)
      .flatMap(({ SourceId }) => SourceId ?? []),
  };
}

const kinds = { TRIGGER: "trigger", CRAWLER: "crawler", JOB: "job" } as const;
