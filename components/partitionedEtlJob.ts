import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { logGroups, writeLogs } from "./glue/glueLogs";
import { PartitionedEtlJobArgs } from "./job/jobArguments";
import { uploadCode } from "./job/jobCode";
import { defaultArguments, ownLogPrefix } from "./job/jobDefaults";
import { jobStatements } from "./job/jobPermissions";
import { jobSettings } from "./job/jobSettings";
import { grantLake } from "./glue/lakeFormation";
import { arns } from "./access/policyDocuments";
import { quarantineTable } from "./glue/quarantineTable";
import { glueRole, grant } from "./access/roles";

/**
 * A PySpark job on Glue that reads catalog tables and writes one dataset, partitioned by local
 * date: script and package, role, log groups, job, and the table of the records that can't be read.
 *
 * ```ts
 * const daily = new PartitionedEtlJob("daily", {
 *   jobName: "daily",
 *   scriptPath: "glue-jobs/mobile-user-daily/main.py",
 *   packagePath: "glue-jobs/mobile_events",
 *   assetsBucketName: "my-code",
 *   sources: [
 *     {
 *       name: "ios",
 *       databaseName: "segment_logs",
 *       tableName: "ksmsmxyyeaios",
 *       bucketName: "my-bucket",
 *       prefix: "segment-logs/ksMsMXyyEaIOS/",
 *       receivedDayUnit: "milliseconds",
 *     },
 *   ],
 *   outputBucketName: "my-curated-data",
 *   databaseName: "mobile_analytics",
 *   tableName: "mobile_user",
 * });
 * ```
 */
export class PartitionedEtlJob extends pulumi.ComponentResource {
  /** The job's name in Glue. */
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
    const eventLogPrefix = args.sparkUi ? `spark-ui/${name}/` : undefined;
    const policy = grant(`${name}-job`, role, [
      ...jobStatements(to, args, settings, code, eventLogPrefix),
      ...writeLogs(
        to,
        logs.map((group) => group.name),
        args,
      ),
    ]);
    if (args.lakeFormation) {
      const location = to.bucket(args.outputBucketName);
      const grants = { reads: args.sources, createsIn: args.databaseName, location };
      grantLake(`${name}-job`, role, grants);
    }
    this.outputPath = pulumi.interpolate`s3://${args.outputBucketName}/`;
    const job = new aws.glue.Job(
      name,
      {
        name: args.jobName,
        description: args.description,
        roleArn: role.arn,
        command: { name: "glueetl", pythonVersion: "3", scriptLocation: code.scriptLocation },
        glueVersion: settings.glueVersion,
        workerType: args.workerType ?? "G.1X",
        numberOfWorkers: settings.numberOfWorkers,
        executionClass: args.flex ? "FLEX" : "STANDARD",
        executionProperty: { maxConcurrentRuns: 1 },
        timeout: settings.timeoutMinutes,
        maxRetries: settings.maxRetries,
        notificationProperty:
          args.notifyDelayMinutes === undefined
            ? undefined
            : { notifyDelayAfter: args.notifyDelayMinutes },
        defaultArguments: defaultArguments(args, settings, {
          code,
          outputPath: this.outputPath,
          eventLogPrefix,
        }),
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
}

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
