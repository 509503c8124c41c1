import assert from "node:assert/strict";
import { inputsOf, Recorded } from "./components/recorder";
import { sources, stack } from "./stack";

const ofType = (resources: Recorded[], type: string) =>
  resources.filter((resource) => resource.type === type).map(({ inputs }) => inputs["name"]);

describe("the stack", () => {
  it("has the eight steps, exactly", async () => {
    const made = await stack({ nameSuffix: "" });
    const trigger = (name: string) => {
      const { type, schedule, predicate, actions } = inputsOf(
        made,
        "aws:glue/trigger:Trigger",
        name,
      );
      return { type, schedule, predicate, actions };
    };
    const after = (condition: object) => ({
      logical: "AND",
      conditions: [{ logicalOperator: "EQUALS", ...condition }],
    });
    assert.deepEqual(ofType(made, "aws:glue/workflow:Workflow"), ["mobile-user"]);
    assert.deepEqual(ofType(made, "aws:glue/trigger:Trigger").sort(), [
      "android-crawler-trigger",
      "mobile-crawler-trigger",
      "mobile-user-etl-trigger",
      "mobile-user-start",
    ]);
    assert.deepEqual(ofType(made, "aws:glue/crawler:Crawler").sort(), [
      "segmentlogs-Android",
      "segmentlogs-IOS",
      "segmentlogs-Mobile",
    ]);
    assert.deepEqual(ofType(made, "aws:glue/job:Job"), ["mobile-user-daily"]);
    assert.deepEqual(trigger("mobile-user-start"), {
      type: "SCHEDULED",
      schedule: "cron(0 13 * * ? *)",
      predicate: undefined,
      actions: [{ crawlerName: "segmentlogs-IOS" }],
    });
    assert.deepEqual(trigger("android-crawler-trigger"), {
      type: "CONDITIONAL",
      schedule: undefined,
      predicate: after({ crawlerName: "segmentlogs-IOS", crawlState: "SUCCEEDED" }),
      actions: [{ crawlerName: "segmentlogs-Android" }],
    });
    assert.deepEqual(trigger("mobile-user-etl-trigger"), {
      type: "CONDITIONAL",
      schedule: undefined,
      predicate: after({ crawlerName: "segmentlogs-Android", crawlState: "SUCCEEDED" }),
      actions: [{ jobName: "mobile-user-daily" }],
    });
    assert.deepEqual(trigger("mobile-crawler-trigger"), {
      type: "CONDITIONAL",
      schedule: undefined,
      predicate: after({ jobName: "mobile-user-daily", state: "SUCCEEDED" }),
      actions: [{ crawlerName: "segmentlogs-Mobile" }],
    });
  });

  it("crawls raw events side by side where config says so, two at a time", async () => {
    const three = [...sources, { name: "web", sourceId: "ksWEB" }];
    const triggers = async (list: object[]) =>
      (await stack({ nameSuffix: "", parallelCrawlers: true, sources: list }))
        .filter(({ type }) => type === "aws:glue/trigger:Trigger")
        .map(({ name, inputs }) => [name, inputs["actions"]]);
    const rest = [
      ["mobile-user-etl-trigger", [{ jobName: "mobile-user-daily" }]],
      ["mobile-crawler-trigger", [{ crawlerName: "segmentlogs-Mobile" }]],
    ];
    const start = [
      "mobile-user-start",
      [{ crawlerName: "segmentlogs-IOS" }, { crawlerName: "segmentlogs-Android" }],
    ];
    assert.deepEqual(await triggers(sources), [start, ...rest]);
    assert.deepEqual(await triggers(three), [
      start,
      ["web-crawler-trigger", [{ crawlerName: "segmentlogs-web" }]],
      ...rest,
    ]);
  });

  it("carries the stack's name in every name, unless config says otherwise", async () => {
    const made = await stack({ scheduleEnabled: false }, "dev");
    assert.deepEqual(ofType(made, "aws:glue/workflow:Workflow"), ["mobile-user-dev"]);
    assert.deepEqual(ofType(made, "aws:glue/job:Job"), ["mobile-user-daily-dev"]);
    assert.deepEqual(ofType(made, "aws:glue/catalogDatabase:CatalogDatabase").sort(), [
      "mobile_analytics_dev",
      "segment_logs_dev",
    ]);
    const start = inputsOf(made, "aws:glue/trigger:Trigger", "mobile-user-start-dev");
    assert.equal(start["enabled"], false);
  });

  it("takes a third source by config alone", async () => {
    const made = await stack({
      nameSuffix: "",
      sources: [...sources, { name: "web", sourceId: "ksWEB", receivedDayUnit: "seconds" }],
    });
    assert.ok(ofType(made, "aws:glue/crawler:Crawler").includes("segmentlogs-web"));
    const { predicate } = inputsOf(made, "aws:glue/trigger:Trigger", "mobile-user-etl-trigger");
    assert.match(JSON.stringify(predicate), /segmentlogs-web/);
    const { defaultArguments } = inputsOf(made, "aws:glue/job:Job");
    const given = JSON.parse(String((defaultArguments as Record<string, string>)["--sources"]));
    assert.deepEqual(given[2], {
      name: "web",
      database: "segment_logs",
      table: "ksweb",
      receivedDayUnit: "seconds",
      format: "json",
    });
  });

  const argumentsOf = (made: Recorded[]): Record<string, string> =>
    JSON.parse(JSON.stringify(inputsOf(made, "aws:glue/job:Job")["defaultArguments"]));

  it("takes sources of other formats by config alone", async () => {
    const columns = { timestamp: "occurred_at", messageId: "id" };
    const crm = { name: "crm", sourceId: "ksCRM", format: "csv", columns };
    const given = argumentsOf(await stack({ nameSuffix: "", sources: [...sources, crm] }));
    const [ios, , csv] = JSON.parse(given["--sources"] ?? "");
    assert.deepEqual([ios.format, "columns" in ios], ["json", false]);
    assert.deepEqual([csv.format, csv.columns], ["csv", columns]);
  });

  it("has no crawler for a source whose table is declared", async () => {
    const declared = sources.map((source) => ({ ...source, catalog: "declared" }));
    const made = await stack({ nameSuffix: "", sources: declared });
    assert.deepEqual(ofType(made, "aws:glue/crawler:Crawler"), ["segmentlogs-Mobile"]);
    const { actions, type } = inputsOf(made, "aws:glue/trigger:Trigger", "mobile-user-start");
    assert.deepEqual([type, actions], ["SCHEDULED", [{ jobName: "mobile-user-daily" }]]);
    const { name, storageDescriptor } = inputsOf(
      made,
      "aws:glue/catalogTable:CatalogTable",
      "android",
    );
    const { columns } = JSON.parse(JSON.stringify(storageDescriptor));
    assert.ok(columns.some((column: { name: string }) => column.name === "messageid"));
    const [, android] = JSON.parse(argumentsOf(made)["--sources"] ?? "");
    assert.deepEqual([name, android.table], ["ksmsmxyyeaandroid", "ksmsmxyyeaandroid"]);
  });

  it("declares the columns that config names", async () => {
    const tableColumns = [{ name: "occurred_at", type: "string" }];
    const crm = { name: "crm", sourceId: "ksCRM", format: "csv", columns: { timestamp: "t" } };
    const made = await stack({ sources: [{ ...crm, catalog: "declared", tableColumns }] });
    const { storageDescriptor } = inputsOf(made, "aws:glue/catalogTable:CatalogTable", "crm");
    assert.deepEqual(JSON.parse(JSON.stringify(storageDescriptor)).columns, tableColumns);
  });

  it("crawls what events tell of where config says so, and has the bucket send them", async () => {
    const events = sources.map((source) => ({ ...source, catalog: "events" }));
    const notification = "aws:s3/bucketNotification:BucketNotification";
    const made = await stack({ sources: events });
    const { eventbridge } = inputsOf(made, notification);
    assert.equal(eventbridge, true);
    for (const name of ["ios", "android"]) {
      const { recrawlPolicy } = inputsOf(made, "aws:glue/crawler:Crawler", name);
      assert.deepEqual(recrawlPolicy, { recrawlBehavior: "CRAWL_EVENT_MODE" });
      const { kmsMasterKeyId } = inputsOf(made, "aws:sqs/queue:Queue", `${name}-events`);
      assert.equal(kmsMasterKeyId, "arn:aws:test:::mobile-user-id");
    }
    for (const untouched of [await stack({}), await stack({ sources: events, rawBucket: "x" })]) {
      assert.ok(!untouched.some(({ type }) => type === notification));
    }
  });

  it("hands the job what config says of its runs", async () => {
    const audit = { maxQuarantinedShare: { warn: 0.01, fail: 0.2 }, maxStaleHours: { fail: 48 } };
    const given = argumentsOf(
      await stack({ defaultDays: "7", dedupeDays: "0", targetFileSizeMb: "256", audit }, "dev"),
    );
    assert.equal(given["--default_days"], "7");
    assert.equal(given["--dedupe_days"], "0");
    assert.equal(given["--target_file_size_mb"], "256");
    assert.deepEqual(JSON.parse(given["--audit"] ?? ""), audit);
    assert.equal(given["--database"], "mobile_analytics_dev");
  });

  it("declares the table of what can't be read beside the dataset's", async () => {
    const made = await stack({}, "dev");
    const { name, databaseName } = inputsOf(
      made,
      "aws:glue/catalogTable:CatalogTable",
      "mobile-user-daily-quarantine",
    );
    assert.deepEqual([name, databaseName], ["mobile_user_quarantine", "mobile_analytics_dev"]);
  });

  it("tags everything that takes tags", async () => {
    const made = await stack({ nameSuffix: "" });
    const taggable =
      /aws:(glue\/(crawler|job|trigger|workflow|catalogDatabase)|iam\/role|kms\/key|s3\/(bucket|bucketObjectv2)|athena\/workgroup|cloudwatch\/(logGroup|eventRule|metricAlarm)|sfn\/stateMachine|sns\/topic):/;
    const untagged = made.filter(
      ({ type, inputs }) =>
        taggable.test(type) &&
        JSON.stringify(inputs["tags"]) !==
          '{"CostCenter":"c","Environment":"prod","Owner":"us","Project":"glue-etl"}' &&
        Object.keys(inputs["tags"] ?? {}).length !== 4,
    );
    assert.deepEqual(untagged, []);
  });

  it("encrypts what every crawler and the job write and log", async () => {
    const made = await stack({ nameSuffix: "" });
    const encrypted = made.filter(({ type }) => /^aws:glue\/(crawler|job):/.test(type));
    assert.equal(encrypted.length, 4);
    for (const { name, inputs } of encrypted) {
      assert.equal(inputs["securityConfiguration"], "mobile-user-id", name);
    }
    const groups = made.filter(({ type }) => type === "aws:cloudwatch/logGroup:LogGroup");
    assert.deepEqual(groups.map(({ inputs }) => inputs["name"]).sort(), [
      "/aws-glue/crawlers-role/android-crawler-id-mobile-user-id",
      "/aws-glue/crawlers-role/ios-crawler-id-mobile-user-id",
      "/aws-glue/crawlers-role/mobile-user-crawler-id-mobile-user-id",
      "/aws-glue/jobs/mobile-user-id-role/mobile-user-daily-job-id/error",
      "/aws-glue/jobs/mobile-user-id-role/mobile-user-daily-job-id/output",
      "/aws/vendedlogs/states/idle-compute-states-id",
      "/aws/vendedlogs/states/mobile-user-deadline-states-id",
      "/aws/vendedlogs/states/mobile-user-recovery-states-id",
    ]);
    for (const { name, inputs } of groups) {
      assert.equal(inputs["kmsKeyId"], "arn:aws:test:::mobile-user-id", name);
      assert.equal(inputs["retentionInDays"], 30, name);
    }
  });

  it("tells of the failures of every crawler and the job", async () => {
    const made = await stack({ notificationEmails: ["team@example.com"] }, "dev");
    const detail = (name: string): unknown =>
      JSON.parse(String(inputsOf(made, "aws:cloudwatch/eventRule:EventRule", name)["eventPattern"]))
        .detail;
    assert.deepEqual(detail("mobile-user-crawlers"), {
      crawlerName: ["segmentlogs-IOS-dev", "segmentlogs-Android-dev", "segmentlogs-Mobile-dev"],
      state: ["Failed"],
    });
    assert.deepEqual(detail("mobile-user-jobs"), {
      jobName: ["mobile-user-daily-dev"],
      state: ["FAILED", "TIMEOUT", "STOPPED"],
    });
    const subscription = inputsOf(made, "aws:sns/topicSubscription:TopicSubscription");
    assert.equal(subscription["endpoint"], "team@example.com");
  });

  it("takes the Glue version that config says, but none too old for the job", async () => {
    const glueVersion = async (config: object) =>
      inputsOf(await stack({ ...config }), "aws:glue/job:Job")["glueVersion"];
    assert.equal(await glueVersion({}), "5.1");
    assert.equal(await glueVersion({ glueVersion: "6.0" }), "6.0");
    await assert.rejects(glueVersion({ glueVersion: "5.0" }), /`glueVersion` is "5\.0"/);
  });

  it("takes spare capacity where config says so", async () => {
    const executionClass = async (flex: string) =>
      inputsOf(await stack({ flex }), "aws:glue/job:Job")["executionClass"];
    assert.equal(await executionClass("true"), "FLEX");
    assert.equal(await executionClass("false"), "STANDARD");
  });

  it("has the crawler leave the columns of a CSV table alone", async () => {
    const updateBehavior = async (outputFormat: string) => {
      const made = await stack({ nameSuffix: "", outputFormat });
      const { schemaChangePolicy } = inputsOf(made, "aws:glue/crawler:Crawler", "mobile-user");
      return JSON.parse(JSON.stringify(schemaChangePolicy)).updateBehavior;
    };
    assert.equal(await updateBehavior("csv"), "LOG");
    assert.equal(await updateBehavior("parquet"), "UPDATE_IN_DATABASE");
  });

  it("bounds every role of Glue where config says so", async () => {
    const permissionsBoundaryArn = "arn:aws:iam::123456789012:policy/boundary";
    const boundaries = (made: Recorded[]) =>
      made
        .filter(({ type }) => type === "aws:iam/role:Role")
        .map(({ inputs }) => inputs["permissionsBoundary"]);
    assert.deepEqual(
      new Set(boundaries(await stack({ permissionsBoundaryArn }))),
      new Set([permissionsBoundaryArn]),
    );
    assert.deepEqual(new Set(boundaries(await stack({}))), new Set([undefined]));
  });

  it("leaves an adopted bucket and its logging alone", async () => {
    const made = await stack({ rawBucket: "theirs" });
    const touched = made.filter(
      ({ type, inputs }) => type.startsWith("aws:s3/") && JSON.stringify(inputs).includes("theirs"),
    );
    assert.deepEqual(touched, []);
    assert.ok(
      made.every(
        ({ type, name }) => type !== "aws:s3/bucketLogging:BucketLogging" || !/raw/.test(name),
      ),
    );
  });

  it("drops private fields, unless config keeps them", async () => {
    const dropped = (made: Recorded[]) => {
      const { defaultArguments } = inputsOf(made, "aws:glue/job:Job", "mobile-user-daily");
      const given: Record<string, string> = JSON.parse(JSON.stringify(defaultArguments));
      return given["--drop_fields"];
    };
    const fields = ["integrations", "context.ip", "context.device.advertisingId"];
    assert.equal(dropped(await stack({})), JSON.stringify(fields));
    const kept = await stack({ keepPrivateFields: ["context.ip"] });
    assert.equal(dropped(kept), JSON.stringify(["integrations", "context.device.advertisingId"]));
  });

  it("refuses fields in config that can't be", async () => {
    await assert.rejects(stack({ dropFields: ["context..ip"] }), /glue-etl:dropFields .*dots/s);
    await assert.rejects(
      stack({ keepPrivateFields: ["context.idfa"] }),
      /glue-etl:keepPrivateFields .*context\.ip/s,
    );
  });

  it("refuses what is no address in config", async () => {
    await assert.rejects(
      stack({ notificationEmails: ["team"] }),
      /glue-etl:notificationEmails in Pulumi\.prod\.yaml: .*[Ii]nvalid email/s,
    );
  });

  for (const [what, bad, message] of [
    ["no source", [], /name at least one source/],
    ["a source twice", [sources[0], sources[0]], /name each source once/],
    ["an unknown key", [{ ...sources[0], colour: "red" }], /colour/],
    ["an unknown unit", [{ ...sources[0], receivedDayUnit: "days" }], /receivedDayUnit/],
    ["an unknown format", [{ ...sources[0], format: "avro" }], /"json"\|"csv"\|"parquet".*format/s],
    ["CSV without columns", [{ ...sources[0], format: "csv" }], /name the column.*\[0\]\.columns/s],
    [
      "columns without a timestamp",
      [{ ...sources[0], format: "parquet", columns: { messageId: "id" } }],
      /\[0\]\.columns\.timestamp/,
    ],
    ["an unknown catalog", [{ ...sources[0], catalog: "hive" }], /"crawler"\|"events"\|"declared"/],
    [
      "columns of a crawled table",
      [{ ...sources[0], tableColumns: [{ name: "a", type: "string" }] }],
      /leave it out, or set `catalog: declared`.*tableColumns/s,
    ],
    [
      "declared CSV without columns",
      [{ ...sources[0], format: "csv", columns: { timestamp: "at" }, catalog: "declared" }],
      /declare the columns of csv.*tableColumns/s,
    ],
    [
      "columns of JSON",
      [{ ...sources[0], columns: { timestamp: "at" } }],
      /leave it out.*columns/s,
    ],
  ] as const) {
    it(`refuses ${what} in config`, async () => {
      await assert.rejects(stack({ sources: bad }), message);
    });
  }

  for (const [key, bad, message] of [
    ["defaultDays", "0", />=1/],
    ["dedupeDays", "31", /<=30/],
    ["targetFileSizeMb", "2000", /<=1024/],
    ["targetFileSizeMb", "1.5", /expected int/],
    ["audit", { minRows: { warn: 1 } }, /minRows/],
    ["audit", { minRowsShare: { warn: 2 } }, /<=1.*minRowsShare\.warn/s],
    ["audit", { maxStaleHours: { warn: 0 } }, />0.*maxStaleHours\.warn/s],
    ["audit", { minRowsShare: { warn: 0.1, fail: 0.5 } }, /at most `warn`.*minRowsShare\.fail/s],
    ["audit", { maxStaleHours: { warn: 36, fail: 24 } }, /at least `warn`.*maxStaleHours\.fail/s],
    ["slack", { teamId: "T1" }, /channelId/],
    ["notificationQueues", ["queue"], /ARN of an SQS queue/],
    ["alarms", { maxMinutes: 1 }, /maxMinutes/],
    ["recovery", { resumes: 1 }, /resumes/],
    ["janitor", { remove: "yes" }, /boolean.*remove/s],
    [
      "audit",
      { maxQuarantinedShare: { warn: 0.5, fail: 0.1 } },
      /at least `warn`.*maxQuarantinedShare\.fail/s,
    ],
  ] as const) {
    it(`refuses ${key} ${JSON.stringify(bad)} in config`, async () => {
      await assert.rejects(stack({ [key]: bad }), (error: Error) => {
        assert.match(error.message, new RegExp(`config glue-etl:${key} in Pulumi\\.prod\\.yaml`));
        assert.match(error.message, message);
        return true;
      });
    });
  }

  it("checks results unless config says otherwise", async () => {
    assert.deepEqual(JSON.parse(argumentsOf(await stack({}))["--audit"] ?? ""), {
      minRowsShare: { warn: 0.5 },
      maxQuarantinedShare: { warn: 0.05 },
      maxStaleHours: { warn: 36 },
    });
    assert.equal(argumentsOf(await stack({ audit: {} }))["--audit"], "{}");
  });
});
