import { JobRun, Node as GlueNode, WorkflowRun } from "@aws-sdk/client-glue";

/** The last attempt of a node's job; undefined of other nodes, and where none has started. */
export function lastJobRun(node: GlueNode | undefined): JobRun | undefined {
  return node?.JobDetails?.JobRuns?.at(-1);
}

/** The last run of a node's job, or the last crawl of its crawler; undefined of triggers. */
export function lastAttempt(node: GlueNode | undefined) {
  const jobRun = lastJobRun(node);
  const crawl = node?.CrawlerDetails?.Crawls?.at(-1);
  if (jobRun) {
    return {
      state: jobRun.JobRunState,
      started: jobRun.StartedOn,
      completed: jobRun.CompletedOn,
      error: jobRun.ErrorMessage,
    };
  }
  return (
    crawl && {
      state: crawl.State,
      started: crawl.StartedOn,
      completed: crawl.CompletedOn,
      error: crawl.ErrorMessage,
    }
  );
}

export function hasFailed({ CompletedOn, JobRunState }: JobRun): boolean {
  return CompletedOn !== undefined && JobRunState !== "SUCCEEDED";
}

/** The nodes, each behind those that it waits for. */
export function inOrder(run: WorkflowRun): GlueNode[] {
  const nodes = run.Graph?.Nodes ?? [];
  const edges = run.Graph?.Edges ?? [];
  const ordered: GlueNode[] = [];
  const visit = (node: GlueNode) => {
    if (ordered.includes(node)) return;
    for (const { SourceId } of edges.filter((edge) => edge.DestinationId === node.UniqueId)) {
      nodes.filter(({ UniqueId }) => UniqueId === SourceId).forEach(visit);
    }
    ordered.push(node);
  };
  nodes.forEach(visit);
  return ordered;
}
