import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { PartitionedEtlJob, PartitionedEtlJobArgs } from "../../components";
import { inputsOf, namesOf, recordResources, resourcesOf, statementsOf } from "./recorder";

describe("PartitionedEtlJob", () => {
  let folder: string;
  let args: PartitionedEtlJobArgs;

  before(() => recordResources());

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "job-"));
    const scriptPath = path.join(folder, "main.py");
    const packagePath = path.join(folder, "events");
    fs.writeFileSync(scriptPath, "print('hello')\n");
    fs.mkdirSync(path.join(packagePath, "__pycache__"), { recursive: true });
    fs.writeFileSync(path.join(packagePath, "__init__.py"), "");
    fs.writeFileSync(path.join(packagePath, "__pycache__", "x.pyc"), "cache");
    args = {
      jobName: "mobile-user-daily",
      scriptPath,
      packagePath,
      assetsBucketName: "assets",
      sources: [
        {
          name: "ios",
          databaseName: "segment_logs",
          tableName: "ios_table",
          bucketName: "raw",
          prefix: "segment-logs/ios/",
          receivedDayUnit: "milliseconds",
        },
      ],
      outputBucketName: "curated",
      databaseName: "mobile_analytics",
      tableName: "mobile_user",
      workflowName: "mobile-user",
      dropFields: ["integrations"],
    };
  });

  afterEach(() => fs.rmSync(folder, { recursive: true }));

  const jobOf = async (changes: Partial<PartitionedEtlJobArgs> = {}) =>
    inputsOf(
      await resourcesOf(() => new PartitionedEtlJob("daily", { ...args, ...changes })),
      "aws:glue/job:Job",
    );

  it("makes script, package, log groups, role, policy, job and the table of what can't be read", async () => {
    const made = await resourcesOf(() => new PartitionedEtlJob("daily", args));
    assert.deepEqual(namesOf(made), [
      "BucketObjectv2 daily-package",
      "BucketObjectv2 daily-script",
      "CatalogTable daily-quarantine",
      "Job daily",
      "LogGroup daily-error",
      "LogGroup daily-output",
      "PartitionedEtlJob daily",
      "Role daily-job",
      "RolePolicy daily-job",
    ]);
  });

  it("gives the job sound defaults", async () => {
    const { command, defaultArguments, roleArn, ...inputs } = await jobOf();
    assert.equal(roleArn, "arn:aws:test:::daily-job-id");
    assert.match(
      String((command as { scriptLocation: string }).scriptLocation),
      /^s3:\/\/assets\/glue-jobs\/daily\/[0-9a-f]{12}\/main\.py$/,
    );
    assert.deepEqual(inputs, {
      name: "mobile-user-daily",
      glueVersion: "5.1",
      workerType: "G.1X",
      numberOfWorkers: 2,
      executionClass: "STANDARD",
      executionProperty: { maxConcurrentRuns: 1 },
      timeout: 60,
      maxRetries: 1,
    });
    const all = defaultArguments as Record<string, string>;
    assert.match(all["--extra-py-files"] ?? "", /^s3:\/\/assets\/.*\/events\.zip$/);
    assert.deepEqual(JSON.parse(all["--sources"] ?? ""), [
      {
        name: "ios",
        database: "segment_logs",
        table: "ios_table",
        receivedDayUnit: "milliseconds",
        format: "json",
      },
    ]);
    delete all["--extra-py-files"];
    delete all["--sources"];
    assert.deepEqual(all, {
      "--job-bookmark-option": "job-bookmark-disable",
      "--enable-metrics": "true",
      "--enable-observability-metrics": "true",
      "--enable-job-insights": "true",
      "--enable-continuous-cloudwatch-log": "true",
      "--custom-logGroup-prefix": "/aws-glue/jobs/mobile-user-daily",
      "--enable-auto-scaling": "true",
      "--output_path": "s3://curated/",
      "--database": "mobile_analytics",
      "--table": "mobile_user",
      "--output_format": "parquet",
      "--partition_keys": "year,month,date",
      "--time_zone": "America/Los_Angeles",
      "--default_days": "3",
      "--dedupe_days": "3",
      "--target_file_size_mb": "128",
      "--audit": "{}",
      "--drop_fields": '["integrations"]',
    });
  });

  it("takes what is set", async () => {
    const job = await jobOf({
      flex: true,
      numberOfWorkers: 10,
      timeoutMinutes: 30,
      maxRetries: 0,
      notifyDelayMinutes: 20,
      glueVersion: "6.0",
    });
    assert.deepEqual(job["notificationProperty"], { notifyDelayAfter: 20 });
    assert.equal(job["glueVersion"], "6.0");
    assert.equal(job["executionClass"], "FLEX");
    assert.equal(job["numberOfWorkers"], 10);
    assert.equal(job["timeout"], 30);
    assert.equal(job["maxRetries"], 0);
  });

  it("tells the job how sources are read and results are checked", async () => {
    const audit = { minRowsShare: { warn: 0.5, fail: 0.1 }, maxStaleHours: { warn: 36 } };
    const [source] = args.sources;
    assert.ok(source);
    const columns = { timestamp: "at", messageId: "id" };
    const sources = [source, { ...source, name: "crm", format: "csv", columns }];
    const job = await jobOf({ audit, sources, dedupeDays: 0, targetFileSizeMb: 512 });
    const given: Record<string, string> = JSON.parse(JSON.stringify(job["defaultArguments"]));
    assert.deepEqual(JSON.parse(given["--audit"] ?? ""), audit);
    assert.equal(given["--dedupe_days"], "0");
    assert.equal(given["--target_file_size_mb"], "512");
    const [json, csv] = JSON.parse(given["--sources"] ?? "");
    assert.deepEqual([json.format, "columns" in json], ["json", false]);
    assert.deepEqual([csv.format, csv.columns], ["csv", columns]);
  });

  it("declares the table of what can't be read", async () => {
    let output = "";
    const made = await resourcesOf(() => {
      new PartitionedEtlJob("daily", args).quarantineTableName.apply((name) => (output = name));
    });
    const { storageDescriptor, ...table } = inputsOf(made, "aws:glue/catalogTable:CatalogTable");
    assert.deepEqual(table, {
      name: "mobile_user_quarantine",
      databaseName: "mobile_analytics",
      description: "What couldn't be read on the way to mobile_user",
      tableType: "EXTERNAL_TABLE",
      parameters: { classification: "json", compressionType: "gzip" },
    });
    const { columns, ...storage } = JSON.parse(JSON.stringify(storageDescriptor));
    assert.deepEqual(storage, {
      location: "s3://curated/quarantine/",
      inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
      outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
      serDeInfo: { serializationLibrary: "org.openx.data.jsonserde.JsonSerDe" },
    });
    assert.deepEqual(
      columns.map(({ name, type }: Record<string, string>) => `${name} ${type}`),
      [
        "source string",
        "reason string",
        "object_key string",
        "line_number bigint",
        "received_day string",
        "run_id string",
        "line string",
      ],
    );
    assert.equal(output, "mobile_user_quarantine");
  });

  it("names code by its content: only a change of code changes the job", async () => {
    const location = async () => JSON.stringify(await jobOf());
    const before = await location();
    fs.writeFileSync(path.join(args.packagePath, "__pycache__", "x.pyc"), "other cache");
    fs.writeFileSync(path.join(args.packagePath, "y.pyc"), "stray cache");
    fs.writeFileSync(path.join(args.packagePath, "notes.md"), "# Notes");
    for (const file of [args.scriptPath, path.join(args.packagePath, "__init__.py")]) {
      fs.utimesSync(file, new Date(0), new Date(0));
    }
    assert.equal(await location(), before);
    fs.writeFileSync(path.join(args.packagePath, "__init__.py"), "x = 1\n");
    const after = await location();
    assert.notEqual(after, before);
    fs.appendFileSync(args.scriptPath, "\n");
    assert.notEqual(await location(), after);
  });

  it("names code by its place in the package, too", async () => {
    const rows = path.join(args.packagePath, "rows");
    fs.mkdirSync(rows);
    fs.writeFileSync(path.join(rows, "__init__.py"), "");
    fs.writeFileSync(path.join(rows, "names.py"), "x = 1\n");
    const before = JSON.stringify(await jobOf());
    fs.renameSync(rows, path.join(args.packagePath, "states"));
    assert.notEqual(JSON.stringify(await jobOf()), before);
  });

  it("ships only Python files", async () => {
    const made = await resourcesOf(() => new PartitionedEtlJob("daily", args));
    const { source } = inputsOf(
      made,
      "aws:s3/bucketObjectv2:BucketObjectv2",
      "daily-package",
    ) as unknown as { source: { assets: Promise<Record<string, unknown>> } };
    assert.deepEqual(Object.keys(await source.assets), ["events/__init__.py"]);
  });

  it("lets the role do what the job does and nothing else", async () => {
    const made = await resourcesOf(
      () => new PartitionedEtlJob("daily", { ...args, kmsKeyArn: "key" }),
    );
    const statements = statementsOf(inputsOf(made, "aws:iam/rolePolicy:RolePolicy")["policy"]);
    assert.deepEqual(
      statements.map(({ Sid, Action, Resource }) => [Sid, Action, Resource]),
      [
        ["ListSources", ["s3:ListBucket"], ["arn:aws:s3:::raw"]],
        ["ReadSources", ["s3:GetObject"], ["arn:aws:s3:::raw/segment-logs/ios/*"]],
        [
          "SourceTables",
          ["glue:GetTable", "glue:GetPartitions"],
          [
            "arn:aws:glue:us-west-2:111122223333:catalog",
            "arn:aws:glue:us-west-2:111122223333:database/segment_logs",
            "arn:aws:glue:us-west-2:111122223333:table/segment_logs/ios_table",
          ],
        ],
        ["ListOutput", ["s3:ListBucket"], "arn:aws:s3:::curated"],
        [
          "WriteOutput",
          ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
          "arn:aws:s3:::curated/*",
        ],
        ["Encrypt", ["kms:Decrypt", "kms:GenerateDataKey"], "key"],
        ["KeepTables", keeping, curated("mobile_user")],
        ["ListCode", ["s3:ListBucket"], "arn:aws:s3:::assets"],
        ["ReadCode", ["s3:GetObject"], "arn:aws:s3:::assets/glue-jobs/daily/*"],
        ["Metrics", ["cloudwatch:PutMetricData"], "*"],
        [
          "JobRuns",
          ["glue:GetJobRun"],
          "arn:aws:glue:us-west-2:111122223333:job/mobile-user-daily",
        ],
        [
          "RunProperties",
          ["glue:GetWorkflowRunProperties"],
          "arn:aws:glue:us-west-2:111122223333:workflow/mobile-user",
        ],
        ["Logs", writing, groups("/aws-glue/jobs/mobile-user-daily")],
      ],
    );
  });

  it("has room for thirty sources in what IAM takes of a role's policies", async () => {
    const sources = Array.from({ length: 30 }, (_, index) => ({
      ...(args.sources[0] ?? assert.fail()),
      name: `source-${index}`,
      tableName: `ksmsmxyyea_source_${index}`,
      prefix: `segment-logs/ksMsMXyyEaSource${index}/`,
    }));
    const job = () => new PartitionedEtlJob("daily", { ...args, sources, kmsKeyArn: "key" });
    const { policy } = inputsOf(await resourcesOf(job), "aws:iam/rolePolicy:RolePolicy");
    assert.ok(`${String(policy)}`.length < 10_240);
    const [list, read, tables] = statementsOf(policy);
    assert.deepEqual(list?.Resource, ["arn:aws:s3:::raw"]);
    assert.equal(read?.Resource?.length, 30);
    assert.equal(tables?.Resource?.length, 32);
  });

  it("lets the role put metrics of Glue's and of the job's namespace alone", async () => {
    const made = await resourcesOf(() => new PartitionedEtlJob("daily", args));
    const statements = statementsOf(inputsOf(made, "aws:iam/rolePolicy:RolePolicy")["policy"]);
    const { Condition } = statements.find(({ Sid }) => Sid === "Metrics") ?? {};
    assert.deepEqual(Condition, {
      StringEquals: { "cloudwatch:namespace": ["Glue", "GlueEtl"] },
    });
  });

  const keeping = ["glue:GetTable", "glue:CreateTable", "glue:UpdateTable"];
  const curated = (...tables: string[]) =>
    [
      "catalog",
      "database/mobile_analytics",
      ...tables.map((table) => `table/mobile_analytics/${table}`),
    ].map((path) => `arn:aws:glue:us-west-2:111122223333:${path}`);

  it("lets the role keep the view that types a CSV table, too", async () => {
    const made = await resourcesOf(
      () => new PartitionedEtlJob("daily", { ...args, outputFormat: "csv" }),
    );
    const statements = statementsOf(inputsOf(made, "aws:iam/rolePolicy:RolePolicy")["policy"]);
    const { Action, Resource } = statements.find(({ Sid }) => Sid === "KeepTables") ?? {};
    assert.deepEqual(Action, keeping);
    assert.deepEqual(Resource, curated("mobile_user", "mobile_user_typed"));
  });

  const writing = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"];
  const groups = (prefix: string) =>
    ["error", "output"].map(
      (kind) => `arn:aws:logs:us-west-2:111122223333:log-group:${prefix}/${kind}:*`,
    );

  it("keeps Spark's event logs where that is wanted", async () => {
    const made = await resourcesOf(
      () => new PartitionedEtlJob("daily", { ...args, sparkUi: true }),
    );
    const given = Object(inputsOf(made, "aws:glue/job:Job")["defaultArguments"]);
    assert.equal(given["--enable-spark-ui"], "true");
    assert.equal(given["--spark-event-logs-path"], "s3://assets/spark-ui/daily/");
    const statements = statementsOf(inputsOf(made, "aws:iam/rolePolicy:RolePolicy")["policy"]);
    assert.deepEqual(
      statements
        .filter(({ Sid }) => Sid.includes("EventLogs"))
        .map(({ Sid, Action, Resource, Condition }) => [Sid, Action, Resource, Condition]),
      [
        [
          "ListEventLogs",
          ["s3:ListBucket"],
          "arn:aws:s3:::assets",
          { StringLikeIfExists: { "s3:prefix": ["spark-ui/daily/*"] } },
        ],
        ["ReadEventLogs", ["s3:GetObject"], "arn:aws:s3:::assets/spark-ui/daily/*", undefined],
        ["WriteEventLogs", ["s3:PutObject"], "arn:aws:s3:::assets/spark-ui/daily/*", undefined],
      ],
    );
  });

  it("grants in Lake Formation what a run reads and makes, and no more", async () => {
    const made = await resourcesOf(
      () => new PartitionedEtlJob("daily", { ...args, lakeFormation: true }),
    );
    const principal = "arn:aws:test:::daily-job-id";
    const type = "aws:lakeformation/permissions:Permissions";
    assert.deepEqual(inputsOf(made, type, "daily-job-table-0"), {
      principal,
      permissions: ["DESCRIBE", "SELECT"],
      table: { databaseName: "segment_logs", name: "ios_table" },
    });
    assert.deepEqual(inputsOf(made, type, "daily-job-database"), {
      principal,
      permissions: ["CREATE_TABLE", "DESCRIBE"],
      database: { name: "mobile_analytics" },
    });
    assert.deepEqual(inputsOf(made, type, "daily-job-location"), {
      principal,
      permissions: ["DATA_LOCATION_ACCESS"],
      dataLocation: { arn: "arn:aws:s3:::curated" },
    });
    assert.equal(made.filter((resource) => resource.type === type).length, 3);
  });

  it("makes the groups that Glue writes to, with key and end", async () => {
    const made = await resourcesOf(
      () => new PartitionedEtlJob("daily", { ...args, logsKmsKeyArn: "key", logRetentionDays: 7 }),
    );
    for (const kind of ["error", "output"]) {
      assert.deepEqual(inputsOf(made, "aws:cloudwatch/logGroup:LogGroup", `daily-${kind}`), {
        name: `/aws-glue/jobs/mobile-user-daily/${kind}`,
        retentionInDays: 7,
        kmsKeyId: "key",
      });
    }
  });

  it("follows a security configuration, by which Glue names the groups", async () => {
    const encrypted = { securityConfiguration: "safe", logsKmsKeyArn: "logs-key" };
    const made = await resourcesOf(() => new PartitionedEtlJob("daily", { ...args, ...encrypted }));
    const prefix = "/aws-glue/jobs/safe-role/daily-job-id";
    assert.deepEqual(
      ["error", "output"].map(
        (kind) => inputsOf(made, "aws:cloudwatch/logGroup:LogGroup", `daily-${kind}`)["name"],
      ),
      [`${prefix}/error`, `${prefix}/output`],
    );
    const job = inputsOf(made, "aws:glue/job:Job");
    assert.equal(job["securityConfiguration"], "safe");
    assert.ok(!("--custom-logGroup-prefix" in Object(job["defaultArguments"])));
    const statements = statementsOf(inputsOf(made, "aws:iam/rolePolicy:RolePolicy")["policy"]);
    const bySid = Object.fromEntries(statements.map((statement) => [statement.Sid, statement]));
    assert.deepEqual(bySid["Logs"]?.Resource, groups(prefix));
    assert.deepEqual(bySid["Logs"]?.Action, [...writing, "logs:AssociateKmsKey"]);
    assert.equal(bySid["LogsKey"]?.Resource, "logs-key");
  });
});
