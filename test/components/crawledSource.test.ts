import assert from "node:assert/strict";
import {
  ArgumentError,
  CrawledSource,
  CrawledSourceArgs,
  crawledTableName,
} from "../../components";
import {
  dependenciesOf,
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
      Condition: { StringLikeIfExists: { "s3:prefix": ["segment-logs/ksMsMXyyEaIOS/*"] } },
    });
    assert.deepEqual(bySid["LocateDataset"], {
      Sid: "LocateDataset",
      Effect: "Allow",
      Action: ["s3:GetBucketLocation"],
      Resource: "arn:aws:s3:::raw",
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

  it("lets the role look its security configuration up, and makes the crawler after that", async () => {
    const safe = { securityConfiguration: "safe", logsKmsKeyArn: "logs-key" };
    const made = await resourcesOf(() => new CrawledSource("ios", { ...args, ...safe }));
    assert.deepEqual(
      policyOf(made).filter(({ Sid }) => Sid === "SecurityConfiguration"),
      [
        {
          Sid: "SecurityConfiguration",
          Effect: "Allow",
          Action: ["glue:GetSecurityConfiguration"],
          Resource: "*",
        },
      ],
    );
    assert.ok(dependenciesOf(made, "aws:glue/crawler:Crawler").includes("ios-crawler"));
    const plain = await resourcesOf(() => new CrawledSource("ios", args));
    assert.ok(!JSON.stringify(policyOf(plain)).includes("GetSecurityConfiguration"));
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
