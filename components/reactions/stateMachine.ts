import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { alarm, AlarmTarget, anyFailure } from "../monitoring/alarms";
import { eventRule, EventRuleArgs } from "../events/eventRule";
import { Arns, Statement } from "../access/policyDocuments";
import { grant, RoleArgs, serviceRole } from "../access/roles";

/** One state, in the Amazon States Language with JSONata. Values may be outputs of resources. */
export interface State {
  Type: string;
  [field: string]: unknown;
}

/** What a state machine does and may do. */
export interface StateMachineArgs extends RoleArgs {
  description: string;
  /** The states; the first one starts. */
  states: Record<string, State>;
  /** All that the states call. */
  permissions: Statement[];
  kmsKeyArn: pulumi.Input<string>;
  logRetentionDays?: pulumi.Input<number> | undefined;
  topicArn: pulumi.Input<string>;
}

/**
 * A state machine with a role of its own, a log of its failures, and an alarm on executions that
 * fail; a child of `parent`.
 */
export function stateMachine(
  name: string,
  args: StateMachineArgs,
  parent: pulumi.Resource,
): aws.sfn.StateMachine {
  const role = serviceRole(
    `${name}-states`,
    "states.amazonaws.com",
    args.description,
    args,
    parent,
  );
  const policy = grant(`${name}-states`, role, [...args.permissions, writeVendedLogs]);
  const logs = new aws.cloudwatch.LogGroup(
    name,
    {
      // Logs of this prefix take no room in the account's resource policy for logs (Step Functions
      // guide, "Using CloudWatch Logs to log execution history").
      name: pulumi.interpolate`/aws/vendedlogs/states/${role.name}`,
      retentionInDays: args.logRetentionDays ?? 30,
      kmsKeyId: args.kmsKeyArn,
      tags: args.tags,
    },
    { parent },
  );
  const machine = new aws.sfn.StateMachine(
    name,
    {
      roleArn: role.arn,
      definition: pulumi.jsonStringify({
        Comment: args.description,
        QueryLanguage: "JSONata",
        StartAt: Object.keys(args.states)[0],
        States: args.states,
      }),
      loggingConfiguration: {
        level: "ERROR",
        includeExecutionData: true,
        logDestination: pulumi.interpolate`${logs.arn}:*`,
      },
      tags: args.tags,
    },
    // Step Functions tries the log's permissions when the machine is made.
    { parent, dependsOn: policy },
  );
  alarm(
    `${name}-broken`,
    anyFailure(
      `${name} couldn't do its work. Read the error in its failed execution.`,
      "AWS/States",
      "ExecutionsFailed",
      { StateMachineArn: machine.arn },
    ),
    args,
    machine,
  );
  return machine;
}

/** Has a rule start a machine, by a role that may do nothing else. */
export function startBy(
  name: string,
  rule: Omit<EventRuleArgs, "targetArn" | "roleArn">,
  machine: aws.sfn.StateMachine,
  args: AlarmTarget & RoleArgs,
): aws.cloudwatch.EventRule {
  const role = serviceRole(
    `${name}-start`,
    "events.amazonaws.com",
    `Starts the state machine ${name}`,
    args,
    machine,
  );
  grant(`${name}-start`, role, [
    { Sid: "Start", Action: ["states:StartExecution"], Resource: machine.arn },
  ]);
  return eventRule(name, { ...rule, targetArn: machine.arn, roleArn: role.arn }, args, machine);
}

/** None of these takes a resource (Step Functions guide, "Using CloudWatch Logs to log execution history"). */
const writeVendedLogs: Statement = {
  Sid: "Logs",
  Action: [
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
  ],
  Resource: "*",
};

/** Tries again what is told to the outside, whatever the error: nobody would hear of it otherwise. */
export const untilDone = [
  { ErrorEquals: ["States.TaskFailed"], IntervalSeconds: 5, MaxAttempts: 5, BackoffRate: 2 },
];

/** Glue's errors that pass by themselves (AWS Glue web API reference, "Common errors"). */
const passingErrors = [
  "Glue.ConcurrentModificationException",
  "Glue.InternalServiceException",
  "Glue.OperationTimeoutException",
  "Glue.SdkClientException",
  "Glue.ThrottlingException",
];

/** A call of Glue that is tried again when the error passes by itself. */
export function callGlue(to: Arns, action: string, args: unknown, rest: object): State {
  return {
    Type: "Task",
    Resource: to.integration(`aws-sdk:glue:${action}`),
    Arguments: args,
    Retry: [{ ErrorEquals: passingErrors, IntervalSeconds: 5, MaxAttempts: 5, BackoffRate: 2 }],
    ...rest,
  };
}

/**
 * A notice by the topic, in the form that is also shown in chats (Amazon Q Developer in chat
 * applications guide, "Custom notifications").
 * @param description JSONata expression of the text.
 */
export function notify(
  to: Arns,
  topicArn: pulumi.Input<string>,
  title: string,
  description: string,
  rest: object,
): State {
  const content = `{"textType": "client-markdown", "title": "${title}", "description": ${description}}`;
  return {
    Type: "Task",
    Resource: to.integration("sns:publish"),
    Arguments: {
      TopicArn: topicArn,
      Subject: title,
      Message: `{% $string({"version": "1.0", "source": "custom", "content": ${content}}) %}`,
    },
    Retry: untilDone,
    ...rest,
  };
}

/** What sending notices takes: the topic is encrypted. */
export function mayNotify(
  topicArn: pulumi.Input<string>,
  kmsKeyArn: pulumi.Input<string>,
): Statement[] {
  return [
    { Sid: "Notify", Action: ["sns:Publish"], Resource: topicArn },
    { Sid: "TopicKey", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: kmsKeyArn },
  ];
}

/** A JSONata value, or what stands in for it: comparisons with what isn't there are dropped. */
export function orElse(path: string, fallback: string): string {
  return `($exists(${path}) ? ${path} : ${fallback})`;
}
