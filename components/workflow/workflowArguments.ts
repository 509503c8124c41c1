import * as pulumi from "@pulumi/pulumi";

/** One thing that a workflow runs: a crawler or a job, by its Glue name. */
export interface WorkflowStep {
  /** Name of the crawler. Exactly one of `crawlerName` and `jobName` is set. */
  crawlerName?: pulumi.Input<string>;
  /** Name of the job. */
  jobName?: pulumi.Input<string>;
  /** Name of the trigger that starts this step and those beside it. Default: derived. */
  triggerName?: string;
  /**
   * Whether this step and those beside it start once `ALL` of the steps before have succeeded, or
   * `ANY` of them. Default: `ALL`.
   */
  waitFor?: string;
  /** Arguments of the job's runs in this workflow, which go before those of the job. Default: none. */
  jobArguments?: Record<string, pulumi.Input<string>>;
  /**
   * Minutes after which the job's run is stopped in this workflow, 1 to 10080. Default: the job's
   * own timeout.
   */
  timeoutMinutes?: number;
}

/**
 * What runs where something fails: a job whose run ends FAILED or TIMEOUT, its retries included, or
 * a crawler whose crawl ends FAILED.
 */
export interface FailureStep {
  /** Name of the crawler to run. Exactly one of `crawlerName` and `jobName` is set. */
  crawlerName?: pulumi.Input<string>;
  /** Name of the job to run. */
  jobName?: pulumi.Input<string>;
  /** Crawlers of the workflow, any of whose failures starts the step. Default: none. */
  failedCrawlerNames?: pulumi.Input<string>[];
  /** Jobs of the workflow, any of whose failures starts the step. Default: none. */
  failedJobNames?: pulumi.Input<string>[];
  /** Name of the trigger that starts this step. Default: derived. */
  triggerName?: string;
  /** Arguments of the job's runs in this workflow, which go before those of the job. Default: none. */
  jobArguments?: Record<string, pulumi.Input<string>>;
  /**
   * Minutes after which the job's run is stopped in this workflow, 1 to 10080. Default: the job's
   * own timeout.
   */
  timeoutMinutes?: number;
}

/** Starts a workflow by new objects. */
export interface NewObjectsStart {
  /**
   * Bucket that gets the objects. It must send its events to EventBridge (S3 guide, "Enabling Amazon
   * EventBridge").
   */
  bucketName: pulumi.Input<string>;
  /** Folder of the objects in the bucket, with a final slash. */
  prefix: string;
  /** New objects that start a run, 1 to 100. Default: 100. */
  batchSize?: number;
  /** Seconds after the first new object that start a run with fewer, 1 to 900. Default: 900. */
  batchWindowSeconds?: number;
}

/** Arguments of `DailyWorkflow`. */
export interface DailyWorkflowArgs {
  /** Name of the workflow in Glue, exactly: no suffix is added. */
  workflowName: string;
  /** What the workflow is for, shown in the Glue console. */
  description?: pulumi.Input<string>;
  /**
   * When it starts, UTC, in AWS's cron dialect. Default: `cron(0 13 * * ? *)`, daily at 13:00, where
   * neither `onDemand` nor `newObjects` is set.
   */
  schedule?: string;
  /** Whether the schedule is active. Default: true. */
  scheduleEnabled?: boolean;
  /** Whether it starts only when somebody starts it. Default: false. */
  onDemand?: boolean;
  /**
   * Starts it by new objects in S3, not by a schedule. The steps must find out by themselves what is
   * new, as Glue may lose an event or take one twice (AWS Glue guide, "Starting an AWS Glue workflow
   * with an Amazon EventBridge event"). Default: not.
   */
  newObjects?: NewObjectsStart;
  /**
   * What runs. The steps of an inner list run side by side; the next list waits until all of them
   * have succeeded, or any of them with `waitFor`. Glue starts two crawlers side by side at most
   * (AWS Glue guide, "AWS Glue triggers").
   */
  steps: WorkflowStep[][];
  /** What runs where a step, or another failure step, fails. Default: nothing. */
  failureSteps?: FailureStep[];
  /** Runs at the same time, 1 or more. Default: 1. */
  maxConcurrentRuns?: number;
  /** Run properties that a run has where whoever starts it sets no others. Default: none. */
  defaultRunProperties?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Permissions boundary of the role that starts the workflow by `newObjects`. Default: none. */
  permissionsBoundaryArn?: pulumi.Input<string>;
  /** Tags of every resource that takes tags. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
