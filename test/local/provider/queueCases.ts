import {
  account,
  arn,
  type Case,
  nameReplaced,
  newTags,
  renamed,
  tags,
  tagsDiff,
} from "./caseParts";

const queueArn = (name: string) => `arn:aws:sqs:us-east-1:${account}:${name}`;
const policy = (Service: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service },
        Action: "sqs:SendMessage",
        Resource: queueArn("dead"),
      },
    ],
  });

/** Queues, and what a bucket tells them; the first one gets what the others can't deliver. */
export const queueCases: Case[] = [
  {
    token: "aws:sqs/queue:Queue",
    inputs: { name: "dead", redriveAllowPolicy: '{"redrivePermission": "allowAll"}' },
    outputs: { arn: arn("sqs", "dead"), visibilityTimeoutSeconds: /^30$/ },
    replace: { name: "deader" },
    replaceDiff: nameReplaced,
  },
  {
    token: "aws:sqs/queue:Queue",
    inputs: {
      name: "notices",
      kmsMasterKeyId: "alias/provider",
      messageRetentionSeconds: 1_209_600,
      visibilityTimeoutSeconds: 60,
      redrivePolicy: `{"maxReceiveCount": 3, "deadLetterTargetArn": "${queueArn("dead")}"}`,
      tags,
    },
    outputs: {
      arn: arn("sqs", "notices"),
      url: new RegExp(`^http://.*/${account}/notices$`),
      maxMessageSize: /^262144$/,
      kmsDataKeyReusePeriodSeconds: /^300$/,
    },
    update: {
      kmsMasterKeyId: undefined,
      sqsManagedSseEnabled: true,
      visibilityTimeoutSeconds: undefined,
      redrivePolicy: undefined,
      ...newTags,
    },
    updateDiff: {
      kmsMasterKeyId: "DELETE*",
      sqsManagedSseEnabled: "UPDATE*",
      visibilityTimeoutSeconds: "UPDATE*",
      ...tagsDiff,
    },
    kept: { redrivePolicy: /maxReceiveCount/ },
    replace: renamed,
    replaceDiff: nameReplaced,
  },
  {
    token: "aws:sqs/queuePolicy:QueuePolicy",
    inputs: { queueUrl: "$id of aws:sqs/queue:Queue", policy: policy("sns.amazonaws.com") },
    outputs: { policy: /sns\.amazonaws\.com/ },
    update: { policy: policy("s3.amazonaws.com") },
    updateDiff: { policy: "UPDATE*" },
    replace: { queueUrl: "http://localhost/other" },
    replaceDiff: { queueUrl: "UPDATE_REPLACE*" },
  },
  {
    token: "aws:s3/bucketNotification:BucketNotification",
    inputs: {
      bucket: "provider-data",
      eventbridge: true,
      queues: [
        {
          queueArn: queueArn("dead"),
          events: ["s3:ObjectRemoved:*", "s3:ObjectCreated:*"],
          filterPrefix: "raw/",
        },
      ],
    },
    outputs: { bucket: /^provider-data$/ },
    update: {
      eventbridge: undefined,
      queues: [
        {
          queueArn: queueArn("dead"),
          events: ["s3:ObjectCreated:*"],
          filterSuffix: ".gz",
        },
      ],
    },
    updateDiff: {
      eventbridge: "UPDATE*",
      "queues[0].events[0]": "DELETE*",
      "queues[0].filterPrefix": "DELETE*",
      "queues[0].filterSuffix": "ADD*",
    },
    kept: { queues: /"id":"[^"]+"/ },
    replace: { bucket: "provider-other" },
    replaceDiff: { bucket: "UPDATE_REPLACE*" },
  },
];
