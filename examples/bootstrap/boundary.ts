import * as pulumi from "@pulumi/pulumi";
import { Statement } from "../../components/access/policyDocuments";

/**
 * The most that a crawler, job or state machine of a deployed stack may do.
 * @param buckets those of the pipeline, as patterns.
 */
export function boundaryStatements(
  buckets: string[],
  region: pulumi.Input<string>,
  accountId: pulumi.Input<string>,
): Statement[] {
  const of = (service: string, ...resources: string[]) =>
    resources.map(
      (resource) => pulumi.interpolate`arn:aws:${service}:${region}:${accountId}:${resource}`,
    );
  return [
    {
      Sid: "Data",
      Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
      Resource: buckets.map((bucket) => `arn:aws:s3:::${bucket}/*`),
    },
    {
      Sid: "Folders",
      Action: ["s3:ListBucket", "s3:GetBucketLocation"],
      Resource: buckets.map((bucket) => `arn:aws:s3:::${bucket}`),
    },
    {
      Sid: "Catalog",
      Action: [
        ...["GetDatabase", "GetTable", "GetTables", "CreateTable", "UpdateTable"],
        ...["GetPartitions", "BatchGetPartition", "BatchCreatePartition", "BatchUpdatePartition"],
        ...["GetWorkflowRunProperties", "GetJobRun"],
      ].map((action) => `glue:${action}`),
      Resource: of("glue", "catalog", "database/*", "table/*", "workflow/*", "job/*"),
    },
    {
      Sid: "Logs",
      Action: ["CreateLogGroup", "CreateLogStream", "PutLogEvents", "AssociateKmsKey"].map(
        (action) => `logs:${action}`,
      ),
      Resource: of("logs", "log-group:/aws-glue/*"),
    },
    {
      Sid: "Keys",
      Action: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"],
      Resource: of("kms", "key/*"),
    },
    {
      Sid: "Events",
      Action: [
        ...["DeleteMessage", "GetQueueAttributes", "GetQueueUrl", "ListDeadLetterSourceQueues"],
        ...["ListQueueTags", "PurgeQueue", "ReceiveMessage", "SetQueueAttributes"],
      ].map((action) => `sqs:${action}`),
      Resource: of("sqs", "*-events-*"),
    },
    { Sid: "Security", Action: ["glue:GetSecurityConfiguration"], Resource: "*" },
    {
      Sid: "Reactions",
      Action: [
        ...["GetWorkflow", "GetWorkflowRun", "GetWorkflowRuns", "PutWorkflowRunProperties"],
        ...["ResumeWorkflowRun", "ListStatements", "StopSession", "DeleteDevEndpoint"],
      ].map((action) => `glue:${action}`),
      Resource: of("glue", "workflow/*", "session/*", "devEndpoint/*"),
    },
    { Sid: "Idle", Action: ["glue:ListSessions", "glue:GetDevEndpoints"], Resource: "*" },
    {
      Sid: "Start",
      Action: ["states:StartExecution"],
      Resource: of("states", "stateMachine:mobile-user*", "stateMachine:idle-compute*"),
    },
    { Sid: "Notices", Action: ["sns:Publish"], Resource: of("sns", "mobile-user*") },
    {
      Sid: "VendedLogs",
      Action: [
        ...["CreateLogDelivery", "DeleteLogDelivery", "GetLogDelivery", "ListLogDeliveries"],
        ...["UpdateLogDelivery", "DescribeLogGroups", "DescribeResourcePolicies"],
        "PutResourcePolicy",
      ].map((action) => `logs:${action}`),
      Resource: "*",
    },
    {
      Sid: "Metrics",
      Action: ["cloudwatch:PutMetricData"],
      Resource: "*",
      Condition: { StringEquals: { "cloudwatch:namespace": ["Glue", "GlueEtl"] } },
    },
  ];
}
