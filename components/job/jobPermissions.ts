import * as pulumi from "@pulumi/pulumi";
import { UploadedCode } from "./jobCode";
import { JobSettings } from "./jobSettings";
import { JobSource, PartitionedEtlJobArgs } from "./jobArguments";
import { Arns, listPrefixes, readPrefix, Statement } from "../access/policyDocuments";

/** What the role of a job may do: read its sources and code, write its dataset and its tables. */
export function jobStatements(
  to: Arns,
  args: PartitionedEtlJobArgs,
  { outputFormat }: JobSettings,
  code: UploadedCode,
  eventLogPrefix: string | undefined,
): Statement[] {
  return [
    ...sourceStatements(to, args.sources),
    ...outputStatements(to, args),
    ...tableStatements(to, args, outputFormat),
    ...readPrefix(to, "Code", args.assetsBucketName, code.prefix),
    ...eventLogStatements(to, args.assetsBucketName, eventLogPrefix),
    ...runStatements(to, args),
  ];
}

/**
 * One statement for all sources each, since a role's policies hold 10,240 characters (IAM guide, "IAM
 * and AWS STS quotas"). Listing is so allowed for every prefix in every bucket of a source; reading isn't.
 */
function sourceStatements(to: Arns, sources: JobSource[]): Statement[] {
  return [
    listPrefixes(
      "ListSources",
      distinct(sources.map(({ bucketName }) => to.bucket(bucketName))),
      sources.map(({ prefix }) => prefix),
    ),
    {
      Sid: "ReadSources",
      Action: ["s3:GetObject"],
      Resource: sources.map(({ bucketName, prefix }) => to.objects(bucketName, prefix)),
    },
    {
      Sid: "SourceTables",
      Action: ["glue:GetTable", "glue:GetPartitions"],
      Resource: distinct(
        sources.flatMap(({ databaseName, tableName }) => to.tables(databaseName, tableName)),
      ),
    },
  ];
}

const distinct = (values: pulumi.Output<string>[]): pulumi.Output<string[]> =>
  pulumi.all(values).apply((known) => [...new Set(known)]);

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

/** The job declares its table, and the view that gives a CSV table its types. */
function tableStatements(
  to: Arns,
  { databaseName, tableName }: PartitionedEtlJobArgs,
  outputFormat: string,
): Statement[] {
  const [catalog, database, table] = to.tables(databaseName, tableName);
  const [, , view] = to.tables(databaseName, `${tableName}_typed`);
  return [
    {
      Sid: "KeepTables",
      Action: ["glue:GetTable", "glue:CreateTable", "glue:UpdateTable"],
      Resource: [catalog, database, table, ...(outputFormat === "csv" ? [view] : [])],
    },
  ];
}

/** Glue copies Spark's event logs with the job's role (AWS Glue guide, "Monitoring jobs using the Apache Spark web UI"). */
function eventLogStatements(
  to: Arns,
  bucket: PartitionedEtlJobArgs["assetsBucketName"],
  prefix: string | undefined,
): Statement[] {
  return prefix === undefined
    ? []
    : [
        ...readPrefix(to, "EventLogs", bucket, prefix),
        {
          Sid: "WriteEventLogs",
          Action: ["s3:PutObject"],
          Resource: to.objects(bucket, prefix),
        },
      ];
}

function runStatements(to: Arns, args: PartitionedEtlJobArgs): Statement[] {
  const statements: Statement[] = [
    {
      // PutMetricData takes no resource (Service Authorization Reference, CloudWatch).
      Sid: "Metrics",
      Action: ["cloudwatch:PutMetricData"],
      Resource: "*",
      // Glue's own metrics, and those that the job makes of a run's report.
      Condition: { StringEquals: { "cloudwatch:namespace": ["Glue", "GlueEtl"] } },
    },
    {
      // A run asks how many workers it may get, and whether the one that holds the dataset's lock still runs.
      Sid: "JobRuns",
      Action: ["glue:GetJobRun"],
      Resource: to.job(args.jobName),
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
