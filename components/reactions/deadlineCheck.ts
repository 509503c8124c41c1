import * as pulumi from "@pulumi/pulumi";
import { alarm } from "../monitoring/alarms";
import { metricNamespace } from "../monitoring/jobMetrics";
import { Arns } from "../access/policyDocuments";
import {
  callGlue,
  orElse,
  startBy,
  State,
  stateMachine,
  StateMachineArgs,
  untilDone,
} from "./stateMachine";

type Machine = Omit<StateMachineArgs, "description" | "states" | "permissions">;

/** What is checked, and when. */
export interface DeadlineArgs extends Machine {
  workflowName: pulumi.Input<string>;
  deadline: string;
  enabled: boolean | undefined;
}

/**
 * Asks once a day whether a run of the workflow has succeeded, and raises an alarm where none has. It
 * needs no event, so it also hears of a run that never started.
 * @returns the alarm.
 */
export function deadlineCheck(name: string, args: DeadlineArgs, to: Arns, parent: pulumi.Resource) {
  const { workflowName, deadline, enabled } = args;
  const machine = stateMachine(
    name,
    {
      ...args,
      description: "Tells by a metric whether a run of the workflow has succeeded in the last day",
      states: states(to, workflowName),
      permissions: [
        { Sid: "Runs", Action: ["glue:GetWorkflowRuns"], Resource: to.workflow(workflowName) },
        {
          // PutMetricData takes no resource (Service Authorization Reference, CloudWatch).
          Sid: "Metric",
          Action: ["cloudwatch:PutMetricData"],
          Resource: "*",
          Condition: { StringEquals: { "cloudwatch:namespace": metricNamespace } },
        },
      ],
    },
    parent,
  );
  const schedule = { description: "The day's deadline", schedule: deadline, enabled };
  startBy(name, schedule, machine, args);
  return alarm(
    `${name}-missed`,
    {
      description:
        "No run of the workflow has succeeded in the day before the deadline. Find out why, and start or resume it. The next check that finds a success ends the alarm; the check can be started by hand.",
      namespace: metricNamespace,
      metricName: "MissedDays",
      dimensions: { WorkflowName: workflowName },
      // A check that is started by hand once the day is saved ends the alarm at once.
      statistic: "Minimum",
      period: 300,
      comparison: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      // One value a day: the state lasts until the next.
      missingData: "ignore",
    },
    args,
    parent,
  );
}

/** A run succeeded where everything in it did: Glue calls a run whose job failed COMPLETED, too. */
const hasSuccess = `$exists($states.result.Runs[
  Status = "COMPLETED"
  and $millis() - $toMillis(StartedOn) < 86400000
  and Statistics.SucceededActions > 0
  and $sum([Statistics.FailedActions, Statistics.TimeoutActions, Statistics.StoppedActions, Statistics.ErroredActions]) = 0
])`;

/**
 * Pages that are read at most: with all their retries, 22 events each of the 25,000 that an execution
 * may have. Each has 25 runs.
 */
const maxPages = 1000;

/** Page by page, since Glue promises no order. */
function states(to: Arns, workflowName: pulumi.Input<string>): Record<string, State> {
  const page = (more: object, rest: object) =>
    callGlue(to, "getWorkflowRuns", { Name: workflowName, MaxResults: 25, ...more }, rest);
  const next = {
    Assign: {
      succeeded: `{% ${hasSuccess} %}`,
      nextToken: `{% ${orElse("$states.result.NextToken", '""')} %}`,
      pages: "{% $pages + 1 %}",
    },
    Next: "Look",
  };
  const tell = (missed: number): State => ({
    Type: "Task",
    Resource: to.integration("aws-sdk:cloudwatch:putMetricData"),
    Arguments: {
      Namespace: metricNamespace,
      MetricData: [
        {
          MetricName: "MissedDays",
          Dimensions: [{ Name: "WorkflowName", Value: workflowName }],
          Value: missed,
        },
      ],
    },
    Retry: untilDone,
    End: true,
  });
  return {
    Start: { Type: "Pass", Assign: { pages: 0 }, Next: "FirstRuns" },
    FirstRuns: page({}, next),
    Look: {
      Type: "Choice",
      Choices: [
        { Condition: "{% $succeeded %}", Next: "Succeeded" },
        { Condition: `{% $nextToken != "" and $pages >= ${maxPages} %}`, Next: "TooManyRuns" },
        { Condition: '{% $nextToken != "" %}', Next: "MoreRuns" },
      ],
      Default: "Missed",
    },
    TooManyRuns: {
      Type: "Fail",
      Error: "TooManyRuns",
      Cause: `No success is among ${25 * maxPages} runs, and there are more`,
    },
    MoreRuns: page({ NextToken: "{% $nextToken %}" }, next),
    Succeeded: tell(0),
    Missed: tell(1),
  };
}
