import { WorkflowRun } from "@aws-sdk/client-glue";
import { RunReport } from "../../runs/counts";
import { BillLine, crawls, jobMinutes, workerJob } from "../cost/glueCost";
import { kilobytesOfRecord } from "../cost/prices";

/** What the crawls and job runs of this run would have cost on AWS; no job without its report. */
export function costOf(run: WorkflowRun, job: RunReport | undefined): BillLine[] {
  const nodes = run.Graph?.Nodes ?? [];
  const count = nodes.flatMap((node) => node.CrawlerDetails?.Crawls ?? []).length;
  const records = Object.values(job?.sources ?? {}).reduce(
    (sum, { records_read }) => sum + records_read,
    0,
  );
  const megabytes = (records * kilobytesOfRecord) / 1000;
  const jobs = nodes
    .flatMap((node) => node.JobDetails?.JobRuns ?? [])
    .map(({ NumberOfWorkers = 2, WorkerType = "", ExecutionClass = "", GlueVersion = "" }) =>
      workerJob(
        {
          numberOfWorkers: NumberOfWorkers,
          workerType: WorkerType,
          executionClass: ExecutionClass,
          glueVersion: GlueVersion,
        },
        1,
        jobMinutes(NumberOfWorkers, megabytes),
      ),
    );
  return [...(count > 0 ? [crawls(count)] : []), ...jobs];
}
