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

const definition = (seconds: number) =>
  JSON.stringify({
    QueryLanguage: "JSONata",
    StartAt: "Wait",
    States: { Wait: { Type: "Wait", Seconds: `{% ${seconds} %}`, End: true } },
  });
const logGroupArn = `arn:aws:logs:us-east-1:${account}:log-group:/aws/vendedlogs/states/resume:*`;
const actionArn = (name: string) => `arn:aws:sns:us-east-1:${account}:${name}`;
const widgets = (text: string) => `{"widgets": [{"type": "text", "properties": ${text}}]}`;

/** State machines, alarms and dashboards. */
export const reactionCases: Case[] = [
  {
    token: "aws:sfn/stateMachine:StateMachine",
    inputs: {
      name: "resume",
      roleArn,
      definition: definition(60),
      loggingConfiguration: {
        level: "ALL",
        includeExecutionData: true,
        logDestination: logGroupArn,
      },
      tracingConfiguration: { enabled: true },
      encryptionConfiguration: {
        type: "CUSTOMER_MANAGED_KMS_KEY",
        kmsKeyId: "alias/provider",
      },
      tags,
    },
    outputs: {
      arn: arn("states", "stateMachine:resume"),
      status: /^ACTIVE$/,
      type: /^STANDARD$/,
      creationDate: /^20\d\d-/,
      revisionId: /^[0-9a-f-]{36}$/,
    },
    update: {
      definition: definition(120),
      loggingConfiguration: { level: "ERROR", logDestination: logGroupArn },
      encryptionConfiguration: { type: "AWS_OWNED_KEY" },
      ...newTags,
    },
    updateDiff: {
      definition: "UPDATE*",
      "loggingConfiguration.level": "UPDATE*",
      "loggingConfiguration.includeExecutionData": "DELETE*",
      "encryptionConfiguration.type": "UPDATE*",
      "encryptionConfiguration.kmsKeyId": "DELETE*",
      ...tagsDiff,
    },
    kept: { tracingConfiguration: /"enabled":true/ },
    replace: { type: "EXPRESS" },
    replaceDiff: { type: "UPDATE_REPLACE*" },
  },
  {
    token: "aws:cloudwatch/metricAlarm:MetricAlarm",
    inputs: {
      name: "no-success",
      alarmDescription: "No run has succeeded today",
      namespace: "MobileUser",
      metricName: "RunSucceeded",
      dimensions: { JobName: "etl", Stack: "prod" },
      statistic: "Sum",
      period: 3600,
      evaluationPeriods: 24,
      datapointsToAlarm: 24,
      threshold: 0.5,
      comparisonOperator: "LessThanThreshold",
      treatMissingData: "breaching",
      unit: "Count",
      alarmActions: [actionArn("one"), actionArn("two")],
      okActions: [actionArn("one")],
      insufficientDataActions: [actionArn("two")],
      tags,
    },
    outputs: { arn: arn("cloudwatch", "alarm:no-success") },
    update: {
      alarmDescription: undefined,
      statistic: undefined,
      extendedStatistic: "p90",
      dimensions: { JobName: "other", Stack: "prod" },
      datapointsToAlarm: undefined,
      treatMissingData: undefined,
      alarmActions: [actionArn("two"), actionArn("three")],
      insufficientDataActions: undefined,
      ...newTags,
    },
    updateDiff: {
      alarmDescription: "DELETE*",
      statistic: "DELETE*",
      extendedStatistic: "ADD*",
      "dimensions.JobName": "UPDATE*",
      datapointsToAlarm: "DELETE*",
      treatMissingData: "UPDATE*",
      "alarmActions[0]": "DELETE*",
      "alarmActions[1]": "ADD*",
      insufficientDataActions: "DELETE*",
      ...tagsDiff,
    },
    replace: renamed,
    replaceDiff: nameReplaced,
  },
  {
    token: "aws:cloudwatch/dashboard:Dashboard",
    inputs: { dashboardName: "daily", dashboardBody: widgets('{"markdown": "one"}') },
    outputs: { dashboardArn: new RegExp(`^arn:aws:cloudwatch::${account}:dashboard/daily$`) },
    update: { dashboardBody: widgets('{"markdown": "two"}') },
    updateDiff: { dashboardBody: "UPDATE*" },
    replace: { dashboardName: "other" },
    replaceDiff: { dashboardName: "UPDATE_REPLACE*" },
  },
];
