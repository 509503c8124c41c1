import { GetWorkflowRunsCommand, WorkflowRun } from "@aws-sdk/client-glue";
import { Clients } from "../../aws";
import { RunReport } from "../../runs/counts";
import { RunPage } from "../model";

/** How many earlier runs are looked at: failed ones leave no report. */
const lookedAt = 10;

/** The newest run before that left a report. */
export async function reportBefore(
  glue: Clients["glue"],
  run: WorkflowRun,
  reportOf: (run: WorkflowRun) => Promise<RunReport | undefined>,
): Promise<RunPage["before"]> {
  const { Runs = [] } = await glue.send(
    new GetWorkflowRunsCommand({ Name: run.Name, IncludeGraph: true, MaxResults: 50 }),
  );
  const earlier = Runs.filter(({ StartedOn }) => Number(StartedOn) < Number(run.StartedOn))
    .sort((one, other) => Number(other.StartedOn) - Number(one.StartedOn))
    .slice(0, lookedAt);
  for (const candidate of earlier) {
    const job = await reportOf(candidate);
    if (job) return { runId: candidate.WorkflowRunId ?? "", job };
  }
  return undefined;
}
