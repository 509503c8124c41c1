import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentChecks } from "./arguments";
import { checkLogArgs, logGroups, writeLogs } from "./glueLogs";
import { glueRole, grant } from "./glueRole";
import { UploadedCode, uploadCode } from "./jobCode";
import { arns, Arns, readPrefix, Statement } from "./policyDocuments";

/** A catalog table that the job reads, with the S3 folder it stands for. */
export interface JobSource {
  /** Name of the source: the value of the column `platform`. */
  name: string;
  databaseName: pulumi.Input<string>;
  tableName: pulumi.Input<string>;
  bucketName: pulumi.Input<string>;
  /** Folder of the table in the bucket, with a final slash. */
  prefix: pulumi.Input<string>;
  /** Unit of the epoch that names a received-day folder: `milliseconds` or `seconds`. */
  receivedDayUnit: string;
}

/** Arguments of {@link PartitionedEtlJob}. */
export interface PartitionedEtlJobArgs {
  /** Name of the job in Glue, exactly: no suffix is added. */
  jobName: string;
  /** What the job is for, shown in the Glue console. */
  description?: pulumi.Input<string>;
  /** Path of the PySpark script. */
  scriptPath: string;
  /** Path of the folder of the Python package that the script imports; it is shipped as a zip. */
  packagePath: string;
  /** Bucket that gets script and package. */
  assetsBucketName: pulumi.Input<string>;
  /** The tables to read and unite by column name. */
  sources: JobSource[];
  /** Bucket that gets the dataset, at its root. The job owns this bucket's content. */
  outputBucketName: pulumi.Input<string>;
  /** Name of the dataset: its folder, and so its table. Small letters, digits and `_`. */
  tableName: string;
  /** `parquet` or `csv` (gzipped). Default: `parquet`. */
  outputFormat?: string;
  /** Folders of the dataset, outermost first: some of `year`, `month`, `date`. Default: all three. */
  partitionKeys?: string[];
  /** IANA time zone of the partitions and of `local_timestamp`. Default: `America/Los_Angeles`. */
  timeZone?: string;
  /** Received days, up to and with today (UTC), that a run takes by default. Default: 3. */
  defaultDays?: number;
  /**
   * Fields that are dropped before anything else is done, with all below them, as paths joined by
   * dots: `context.ip`. Default: none.
   */
  dropFields?: string[];
  /** Workflow whose run properties the job reads (start_date, end_date). Default: none. */
  workflowName?: pulumi.Input<string>;
  /** Glue version, 5.0 or later: those before it log elsewhere. Default: `5.1`. */
  glueVersion?: pulumi.Input<string>;
  /** Worker type. Default: `G.1X` (1 DPU: 4 cores, 16 GB). */
  workerType?: pulumi.Input<string>;
  /** Workers, one of which is the driver; the most of them with `autoScaling`. 2 or more. Default: 2. */
  numberOfWorkers?: number;
  /** Whether Glue takes workers only while it has work for them. Default: true. */
  autoScaling?: boolean;
  /** Whether the job runs on spare capacity, cheaper and with no promise of a start time. Default: false. */
  flex?: boolean;
  /** Minutes after which a run is stopped, 1 to 2880. Default: 60. */
  timeoutMinutes?: number;
  /** Tries after a failed one, 0 to 10. Default: 1. */
  maxRetries?: number;
  /** Days that the job's logs are kept. Default: 30. */
  logRetentionDays?: pulumi.Input<number>;
  /** KMS key of the buckets. Default: they aren't encrypted with a customer's key. */
  kmsKeyArn?: pulumi.Input<string>;
  /**
   * Glue security configuration that encrypts the dataset, and the logs with `logsKmsKeyArn`.
   * Default: none.
   */
  securityConfiguration?: pulumi.Input<string>;
  /** KMS key of the job's logs; needed with `securityConfiguration`. Default: CloudWatch's own. */
  logsKmsKeyArn?: pulumi.Input<string>;
  /** Permissions boundary of the job's role. Default: none. */
  permissionsBoundaryArn?: pulumi.Input<string>;
  /** Tags of every resource that takes tags. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

const partitionKeys = ["year", "month", "date"];
const outputFormats = ["parquet", "csv"];
const receivedDayUnits = ["milliseconds", "seconds"];

/**
 * A PySpark job on Glue that reads catalog tables and writes one dataset, partitioned by local
 * date: script and package, role, log group and job.
 */
export class PartitionedEtlJob extends pulumi.ComponentResource {
  public readonly jobName: pulumi.Output<string>;
  /** `s3://bucket/`: the root of all that the job writes. */
  public readonly outputPath: pulumi.Output<string>;
  /** Folder of the dataset in the output bucket, with a final slash. */
  public readonly datasetPrefix: pulumi.Output<string>;
  /** Where Glue and Spark log, and where the script's own output goes. */
  public readonly logGroupNames: pulumi.Output<string[]>;

  constructor(name: string, args: PartitionedEtlJobArgs, opts?: pulumi.ComponentResourceOptions) {
    super("glue-etl:index:PartitionedEtlJob", name, {}, opts);
    const settings = normalize(name, args);
    const code = uploadCode(name, { ...args, bucketName: args.assetsBucketName }, { parent: this });
    const role = glueRole(
      `${name}-job`,
      { ...args, description: `Glue job ${args.jobName}` },
      this,
    );
    const logs = logGroups(jobLogGroups(name, args, role), args, this);
    const to = arns({ parent: this });
    const policy = grant(`${name}-job`, role, [
      ...jobStatements(to, args, code),
      ...writeLogs(
        to,
        logs.map((group) => group.name),
        args,
      ),
    ]);
    this.outputPath = pulumi.interpolate`s3://${args.outputBucketName}/`;
    const job = new aws.glue.Job(
      name,
      {
        name: args.jobName,
        description: args.description,
        roleArn: role.arn,
        command: { name: "glueetl", pythonVersion: "3", scriptLocation: code.scriptLocation },
        glueVersion: args.glueVersion ?? "5.1",
        workerType: args.workerType ?? "G.1X",
        numberOfWorkers: settings.numberOfWorkers,
        executionClass: args.flex ? "FLEX" : "STANDARD",
        executionProperty: { maxConcurrentRuns: 1 },
        timeout: settings.timeoutMinutes,
        maxRetries: settings.maxRetries,
        defaultArguments: {
          ...platformArguments(settings.autoScaling, code),
          ...logArguments(args),
          ...this.contractArguments(args, settings),
        },
        securityConfiguration: args.securityConfiguration,
        tags: args.tags,
      },
      { parent: this, dependsOn: [policy, ...logs] },
    );
    this.jobName = job.name;
    this.datasetPrefix = pulumi.output(`${args.tableName}/`);
    this.logGroupNames = pulumi.all(logs.map((group) => group.name));
    this.registerOutputs({ jobName: this.jobName, outputPath: this.outputPath });
  }

  /** The arguments that the script reads. */
  private contractArguments(args: PartitionedEtlJobArgs, settings: Settings) {
    return {
      "--sources": pulumi.jsonStringify(
        args.sources.map((source) => ({
          name: source.name,
          database: source.databaseName,
          table: source.tableName,
          receivedDayUnit: source.receivedDayUnit,
          format: "json",
        })),
      ),
      "--output_path": this.outputPath,
      "--table": args.tableName,
      "--output_format": settings.outputFormat,
      "--partition_keys": settings.partitionKeys.join(","),
      "--time_zone": settings.timeZone,
      "--default_days": `${settings.defaultDays}`,
      "--drop_fields": JSON.stringify(args.dropFields ?? []),
    };
  }
}

type Settings = ReturnType<typeof normalize>;

function normalize(name: string, args: PartitionedEtlJobArgs) {
  const check = new ArgumentChecks(`PartitionedEtlJob "${name}"`);
  const settings = {
    outputFormat: args.outputFormat ?? "parquet",
    partitionKeys: args.partitionKeys ?? partitionKeys,
    timeZone: args.timeZone ?? "America/Los_Angeles",
    defaultDays: args.defaultDays ?? 3,
    numberOfWorkers: args.numberOfWorkers ?? 2,
    autoScaling: args.autoScaling ?? true,
    timeoutMinutes: args.timeoutMinutes ?? 60,
    maxRetries: args.maxRetries ?? 1,
  };
  check.file("scriptPath", args.scriptPath);
  check.file("packagePath", args.packagePath);
  check.distinct(
    "sources",
    args.sources.map((source) => source.name),
  );
  for (const source of args.sources) {
    check.oneOf(
      `sources[${source.name}].receivedDayUnit`,
      source.receivedDayUnit,
      receivedDayUnits,
    );
  }
  if (!/^[a-z0-9][a-z0-9_]*$/.test(args.tableName)) {
    check.fail("tableName", `is "${args.tableName}"`, "Use small letters, digits and `_`");
  }
  check.oneOf("outputFormat", settings.outputFormat, outputFormats);
  check.distinct("partitionKeys", settings.partitionKeys);
  settings.partitionKeys.forEach((key) => check.oneOf("partitionKeys", key, partitionKeys));
  check.timeZone("timeZone", settings.timeZone);
  check.wholeNumber("defaultDays", settings.defaultDays, 1, 366);
  check.wholeNumber("numberOfWorkers", settings.numberOfWorkers, 2, 299);
  check.wholeNumber("timeoutMinutes", settings.timeoutMinutes, 1, 2880);
  check.wholeNumber("maxRetries", settings.maxRetries, 0, 10);
  checkLogArgs(check, args);
  return settings;
}

/** The arguments that Glue itself reads (AWS Glue guide, "Job parameters"). */
function platformArguments(autoScaling: boolean, code: UploadedCode) {
  return {
    "--extra-py-files": code.packageLocation,
    "--job-bookmark-option": "job-bookmark-disable",
    "--enable-metrics": "true",
    "--enable-observability-metrics": "true",
    "--enable-continuous-cloudwatch-log": "true",
    "--enable-auto-scaling": `${autoScaling}`,
  };
}

/** Without a security configuration, a prefix tells the job's groups from those of other jobs. */
function logArguments(args: PartitionedEtlJobArgs): Record<string, string> {
  return args.securityConfiguration === undefined
    ? { "--custom-logGroup-prefix": ownLogPrefix(args) }
    : {};
}

const ownLogPrefix = ({ jobName }: PartitionedEtlJobArgs) => `/aws-glue/jobs/${jobName}`;

/**
 * The two groups of a job of Glue 5 (AWS Glue guide, "Logging for AWS Glue jobs"). With encrypted
 * logs they carry the names of the security configuration and the job's role.
 */
function jobLogGroups(
  name: string,
  args: PartitionedEtlJobArgs,
  role: aws.iam.Role,
): Record<string, pulumi.Input<string>> {
  const { securityConfiguration } = args;
  const prefix =
    securityConfiguration === undefined
      ? ownLogPrefix(args)
      : pulumi.interpolate`/aws-glue/jobs/${securityConfiguration}-role/${role.name}`;
  return {
    [`${name}-error`]: pulumi.interpolate`${prefix}/error`,
    [`${name}-output`]: pulumi.interpolate`${prefix}/output`,
  };
}

function jobStatements(to: Arns, args: PartitionedEtlJobArgs, code: UploadedCode): Statement[] {
  return [
    ...sourceStatements(to, args.sources),
    ...outputStatements(to, args),
    ...readPrefix(to, "Code", args.assetsBucketName, code.prefix),
    ...runStatements(to, args),
  ];
}

function sourceStatements(to: Arns, sources: JobSource[]): Statement[] {
  return sources.flatMap((source, index) => [
    ...readPrefix(to, `Source${index}`, source.bucketName, source.prefix),
    {
      Sid: `TableSource${index}`,
      Action: ["glue:GetTable", "glue:GetPartitions"],
      Resource: to.tables(source.databaseName, source.tableName),
    },
  ]);
}

function outputStatements(to: Arns, args: PartitionedEtlJobArgs): Statement[] {
  const statements: Statement[] = [
    {
      Sid: "ListOutput",
      Action: ["s3:ListBucket"],
      Resource: to.bucket(args.outputBucketName),
    },
    {
      Sid: "WriteOutput",
      Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
      Resource: to.objects(args.outputBucketName, ""),
    },
  ];
  if (args.kmsKeyArn !== undefined) {
    statements.push({
      Sid: "Encrypt",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: args.kmsKeyArn,
    });
  }
  return statements;
}

function runStatements(to: Arns, args: PartitionedEtlJobArgs): Statement[] {
  const statements: Statement[] = [
    {
      // PutMetricData takes no resource (Service Authorization Reference, CloudWatch).
      Sid: "Metrics",
      Action: ["cloudwatch:PutMetricData"],
      Resource: "*",
      Condition: { StringEquals: { "cloudwatch:namespace": "Glue" } },
    },
  ];
  if (args.workflowName !== undefined) {
    statements.push({
      Sid: "RunProperties",
      Action: ["glue:GetWorkflowRunProperties"],
      Resource: to.workflow(args.workflowName),
    });
  }
  return statements;
}
