import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentChecks } from "./arguments";
import { CrawledSource } from "./crawledSource";
import { PartitionedEtlJob } from "./partitionedEtlJob";
import { checkSchedule } from "./schedule";

/** One thing that a workflow runs: a crawler or a job, by its Glue name. */
export interface WorkflowStep {
  /** Name of the crawler. Exactly one of `crawlerName` and `jobName` is set. */
  crawlerName?: pulumi.Input<string>;
  /** Name of the job. */
  jobName?: pulumi.Input<string>;
  /** Name of the trigger that starts this step and those beside it. Default: derived. */
  triggerName?: string;
}

/** Arguments of {@link DailyWorkflow}. */
export interface DailyWorkflowArgs {
  /** Name of the workflow in Glue, exactly: no suffix is added. */
  workflowName: string;
  /** What the workflow is for, shown in the Glue console. */
  description?: pulumi.Input<string>;
  /** When it starts, UTC, in AWS's cron dialect. Default: `cron(0 13 * * ? *)`, daily at 13:00. */
  schedule?: string;
  /** Whether the schedule is active. Default: true. */
  scheduleEnabled?: boolean;
  /**
   * What runs. The steps of an inner list run side by side; the next list waits until all of them
   * have succeeded.
   */
  steps: WorkflowStep[][];
  /** Runs at the same time, 1 or more. Default: 1. */
  maxConcurrentRuns?: number;
  /** Tags of the workflow and its triggers. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * A Glue workflow: a scheduled start, then one conditional trigger for each transition.
 *
 * ```ts
 * new DailyWorkflow("mobile-user", {
 *   workflowName: "mobile-user",
 *   steps: [[crawlStep(ios)], [jobStep(job)], [crawlStep(curated)]],
 * });
 * ```
 */
export class DailyWorkflow extends pulumi.ComponentResource {
  /** The workflow's name in Glue. */
  public readonly workflowName: pulumi.Output<string>;
  /** The triggers' names, in the order in which they fire. */
  public readonly triggerNames: pulumi.Output<string>[];

  constructor(name: string, args: DailyWorkflowArgs, opts?: pulumi.ComponentResourceOptions) {
    super("glue-etl:index:DailyWorkflow", name, {}, opts);
    const settings = normalize(name, args);
    const workflow = new aws.glue.Workflow(
      name,
      {
        name: args.workflowName,
        description: args.description,
        maxConcurrentRuns: settings.maxConcurrentRuns,
        tags: args.tags,
      },
      { parent: this },
    );
    const triggers: aws.glue.Trigger[] = [];
    args.steps.forEach((steps, index) => {
      const triggerName = settings.triggerNames[index] ?? "";
      const start = index === 0 ? scheduledStart(settings) : afterAll(args.steps[index - 1] ?? []);
      const trigger = new aws.glue.Trigger(
        triggerName,
        {
          name: triggerName,
          workflowName: workflow.name,
          actions: steps.map(({ crawlerName, jobName }) => ({ crawlerName, jobName })),
          ...start,
          tags: args.tags,
        },
        // In sequence: Glue refuses concurrent changes to the triggers of one workflow.
        { parent: this, dependsOn: triggers.slice(-1) },
      );
      triggers.push(trigger);
    });
    this.workflowName = workflow.name;
    this.triggerNames = triggers.map((trigger) => trigger.name);
    this.registerOutputs({ workflowName: this.workflowName, triggerNames: this.triggerNames });
  }
}

/** The step that crawls a source. */
export function crawlStep(source: CrawledSource, triggerName?: string): WorkflowStep {
  return { crawlerName: source.crawlerName, triggerName };
}

/** The step that runs a job. */
export function jobStep(job: PartitionedEtlJob, triggerName?: string): WorkflowStep {
  return { jobName: job.jobName, triggerName };
}

interface Settings {
  schedule: string;
  scheduleEnabled: boolean;
  maxConcurrentRuns: number;
  /** One for each list of steps. */
  triggerNames: string[];
}

function normalize(name: string, args: DailyWorkflowArgs): Settings {
  const check = new ArgumentChecks(`DailyWorkflow "${name}"`);
  const schedule = args.schedule ?? "cron(0 13 * * ? *)";
  const maxConcurrentRuns = args.maxConcurrentRuns ?? 1;
  checkSchedule(check, "schedule", schedule);
  check.wholeNumber("maxConcurrentRuns", maxConcurrentRuns, 1, 1000);
  checkSteps(check, args.steps);
  const triggerNames = args.steps.map(
    (steps, index) =>
      steps.find((step) => step.triggerName)?.triggerName ??
      (index === 0 ? `${args.workflowName}-start` : `${args.workflowName}-step-${index + 1}`),
  );
  check.distinct("steps[].triggerName", triggerNames);
  return {
    schedule,
    scheduleEnabled: args.scheduleEnabled ?? true,
    maxConcurrentRuns,
    triggerNames,
  };
}

function checkSteps(check: ArgumentChecks, groups: WorkflowStep[][]): void {
  if (groups.length === 0) {
    check.fail("steps", "is empty", "Name at least one crawler or job");
  }
  groups.forEach((steps, index) => {
    const field = `steps[${index}]`;
    if (steps.length === 0) {
      check.fail(field, "is empty", "Name at least one crawler or job in it, or leave it out");
    }
    for (const step of steps) {
      if ((step.crawlerName === undefined) === (step.jobName === undefined)) {
        check.fail(field, "has a step that isn't one thing", "Set `crawlerName` or `jobName`");
      }
    }
    const named = new Set(steps.flatMap((step) => step.triggerName ?? []));
    if (named.size > 1) {
      check.fail(field, `has ${named.size} trigger names`, "Steps side by side share one trigger");
    }
  });
  const names = groups
    .flat()
    .map((step) => step.crawlerName ?? step.jobName)
    .filter((stepName): stepName is string => typeof stepName === "string");
  if (names.length > 0) {
    check.distinct("steps", names);
  }
}

function scheduledStart({ schedule, scheduleEnabled }: Settings) {
  return {
    type: "SCHEDULED",
    schedule,
    enabled: scheduleEnabled,
    startOnCreation: scheduleEnabled,
  };
}

function afterAll(steps: WorkflowStep[]) {
  return {
    type: "CONDITIONAL",
    predicate: {
      logical: "AND",
      conditions: steps.map(({ crawlerName, jobName }) => ({
        logicalOperator: "EQUALS",
        ...(crawlerName === undefined
          ? { jobName, state: "SUCCEEDED" }
          : { crawlerName, crawlState: "SUCCEEDED" }),
      })),
    },
    enabled: true,
    startOnCreation: true,
  };
}
