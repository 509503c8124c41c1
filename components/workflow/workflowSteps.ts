import * as pulumi from "@pulumi/pulumi";
import { ArgumentError } from "../checks/arguments";
import { CrawledSource } from "../crawledSource";
import { managedArguments } from "../job/jobDefaults";
import { PartitionedEtlJob } from "../partitionedEtlJob";
import { FailureStep, WorkflowStep } from "./workflowArguments";

/** How a step stands in its workflow; see {@link WorkflowStep}. */
export interface StepOptions {
  triggerName?: string;
  waitFor?: "ALL" | "ANY";
}

/** How a job's step stands in its workflow; see {@link WorkflowStep}. */
export interface JobStepOptions extends StepOptions {
  arguments?: Record<string, pulumi.Input<string>>;
  timeoutMinutes?: number;
}

/** The step that crawls a source. */
export function crawlStep(source: CrawledSource, options: StepOptions = {}): WorkflowStep {
  return { crawlerName: source.crawlerName, ...options };
}

/** The step that runs a job. */
export function jobStep(
  job: PartitionedEtlJob,
  { arguments: jobArguments, ...options }: JobStepOptions = {},
): WorkflowStep {
  const managed = managedArguments.find((name) => name in (jobArguments ?? {}));
  if (managed !== undefined) {
    const fix = "Set it in the arguments of PartitionedEtlJob";
    throw new ArgumentError("jobStep", "arguments", `has ${managed}, which the job sets`, fix);
  }
  return { jobName: job.jobName, jobArguments, ...options };
}

/** Runs a step where the crawl of any of these sources, or the run of any of these jobs, fails. */
export function onFailure(
  of: (CrawledSource | PartitionedEtlJob)[],
  { waitFor, ...run }: WorkflowStep,
): FailureStep {
  if (waitFor !== undefined) {
    throw new ArgumentError("onFailure", "waitFor", "is set", "Leave it out: any failure counts");
  }
  return {
    ...run,
    failedCrawlerNames: of.flatMap((one) => (one instanceof CrawledSource ? one.crawlerName : [])),
    failedJobNames: of.flatMap((one) => (one instanceof PartitionedEtlJob ? one.jobName : [])),
  };
}
