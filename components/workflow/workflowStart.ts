import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentChecks } from "../checks/arguments";
import { objectEvents } from "../events/objectEvents";
import { grant, serviceRole } from "../access/roles";
import { checkSchedule } from "../checks/schedule";
import { DailyWorkflowArgs, NewObjectsStart } from "./workflowArguments";

/** What starts a workflow. */
export type WorkflowStart = ReturnType<typeof workflowStart>;

/** The one start of a workflow, with defaults. @throws ArgumentError for several, or one that can't be. */
export function workflowStart(check: ArgumentChecks, args: DailyWorkflowArgs) {
  const { onDemand, newObjects, schedule, scheduleEnabled } = args;
  const isScheduled = schedule !== undefined || scheduleEnabled !== undefined;
  const set = {
    schedule: isScheduled,
    onDemand: onDemand === true,
    newObjects: newObjects !== undefined,
  };
  const starts = Object.entries(set).flatMap(([field, isSet]) => (isSet ? [field] : []));
  if (starts.length > 1) {
    check.fail(starts.join("` and `"), "are set together", "A workflow has one start: set one");
  }
  if (onDemand) {
    // The provider starts an enabled one as soon as it's made (aws.glue.Trigger).
    return { type: "ON_DEMAND", enabled: false };
  }
  if (newObjects) {
    const { batchSize = 100, batchWindowSeconds: batchWindow = 900 } = newObjects;
    check.prefix("newObjects.prefix", newObjects.prefix);
    check.wholeNumber("newObjects.batchSize", batchSize, 1, 100);
    check.wholeNumber("newObjects.batchWindowSeconds", batchWindow, 1, 900);
    return { type: "EVENT", enabled: true, eventBatchingConditions: [{ batchSize, batchWindow }] };
  }
  const enabled = scheduleEnabled ?? true;
  const cron = schedule ?? "cron(0 13 * * ? *)";
  checkSchedule(check, "schedule", cron);
  return { type: "SCHEDULED", schedule: cron, enabled, startOnCreation: enabled };
}

/**
 * Sends a bucket's new objects to a workflow, by a role that may do nothing else.
 * @param triggers the workflow's triggers, without which Glue refuses events.
 */
export function notifyWorkflow(
  name: string,
  workflow: aws.glue.Workflow,
  newObjects: NewObjectsStart,
  triggers: aws.glue.Trigger[],
  args: DailyWorkflowArgs,
  parent: pulumi.Resource,
): void {
  const resourceName = `${name}-new-objects`;
  const rule = objectEvents(resourceName, ["Object Created"], newObjects, args.tags, parent);
  const description = `Starts the workflow ${args.workflowName} by new objects`;
  const role = serviceRole(resourceName, "events.amazonaws.com", description, args, parent);
  const policy = grant(resourceName, role, [
    { Sid: "Notify", Action: ["glue:notifyEvent"], Resource: workflow.arn },
  ]);
  new aws.cloudwatch.EventTarget(
    resourceName,
    { rule: rule.name, arn: workflow.arn, roleArn: role.arn },
    { parent: rule, dependsOn: [policy, ...triggers] },
  );
}
