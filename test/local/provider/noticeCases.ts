import {
  account,
  arn,
  type Case,
  nameReplaced,
  newTags,
  renamed,
  roleArn,
  tags,
  tagsDiff,
} from "./caseParts";

const topicArn = `arn:aws:sns:us-east-1:${account}:failures`;
const policy = (Service: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { Service }, Action: "sns:Publish", Resource: topicArn },
    ],
  });
const pattern = (state: string) =>
  JSON.stringify({ source: ["aws.glue"], detail: { state: [state] } });

/** Topics and rules, on the queues of the cases before them. */
export const noticeCases: Case[] = [
  {
    token: "aws:sns/topic:Topic",
    inputs: { name: "failures", displayName: "Failures", kmsMasterKeyId: "alias/aws/sns", tags },
    outputs: { arn: new RegExp(`^${topicArn}$`), owner: new RegExp(account) },
    update: { displayName: undefined, kmsMasterKeyId: "alias/provider", ...newTags },
    updateDiff: { displayName: "DELETE*", kmsMasterKeyId: "UPDATE*", ...tagsDiff },
    replace: renamed,
    replaceDiff: nameReplaced,
  },
  {
    token: "aws:sns/topicPolicy:TopicPolicy",
    inputs: { arn: topicArn, policy: policy("events.amazonaws.com") },
    outputs: { owner: new RegExp(account) },
    update: { policy: policy("cloudwatch.amazonaws.com") },
    updateDiff: { policy: "UPDATE*" },
    replace: { arn: `${topicArn}-other` },
    replaceDiff: { arn: "UPDATE_REPLACE*" },
  },
  {
    token: "aws:sns/topicSubscription:TopicSubscription",
    inputs: {
      topic: topicArn,
      protocol: "email",
      endpoint: "team@example.com",
      filterPolicy: '{"kind": ["job"]}',
      filterPolicyScope: "MessageBody",
    },
    outputs: { arn: new RegExp(`^${topicArn}:[0-9a-f-]{36}$`), ownerId: new RegExp(account) },
    update: { filterPolicy: undefined, rawMessageDelivery: true },
    updateDiff: { filterPolicy: "DELETE*", rawMessageDelivery: "UPDATE*" },
    replace: { endpoint: "others@example.com" },
    replaceDiff: { endpoint: "UPDATE_REPLACE*" },
  },
  {
    token: "aws:sns/topicSubscription:TopicSubscription",
    inputs: {
      topic: topicArn,
      protocol: "sqs",
      endpoint: `arn:aws:sqs:us-east-1:${account}:notices`,
      rawMessageDelivery: true,
      filterPolicy: '{"kind": ["job"]}',
      filterPolicyScope: "MessageAttributes",
    },
    outputs: { pendingConfirmation: /^false$/ },
    update: { filterPolicyScope: "MessageBody", rawMessageDelivery: undefined },
    updateDiff: { filterPolicyScope: "UPDATE*", rawMessageDelivery: "UPDATE*" },
    replace: { endpoint: `arn:aws:sqs:us-east-1:${account}:dead` },
    replaceDiff: { endpoint: "UPDATE_REPLACE*" },
  },
  {
    token: "aws:cloudwatch/eventRule:EventRule",
    inputs: { name: "failed", description: "fails", eventPattern: pattern("FAILED"), tags },
    outputs: { arn: arn("events", "rule/failed"), state: /^ENABLED$/ },
    update: { eventPattern: pattern("TIMEOUT"), state: "DISABLED", ...newTags },
    updateDiff: { eventPattern: "UPDATE*", state: "UPDATE*", ...tagsDiff },
    replace: renamed,
    replaceDiff: nameReplaced,
  },
  {
    token: "aws:cloudwatch/eventTarget:EventTarget",
    inputs: {
      rule: "failed",
      targetId: "topic",
      arn: topicArn,
      retryPolicy: { maximumEventAgeInSeconds: 600, maximumRetryAttempts: 3 },
    },
    outputs: { targetId: /^topic$/ },
    update: { inputPath: "$.detail", retryPolicy: undefined },
    updateDiff: { inputPath: "ADD*", retryPolicy: "DELETE*" },
    replace: { rule: "other" },
    replaceDiff: { rule: "UPDATE_REPLACE*" },
  },
  {
    token: "aws:cloudwatch/eventRule:EventRule",
    inputs: { name: "daily", scheduleExpression: "rate(1 day)", roleArn },
    outputs: { arn: arn("events", "rule/daily") },
    update: { scheduleExpression: "cron(0 16 * * ? *)" },
    updateDiff: { scheduleExpression: "UPDATE*" },
    replace: renamed,
    replaceDiff: nameReplaced,
  },
  {
    token: "aws:cloudwatch/eventTarget:EventTarget",
    inputs: {
      rule: "daily",
      arn: `arn:aws:states:us-east-1:${account}:stateMachine:janitor`,
      roleArn,
      deadLetterConfig: { arn: `arn:aws:sqs:us-east-1:${account}:dead` },
      inputTransformer: {
        inputPaths: { at: "$.time", rule: "$.resources[0]" },
        inputTemplate: '{"at": <at>, "rule": <rule>}',
      },
    },
    outputs: { targetId: /^sample-[0-9a-f]{7}$/ },
    update: {
      deadLetterConfig: undefined,
      inputTransformer: {
        inputPaths: { at: "$.time" },
        inputTemplate: '{"at": <at>}',
      },
    },
    updateDiff: {
      deadLetterConfig: "DELETE*",
      "inputTransformer.inputPaths.rule": "DELETE*",
      "inputTransformer.inputTemplate": "UPDATE*",
    },
    replace: { targetId: "janitor" },
    replaceDiff: { targetId: "UPDATE_REPLACE*" },
  },
];
