import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentChecks } from "./checks/arguments";
import { DailyWorkflowArgs, FailureStep, WorkflowStep } from "./workflow/workflowArguments";
import { checkNames, checkSteps } from "./workflow/workflowGraph";
import { notifyWorkflow, WorkflowStart, workflowStart } from "./workflow/workflowStart";

/**
 * A Glue workflow: its start, by a schedule, on demand or by new objects, then one conditional
 * trigger for each list of steps, and for each step that runs where others fail.
 *
 * ```ts
 * new DailyWorkflow("mobile-user", {
 *   workflowName: "mobile-user",
 *   steps: [[crawlStep(ios), crawlStep(android)], [jobStep(daily)], [crawlStep(curated)]],
 *   failureSteps: [onFailure([daily], jobStep(cleanUp))],
 * });
 * ```
 */
export class DailyWorkflow extends pulumi.ComponentResource {
  /** The workflow's name in Glue. */
  public readonly workflowName: pulumi.Output<string>;
  /** The triggers' names: the start, one for each further list of steps, then those of failures. */
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
        defaultRunProperties: args.defaultRunProperties,
        tags: args.tags,
      },
      { parent: this },
    );
    const triggers: aws.glue.Trigger[] = [];
    for (const { triggerName, ...trigger } of settings.triggers) {
      triggers.push(
        new aws.glue.Trigger(
          triggerName,
          { name: triggerName, workflowName: workflow.name, ...trigger, tags: args.tags },
          // In sequence: Glue refuses concurrent changes to the triggers of one workflow.
          { parent: this, dependsOn: triggers.slice(-1) },
        ),
      );
    }
    if (args.newObjects) {
      notifyWorkflow(name, workflow, args.newObjects, triggers, args, this);
    }
    this.workflowName = workflow.name;
    this.triggerNames = triggers.map((trigger) => trigger.name);
    this.registerOutputs({ workflowName: this.workflowName, triggerNames: this.triggerNames });
  }
}

function normalize(name: string, args: DailyWorkflowArgs) {
  const check = new ArgumentChecks(`DailyWorkflow "${name}"`);
  const maxConcurrentRuns = args.maxConcurrentRuns ?? 1;
  check.glueName("workflowName", args.workflowName);
  check.wholeNumber("maxConcurrentRuns", maxConcurrentRuns, 1, 1000);
  const start = workflowStart(check, args);
  checkSteps(check, args);
  const named = checkNames(check, args);
  const triggers = [...stepTriggers(args, start, named), ...failureTriggers(args)];
  const triggerNames = triggers.map(({ triggerName }) => triggerName);
  check.distinct("triggerName", triggerNames);
  triggerNames.forEach((triggerName) => check.glueName("triggerName", triggerName));
  return { maxConcurrentRuns, triggers };
}

/** @param named what the start waits for. Not the workflow, which a step of a new name would replace. */
function stepTriggers(
  { workflowName, steps: groups }: DailyWorkflowArgs,
  start: WorkflowStart,
  named: pulumi.Output<void>,
) {
  return groups.map((steps, index) => ({
    triggerName:
      steps.find((step) => step.triggerName)?.triggerName ??
      (index === 0 ? `${workflowName}-start` : `${workflowName}-step-${index + 1}`),
    actions: index === 0 ? named.apply(() => steps.map(actionOf)) : steps.map(actionOf),
    ...(index === 0
      ? start
      : conditional(
          steps.some(({ waitFor }) => waitFor === "ANY") ? "ANY" : "AND",
          (groups[index - 1] ?? []).map(({ crawlerName, jobName }) =>
            crawlerName === undefined
              ? { jobName, state: "SUCCEEDED" }
              : { crawlerName, crawlState: "SUCCEEDED" },
          ),
        )),
  }));
}

function failureTriggers({ workflowName, failureSteps = [] }: DailyWorkflowArgs) {
  return failureSteps.map((step, index) => ({
    triggerName: step.triggerName ?? `${workflowName}-failure-${index + 1}`,
    actions: [actionOf(step)],
    ...conditional("ANY", [
      ...(step.failedCrawlerNames ?? []).map((crawlerName) => ({
        crawlerName,
        crawlState: "FAILED",
      })),
      ...(step.failedJobNames ?? []).flatMap((jobName) => [
        { jobName, state: "FAILED" },
        { jobName, state: "TIMEOUT" },
      ]),
    ]),
  }));
}

function actionOf({ crawlerName, jobName, ...step }: WorkflowStep | FailureStep) {
  return { crawlerName, jobName, arguments: step.jobArguments, timeout: step.timeoutMinutes };
}

function conditional(
  logical: string,
  conditions: aws.types.input.glue.TriggerPredicateCondition[],
) {
  return {
    type: "CONDITIONAL",
    predicate: {
      logical,
      conditions: conditions.map((condition) => ({ logicalOperator: "EQUALS", ...condition })),
    },
    enabled: true,
    startOnCreation: true,
  };
}
