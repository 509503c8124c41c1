import assert from "node:assert/strict";
import {
  ArgumentError,
  CrawledSource,
  CrawledSourceArgs,
  crawledTableName,
} from "../../components";
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

describe("CrawledSource", () => {
  before(() => recordResources());

  it("makes a crawler, a role and its policy", async () => {
    const made = await resourcesOf(() => new CrawledSource("ios", args));
    assert.deepEqual(namesOf(made), [
      "CrawledSource ios",
      "Crawler ios",
      "Role ios-crawler",
      "RolePolicy ios-crawler",
    ]);
  });

  it("gives the crawler everything it needs", async () => {
    const made = await resourcesOf(() => new CrawledSource("ios", args));
    const { role, configuration, ...inputs } = inputsOf(made, "aws:glue/crawler:Crawler");
    assert.equal(role, "arn:aws:test:::ios-crawler-id");
    assert.deepEqual(inputs, {
      name: "segmentlogs-IOS",
      databaseName: "segment_logs",
      s3Targets: [{ path: "s3://raw/segment-logs/ksMsMXyyEaIOS/", sampleSize: 2 }],
      recrawlPolicy: { recrawlBehavior: "CRAWL_EVERYTHING" },
      schemaChangePolicy: { updateBehavior: "UPDATE_IN_DATABASE", deleteBehavior: "LOG" },
      tags: { Owner: "us" },
    });
    assert.deepEqual(JSON.parse(String(configuration)), {
      Version: 1,
      CrawlerOutput: {
        Partitions: { AddOrUpdateBehavior: "InheritFromTable" },
        Tables: { AddOrUpdateBehavior: "MergeNewColumns" },
      },
      CreatePartitionIndex: false,
      Grouping: {
        TableGroupingPolicy: "CombineCompatibleSchemas",
        TableLevelConfiguration: 3,
      },
    });
  });

  const handsOff: Partial<CrawledSourceArgs>[] = [
    { updateBehavior: "LOG" },
    { recrawlBehavior: "CRAWL_NEW_FOLDERS_ONLY" },
    { recrawlBehavior: "CRAWL_NEW_FOLDERS_ONLY", updateBehavior: "LOG" },
  ];
  for (const changes of handsOff) {
    it(`only adds partitions with ${JSON.stringify(changes)}`, async () => {
      const made = await resourcesOf(() => new CrawledSource("ios", { ...args, ...changes }));
      const inputs = inputsOf(made, "aws:glue/crawler:Crawler");
      assert.deepEqual(inputs["schemaChangePolicy"], {
        updateBehavior: "LOG",
        deleteBehavior: "LOG",
      });
      assert.deepEqual(JSON.parse(String(inputs["configuration"])).CrawlerOutput, {
        Partitions: { AddOrUpdateBehavior: "InheritFromTable" },
      });
    });
  }

  it("refuses to change columns with CRAWL_NEW_FOLDERS_ONLY", async () => {
    const changes = {
      recrawlBehavior: "CRAWL_NEW_FOLDERS_ONLY",
      updateBehavior: "UPDATE_IN_DATABASE",
    };
    await assert.rejects(
      resourcesOf(() => new CrawledSource("ios", { ...args, ...changes })),
      /`updateBehavior` is "UPDATE_IN_DATABASE"\. Set one of LOG\./,
    );
  });

  it("lets the role read its folder, write its table and nothing else", async () => {
    const made = await resourcesOf(() => new CrawledSource("ios", { ...args, kmsKeyArn: "key" }));
    const statements = statementsOf(inputsOf(made, "aws:iam/rolePolicy:RolePolicy")["policy"]);
    const bySid = Object.fromEntries(statements.map((statement) => [statement.Sid, statement]));
    assert.deepEqual(bySid["ListDataset"], {
      Sid: "ListDataset",
      Effect: "Allow",
      Action: ["s3:ListBucket"],
      Resource: "arn:aws:s3:::raw",
      Condition: { StringLike: { "s3:prefix": ["segment-logs/ksMsMXyyEaIOS/*"] } },
    });
    assert.deepEqual(bySid["ReadDataset"]?.Action, ["s3:GetObject"]);
    assert.equal(bySid["ReadDataset"]?.Resource, "arn:aws:s3:::raw/segment-logs/ksMsMXyyEaIOS/*");
    assert.deepEqual(bySid["CatalogTable"]?.Resource, [
      "arn:aws:glue:us-west-2:111122223333:catalog",
      "arn:aws:glue:us-west-2:111122223333:database/segment_logs",
      "arn:aws:glue:us-west-2:111122223333:table/segment_logs/ksmsmxyyeaios",
    ]);
    assert.equal(bySid["Decrypt"]?.Resource, "key");
    const actions = statements.flatMap(({ Action }) => Action);
    assert.deepEqual(
      actions.filter((action) => /\*|Delete|s3:Put/.test(action)),
      [],
    );
  });

  it("leaves the key out where there is none", async () => {
    const made = await resourcesOf(() => new CrawledSource("ios", args));
    const statements = statementsOf(inputsOf(made, "aws:iam/rolePolicy:RolePolicy")["policy"]);
    assert.ok(!statements.some(({ Action }) => Action.some((action) => action.startsWith("kms:"))));
  });

  const logsOf = (made: Recorded[]) =>
    statementsOf(inputsOf(made, "aws:iam/rolePolicy:RolePolicy")["policy"])
      .filter(({ Sid }) => Sid.startsWith("Logs"))
      .map(({ Sid, Action, Resource }) => [Sid, Action, Resource]);
  const writing = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"];

  it("logs to the group of all crawlers where logs aren't encrypted", async () => {
    const made = await resourcesOf(() => new CrawledSource("ios", args));
    assert.deepEqual(logsOf(made), [
      ["Logs", writing, ["arn:aws:logs:us-west-2:111122223333:log-group:/aws-glue/crawlers:*"]],
    ]);
  });

  it("makes the group that a security configuration has Glue write to, with key and end", async () => {
    const made = await resourcesOf(
      () =>
        new CrawledSource("ios", {
          ...args,
          securityConfiguration: "safe",
          logsKmsKeyArn: "logs-key",
          logRetentionDays: 7,
        }),
    );
    const name = "/aws-glue/crawlers-role/ios-crawler-id-safe";
    assert.deepEqual(inputsOf(made, "aws:cloudwatch/logGroup:LogGroup"), {
      name,
      retentionInDays: 7,
      kmsKeyId: "logs-key",
      tags: { Owner: "us" },
    });
    assert.equal(inputsOf(made, "aws:glue/crawler:Crawler")["securityConfiguration"], "safe");
    assert.deepEqual(logsOf(made), [
      [
        "Logs",
        [...writing, "logs:AssociateKmsKey"],
        [`arn:aws:logs:us-west-2:111122223333:log-group:${name}:*`],
      ],
      [
        "LogsKey",
        ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey"],
        "logs-key",
      ],
    ]);
  });

  const policyOf = (made: Recorded[]) =>
    statementsOf(inputsOf(made, "aws:iam/rolePolicy:RolePolicy")["policy"]);
  const events = { recrawlBehavior: "CRAWL_EVENT_MODE" };
  const queue = "aws:sqs/queue:Queue";

  it("makes a queue of what is created and deleted in its folder, for event mode", async () => {
    const made = await resourcesOf(() => new CrawledSource("ios", { ...args, ...events }));
    assert.deepEqual(namesOf(made), [
      "BucketNotification ios",
      "CrawledSource ios",
      "Crawler ios",
      "EventRule ios-created",
      "EventRule ios-deleted",
      "EventTarget ios-created",
      "EventTarget ios-deleted",
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

  it("lets only its rules send to the queues, and only by TLS", async () => {
    const made = await resourcesOf(() => new CrawledSource("ios", { ...args, ...events }));
    for (const name of ["ios-events", "ios-unread-events"]) {
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
            ArnEquals: {
              "aws:SourceArn": ["arn:aws:test:::ios-created-id", "arn:aws:test:::ios-deleted-id"],
            },
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

  it("asks classifiers first, and keeps an index of partitions, where it says so", async () => {
    const changes = { classifiers: ["pipes"], partitionIndex: true };
    const made = await resourcesOf(() => new CrawledSource("ios", { ...args, ...changes }));
    const { classifiers, configuration } = inputsOf(made, "aws:glue/crawler:Crawler");
    assert.deepEqual(classifiers, ["pipes"]);
    assert.equal(JSON.parse(String(configuration)).CreatePartitionIndex, true);
    const actions = policyOf(made).flatMap(({ Action }) => Action);
    assert.deepEqual(
      actions.filter((action) => /PartitionIndex/.test(action)),
      ["glue:CreatePartitionIndex", "glue:GetPartitionIndexes"],
    );
  });

  it("writes the configuration with sorted keys, so that no preview shows a change", async () => {
    const made = await resourcesOf(() => new CrawledSource("ios", args));
    const { configuration } = inputsOf(made, "aws:glue/crawler:Crawler");
    const keys = Object.keys(JSON.parse(String(configuration)));
    assert.deepEqual(keys, [...keys].sort());
  });

  it("grants in Lake Formation what making the table takes", async () => {
    const made = await resourcesOf(
      () => new CrawledSource("ios", { ...args, lakeFormation: true }),
    );
    const permissions = "aws:lakeformation/permissions:Permissions";
    const principal = "arn:aws:test:::ios-crawler-id";
    assert.deepEqual(inputsOf(made, permissions, "ios-crawler-database"), {
      principal,
      permissions: ["CREATE_TABLE", "DESCRIBE"],
      database: { name: "segment_logs" },
    });
    assert.deepEqual(inputsOf(made, permissions, "ios-crawler-location"), {
      principal,
      permissions: ["DATA_LOCATION_ACCESS"],
      dataLocation: { arn: "arn:aws:s3:::raw/segment-logs/ksMsMXyyEaIOS" },
    });
    assert.equal(made.filter(({ type }) => type === permissions).length, 2);
  });

  it("refuses samples in event mode", async () => {
    await assert.rejects(
      resourcesOf(() => new CrawledSource("ios", { ...args, ...events, sampleSize: 2 })),
      /`sampleSize` is set beside CRAWL_EVENT_MODE\. Leave it out/,
    );
  });

  for (const [field, bad, message] of [
    ["prefix", "segment-logs/ios", /CrawledSource "ios": `prefix`.*"segment-logs\/ios\/"/],
    ["prefix", "/segment-logs/", /`prefix`/],
    ["sampleSize", 0, /`sampleSize` is 0\. Set a whole number from 1 to 249/],
    ["sampleSize", 250, /`sampleSize`/],
    ["crawlerName", "", /`crawlerName` has 0 bytes/],
    ["securityConfiguration", "safe", /`logsKmsKeyArn` isn't set beside/],
    ["recrawlBehavior", "SOMETIMES", /`recrawlBehavior`.*CRAWL_NEW_FOLDERS_ONLY/],
    ["updateBehavior", "DELETE", /`updateBehavior`.*UPDATE_IN_DATABASE, LOG/],
  ] as const) {
    it(`refuses ${field} ${bad}`, async () => {
      await assert.rejects(
        resourcesOf(() => new CrawledSource("ios", { ...args, [field]: bad })),
        (error: Error) => error instanceof ArgumentError && message.test(error.message),
      );
    });
  }

  it("names the table as a crawler does", () => {
    assert.equal(crawledTableName("segment-logs/ksMsMXyyEaIOS/"), "ksmsmxyyeaios");
    assert.equal(crawledTableName("logs/My-App.v2/", "raw_"), "raw_my_app_v2");
  });
});
