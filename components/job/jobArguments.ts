import * as pulumi from "@pulumi/pulumi";

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
  /** Glue database that has the table. */
  databaseName: pulumi.Input<string>;
  /** Name of the table. */
  tableName: pulumi.Input<string>;
  /** Bucket of the table. */
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

/** Arguments of `PartitionedEtlJob`. */
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
  /**
   * The tables to read and unite by column name; some 35, since IAM limits what a role's policies hold.
   */
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
  /**
   * Glue version, 5.1 or later: earlier ones have a boto3 without S3's conditional writes, which the
   * job needs (AWS Glue guide, "Python modules already provided in AWS Glue"). Default: `5.1`.
   */
  glueVersion?: string;
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
  /**
   * Minutes after which Glue tells EventBridge that a run takes long ("Glue Job Run Status"), 1 or
   * more and fewer than `timeoutMinutes`. Default: it doesn't.
   */
  notifyDelayMinutes?: number;
  /**
   * Whether Spark's event logs are kept in `spark-ui/<name of the resource>/` of the assets bucket,
   * from which Glue's console shows the Spark UI; they stay until somebody deletes them. Default:
   * false.
   */
  sparkUi?: boolean;
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
  /**
   * Whether the role gets Lake Formation's permissions to read the sources' tables, to make tables in
   * `databaseName`, and on the output bucket, which Lake Formation must have registered. The sources'
   * tables must exist: turn it on once they have been crawled. Default: false.
   */
  lakeFormation?: boolean;
  /** Tags of every resource that takes tags. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
