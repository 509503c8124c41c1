import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { objectEvents } from "../events/objectEvents";
import { policyDocument, Statement, tlsOnly } from "../access/policyDocuments";

/** What a queue of object events takes; part of a source's arguments. */
interface EventQueueArgs {
  bucketName: pulumi.Input<string>;
  prefix: string;
  kmsKeyArn?: pulumi.Input<string> | undefined;
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
}

const day = 86_400;

/** Names of S3's event notifications by EventBridge's (S3 guide, "Event notification types and destinations"). */
const eventNames = {
  created: { detailType: "Object Created", eventName: "ObjectCreated:Put" },
  deleted: { detailType: "Object Deleted", eventName: "ObjectRemoved:Delete" },
};

/** Keys that aren't what they are decoded to: S3 encodes keys in notifications, EventBridge doesn't. */
const oddKeys = ["%", "+"];

/**
 * A queue of what was created and deleted below a folder, from which a crawler learns which folders
 * to list, and one of events that don't lead it there. EventBridge feeds them, since a bucket has one
 * notification configuration, which the sources of a bucket would take from each other.
 *
 * A crawler decodes the keys of notifications as of a URL. Those of EventBridge are plain, and it can't
 * encode them, so that a `%` or `+` in one names another folder: these events go to the queue of unread
 * ones as well, for somebody to hear of.
 */
export function eventQueue(
  name: string,
  args: EventQueueArgs,
  parent: pulumi.Resource,
): { queue: aws.sqs.Queue; unread: aws.sqs.Queue } {
  const encryption =
    args.kmsKeyArn === undefined
      ? { sqsManagedSseEnabled: true }
      : { kmsMasterKeyId: args.kmsKeyArn };
  const settings = { messageRetentionSeconds: 14 * day, ...encryption, tags: args.tags };
  const unread = new aws.sqs.Queue(`${name}-unread-events`, settings, { parent });
  const queue = new aws.sqs.Queue(
    `${name}-events`,
    {
      ...settings,
      // A crawl that failed leaves its messages; the next one, after a pause, must find them again.
      visibilityTimeoutSeconds: 300,
      redrivePolicy: pulumi.jsonStringify({
        deadLetterTargetArn: unread.arn,
        maxReceiveCount: 20,
      }),
    },
    { parent },
  );
  const rules = Object.entries(eventNames).map(([kind, { detailType, eventName }]) => {
    const rule = objectEvents(`${name}-${kind}`, [detailType], args, args.tags, parent);
    new aws.cloudwatch.EventTarget(
      `${name}-${kind}`,
      {
        rule: rule.name,
        arn: queue.arn,
        inputTransformer: asNotification(eventName),
        deadLetterConfig: { arn: unread.arn },
      },
      { parent: rule },
    );
    return rule.arn;
  });
  const detailTypes = Object.values(eventNames).map(({ detailType }) => detailType);
  const keys = oddKeys.map((odd) => ({ wildcard: `${literal(args.prefix)}*${odd}*` }));
  const odd = objectEvents(`${name}-odd-keys`, detailTypes, { ...args, keys }, args.tags, parent);
  new aws.cloudwatch.EventTarget(
    `${name}-odd-keys`,
    { rule: odd.name, arn: unread.arn },
    { parent: odd },
  );
  allow(`${name}-unread-events`, unread, [...rules, odd.arn]);
  allow(`${name}-events`, queue, rules);
  return { queue, unread };
}

/** A text as it stands in a wildcard of EventBridge. */
const literal = (text: string) => text.replace(/[*\\]/g, "\\$&");

/** Writes an event of EventBridge as S3's own notification, which Glue reads (S3 guide, "Event message structure"). */
function asNotification(eventName: string) {
  const record = {
    eventVersion: "2.1",
    eventSource: "aws:s3",
    awsRegion: "<region>",
    eventTime: "<time>",
    eventName,
    s3: { s3SchemaVersion: "1.0", bucket: { name: "<bucket>" }, object: { key: "<key>" } },
  };
  return {
    inputPaths: {
      region: "$.region",
      time: "$.time",
      bucket: "$.detail.bucket.name",
      key: "$.detail.object.key",
    },
    inputTemplate: JSON.stringify({ Records: [record] }),
  };
}

/** Lets the rules send to a queue, and nobody use it without TLS. */
function allow(name: string, queue: aws.sqs.Queue, ruleArns: pulumi.Output<string>[]): void {
  const statements: Statement[] = [
    {
      Sid: "Events",
      Principal: { Service: "events.amazonaws.com" },
      Action: ["sqs:SendMessage"],
      Resource: queue.arn,
      Condition: { ArnEquals: { "aws:SourceArn": ruleArns } },
    },
    tlsOnly("sqs:*", queue.arn),
  ];
  new aws.sqs.QueuePolicy(
    name,
    { queueUrl: queue.url, policy: policyDocument(statements) },
    { parent: queue },
  );
}

/**
 * What a crawler's role needs of its queue (AWS Glue guide, "Accelerating crawls using Amazon S3
 * event notifications").
 */
export function readEvents(queue: aws.sqs.Queue): Statement {
  return {
    Sid: "Events",
    Action: [
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:GetQueueUrl",
      "sqs:ListDeadLetterSourceQueues",
      "sqs:ListQueueTags",
      "sqs:PurgeQueue",
      "sqs:ReceiveMessage",
      "sqs:SetQueueAttributes",
    ],
    Resource: queue.arn,
  };
}
