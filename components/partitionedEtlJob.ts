import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { logGroups, writeLogs } from "./glueLogs";
import { glueRole, grant } from "./glueRole";
import { UploadedCode, uploadCode } from "./jobCode";
import { jobStatements } from "./jobPermissions";
import { JobSettings, jobSettings } from "./jobSettings";
import { arns } from "./policyDocuments";
import { quarantineTable } from "./quarantineTable";

/** Columns of a source that say what its records are, by their names in its files. */
export interface SourceColumns {
  /** Column with the time of the event, ISO 8601 with a zone. */
  timestamp: string;
  /** Column with the event's id, by which repeated ones are found. Default: there is none. */
  messageId?: string;
  /** Column with the time at which the event was received, as `timestamp`. Default: there is none. */
  receivedAt?: string;
}

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
  /** Format of the files: `json` (lines), `csv` (with a header) or `parquet`. Default: `json`. */
  format?: string;
  /** Set for `csv` and `parquet`, and for them only: Segment's JSON has names of its own. */
  columns?: SourceColumns;
}

/** Where a check of a run's result warns in the report, and where it fails the run before it publishes. */
export interface AuditLevels {
  /** Default: it never warns. */
  warn?: number;
  /** Default: it never fails. */
  fail?: number;
}

/** The checks of a run's result. Each that is left out isn't made. */
export interface JobAudit {
  /**
   * Rows written for a received day over the mean of the seven days before it: too low below these
   * levels. Above 0, at most 1.
   */
  minRowsShare?: AuditLevels;
  /** Share of a source's records that are quarantined: too high above these levels. Above 0, at most 1. */
  maxQuarantinedShare?: AuditLevels;
  /** Hours from the newest event to the end of the range, or to now: too many above these levels. */
  maxStaleHours?: AuditLevels;
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
  /** Glue database of the dataset's tables, which the job keeps. */
  databaseName: pulumi.Input<string>;
  /**
   * Name of the dataset: its folder, and so its table. Small letters, digits and `_`. What can't be
   * read goes to the table `<tableName>_quarantine`; a CSV dataset has a view `<tableName>_typed`.
   */
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
   * Received days on either side within which an event that comes again is a duplicate, 0 to 30.
   * Default: 3.
   */
  dedupeDays?: number;
  /** Size of the dataset's files that the job aims at, in MB, 1 to 1024. Default: 128. */
  targetFileSizeMb?: number;
  /** Checks of a run's result. Default: none. */
  audit?: JobAudit;
  /**
   * Fields that are dropped before anything else is done, with all below them, as paths joined by
   * dots: `context.ip`. Default: none.
   */
  dropFields?: string[];
  /** Workflow whose run properties the job reads (start_date, end_date, …). Default: none. */
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

/**
 * A PySpark job on Glue that reads catalog tables and writes one dataset, partitioned by local
 * date: script and package, role, log groups, job, and the table of the records that can't be read.
 */
export class PartitionedEtlJob extends pulumi.ComponentResource {
  public readonly jobName: pulumi.Output<string>;
  /** `s3://bucket/`: the root of all that the job writes. */
  public readonly outputPath: pulumi.Output<string>;
  /** Folder of the dataset in the output bucket, with a final slash. */
  public readonly datasetPrefix: pulumi.Output<string>;
  /** Table of the records that can't be read, in the dataset's database. */
  public readonly quarantineTableName: pulumi.Output<string>;
  /** Where Glue and Spark log, and where the script's own output goes. */
  public readonly logGroupNames: pulumi.Output<string[]>;

  constructor(name: string, args: PartitionedEtlJobArgs, opts?: pulumi.ComponentResourceOptions) {
    super("glue-etl:index:PartitionedEtlJob", name, {}, opts);
    const settings = jobSettings(name, args);
    const code = uploadCode(name, { ...args, bucketName: args.assetsBucketName }, { parent: this });
    const role = glueRole(
      `${name}-job`,
      { ...args, description: `Glue job ${args.jobName}` },
      this,
    );
    const logs = logGroups(jobLogGroups(name, args, role), args, this);
    const to = arns({ parent: this });
    const policy = grant(`${name}-job`, role, [
      ...jobStatements(to, args, settings, code),
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
    this.quarantineTableName = quarantineTable(name, this.outputPath, args, this).name;
    this.logGroupNames = pulumi.all(logs.map((group) => group.name));
    this.registerOutputs({
      jobName: this.jobName,
      outputPath: this.outputPath,
      quarantineTableName: this.quarantineTableName,
    });
  }

  /** The arguments that the script reads. */
  private contractArguments(args: PartitionedEtlJobArgs, settings: JobSettings) {
    return {
      "--sources": pulumi.jsonStringify(
        args.sources.map((source) => ({
          name: source.name,
          database: source.databaseName,
          table: source.tableName,
          receivedDayUnit: source.receivedDayUnit,
          format: source.format ?? "json",
          columns: source.columns,
        })),
      ),
      "--output_path": this.outputPath,
      "--database": args.databaseName,
      "--table": args.tableName,
      "--output_format": settings.outputFormat,
      "--partition_keys": settings.partitionKeys.join(","),
      "--time_zone": settings.timeZone,
      "--default_days": `${settings.defaultDays}`,
      "--dedupe_days": `${settings.dedupeDays}`,
      "--target_file_size_mb": `${settings.targetFileSizeMb}`,
      "--audit": JSON.stringify(args.audit ?? {}),
      "--drop_fields": JSON.stringify(args.dropFields ?? []),
    };
  }
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
