import assert from "node:assert/strict";
import { CrawledSource, CrawledSourceArgs } from "../../components";
import {
  inputsOf,
  namesOf,
  Recorded,
  recordResources,
  resourcesOf,
  statementsOf,
} from "./recorder";

const args: CrawledSourceArgs = {
  crawlerName: "segmentlogs-IOS",
  databaseName: "segment_logs",
  bucketName: "raw",
  prefix: "segment-logs/ksMsMXyyEaIOS/",
  tags: { Owner: "us" },
};
const events = { recrawlBehavior: "CRAWL_EVENT_MODE" };
const queue = "aws:sqs/queue:Queue";

const policyOf = (made: Recorded[]) =>
  statementsOf(inputsOf(made, "aws:iam/rolePolicy:RolePolicy")["policy"]);

describe("CrawledSource in event mode", () => {
  before(() => recordResources());

  it("makes a queue of what is created and deleted in its folder, for event mode", async () => {
    const made = await resourcesOf(() => new CrawledSource("ios", { ...args, ...events }));
    assert.deepEqual(namesOf(made), [
      "BucketNotification ios",
      "CrawledSource ios",
      "Crawler ios",
      "EventRule ios-created",
      "EventRule ios-deleted",
      "EventRule ios-odd-keys",
      "EventTarget ios-created",
      "EventTarget ios-deleted",
      "EventTarget ios-odd-keys",
      "Queue ios-events",
      "Queue ios-unread-events",
      "QueuePolicy ios-events",
      "QueuePolicy ios-unread-events",
      "Role ios-crawler",
      "RolePolicy ios-crawler",
    ]);
    assert.deepEqual(inputsOf(made, queue, "ios-events"), {
      messageRetentionSeconds: 1_209_600,
      visibilityTimeoutSeconds: 300,
      sqsManagedSseEnabled: true,
      redrivePolicy: JSON.stringify({
        deadLetterTargetArn: "arn:aws:test:::ios-unread-events-id",
        maxReceiveCount: 20,
      }),
      tags: { Owner: "us" },
    });
    assert.deepEqual(inputsOf(made, queue, "ios-unread-events"), {
      messageRetentionSeconds: 1_209_600,
      sqsManagedSseEnabled: true,
      tags: { Owner: "us" },
    });
    assert.deepEqual(inputsOf(made, "aws:s3/bucketNotification:BucketNotification"), {
      bucket: "raw",
      eventbridge: true,
    });
    const { s3Targets, recrawlPolicy } = inputsOf(made, "aws:glue/crawler:Crawler");
    assert.deepEqual(recrawlPolicy, events);
    assert.deepEqual(s3Targets, [
      {
        path: "s3://raw/segment-logs/ksMsMXyyEaIOS/",
        eventQueueArn: "arn:aws:test:::ios-events-id",
      },
    ]);
  });

  it("tells the queue of objects as S3 itself would", async () => {
    const made = await resourcesOf(() => new CrawledSource("ios", { ...args, ...events }));
    for (const [name, detailType, eventName] of [
      ["ios-created", "Object Created", "ObjectCreated:Put"],
      ["ios-deleted", "Object Deleted", "ObjectRemoved:Delete"],
    ] as const) {
      const { eventPattern } = inputsOf(made, "aws:cloudwatch/eventRule:EventRule", name);
      assert.deepEqual(JSON.parse(String(eventPattern)), {
        source: ["aws.s3"],
        "detail-type": [detailType],
        detail: {
          bucket: { name: ["raw"] },
          object: { key: [{ prefix: "segment-logs/ksMsMXyyEaIOS/" }] },
        },
      });
      const { inputTransformer, ...target } = inputsOf(
        made,
        "aws:cloudwatch/eventTarget:EventTarget",
        name,
      );
      assert.deepEqual(target, {
        rule: `${name}-id`,
        arn: "arn:aws:test:::ios-events-id",
        deadLetterConfig: { arn: "arn:aws:test:::ios-unread-events-id" },
      });
      const { inputPaths, inputTemplate } = JSON.parse(JSON.stringify(inputTransformer));
      assert.deepEqual(inputPaths, {
        region: "$.region",
        time: "$.time",
        bucket: "$.detail.bucket.name",
        key: "$.detail.object.key",
      });
      const [record] = JSON.parse(inputTemplate).Records;
      assert.equal(record.eventSource, "aws:s3");
      assert.equal(record.eventName, eventName);
      assert.deepEqual([record.awsRegion, record.eventTime], ["<region>", "<time>"]);
      assert.equal(record.s3.bucket.name, "<bucket>");
      assert.equal(record.s3.object.key, "<key>");
    }
  });

  it("puts aside what has a key that a crawler would take for another, and says where", async () => {
    const sources: CrawledSource[] = [];
    const made = await resourcesOf(() => {
      sources.push(new CrawledSource("ios", { ...args, ...events, prefix: "logs/a*b/" }));
      sources.push(new CrawledSource("plain", args));
    });
    const rule = inputsOf(made, "aws:cloudwatch/eventRule:EventRule", "ios-odd-keys");
    assert.deepEqual(JSON.parse(String(rule["eventPattern"])), {
      source: ["aws.s3"],
      "detail-type": ["Object Created", "Object Deleted"],
      detail: {
        bucket: { name: ["raw"] },
        object: { key: [{ wildcard: "logs/a\\*b/*%*" }, { wildcard: "logs/a\\*b/*+*" }] },
      },
    });
    assert.deepEqual(inputsOf(made, "aws:cloudwatch/eventTarget:EventTarget", "ios-odd-keys"), {
      rule: "ios-odd-keys-id",
      arn: "arn:aws:test:::ios-unread-events-id",
    });
    const [ios, plain] = sources;
    assert.equal(plain?.unreadQueueName, undefined);
    assert.equal(
      await new Promise((resolve) => ios?.unreadQueueName?.apply(resolve)),
      "ios-unread-events-id",
    );
  });

  it("lets only its rules send to the queues, and only by TLS", async () => {
    const made = await resourcesOf(() => new CrawledSource("ios", { ...args, ...events }));
    const rules = ["arn:aws:test:::ios-created-id", "arn:aws:test:::ios-deleted-id"];
    for (const [name, sources] of [
      ["ios-events", rules],
      ["ios-unread-events", [...rules, "arn:aws:test:::ios-odd-keys-id"]],
    ] as const) {
      const Resource = `arn:aws:test:::${name}-id`;
      const policy = inputsOf(made, "aws:sqs/queuePolicy:QueuePolicy", name)["policy"];
      assert.deepEqual(statementsOf(policy), [
        {
          Effect: "Allow",
          Sid: "Events",
          Principal: { Service: "events.amazonaws.com" },
          Action: ["sqs:SendMessage"],
          Resource,
          Condition: {
            ArnEquals: { "aws:SourceArn": sources },
          },
        },
        {
          Sid: "TlsOnly",
          Effect: "Deny",
          Principal: "*",
          Action: ["sqs:*"],
          Resource,
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ]);
    }
  });

  it("lets the role read its queue, and no other role anything of it", async () => {
    const made = await resourcesOf(() => new CrawledSource("ios", { ...args, ...events }));
    assert.deepEqual(
      policyOf(made).find(({ Sid }) => Sid === "Events"),
      {
        Effect: "Allow",
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
        Resource: "arn:aws:test:::ios-events-id",
      },
    );
    const other = await resourcesOf(() => new CrawledSource("ios", args));
    assert.ok(!JSON.stringify(policyOf(other)).includes("sqs:"));
  });

  it("encrypts the queues with the bucket's key, and leaves a bucket's notifications alone", async () => {
    const changes = { ...events, kmsKeyArn: "key", bucketSendsEvents: true };
    const made = await resourcesOf(() => new CrawledSource("ios", { ...args, ...changes }));
    for (const name of ["ios-events", "ios-unread-events"]) {
      const { kmsMasterKeyId, sqsManagedSseEnabled } = inputsOf(made, queue, name);
      assert.deepEqual([kmsMasterKeyId, sqsManagedSseEnabled], ["key", undefined]);
    }
    assert.ok(!namesOf(made).includes("BucketNotification ios"));
  });

  it("refuses samples in event mode", async () => {
    await assert.rejects(
      resourcesOf(() => new CrawledSource("ios", { ...args, ...events, sampleSize: 2 })),
      /`sampleSize` is set beside CRAWL_EVENT_MODE\. Leave it out/,
    );
  });
});
