import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument } from "../../components/access/policyDocuments";
import { deployStatements } from "./deployPermissions";
import { GitHubRoles } from "./githubRoles";
import { StateBackend } from "./stateBackend";

/** The project whose stacks are deployed. */
const project = "glue-etl";

const config = new pulumi.Config();
const repository = config.require("repository");
if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) {
  throw new pulumi.RunError(
    `config ${config.name}:repository is "${repository}". Set OWNER/NAME, as in the repository's URL.`,
  );
}
const environments = config.requireObject<string[]>("environments");
/** Buckets of the pipeline, as patterns. */
const buckets = config.requireObject<string[]>("buckets");
const tags = {
  Project: pulumi.getProject(),
  Environment: pulumi.getStack(),
  Owner: config.require("owner"),
  CostCenter: config.require("costCenter"),
};

const state = new StateBackend("glue-etl-state", { tags });
const github = new GitHubRoles("glue-etl", { repository, tags });
const region = aws.getRegionOutput().region;
const accountId = aws.getCallerIdentityOutput().accountId;

/** The most that a crawler, job or state machine of a deployed stack may do. */
const boundary = new aws.iam.Policy("glue-etl-boundary", {
  name: "glue-etl-boundary",
  description: "The most that roles of the data pipeline may do",
  policy: policyDocument([
    {
      Sid: "Data",
      Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
      Resource: buckets.map((bucket) => `arn:aws:s3:::${bucket}/*`),
    },
    {
      Sid: "Folders",
      Action: ["s3:ListBucket"],
      Resource: buckets.map((bucket) => `arn:aws:s3:::${bucket}`),
    },
    {
      Sid: "Catalog",
      Action: [
        ...["GetDatabase", "GetTable", "GetTables", "CreateTable", "UpdateTable"],
        ...["GetPartitions", "BatchGetPartition", "BatchCreatePartition", "BatchUpdatePartition"],
        ...["GetWorkflowRunProperties", "GetJobRun"],
      ].map((action) => `glue:${action}`),
      Resource: ["catalog", "database/*", "table/*", "workflow/*", "job/*"].map(
        (path) => pulumi.interpolate`arn:aws:glue:${region}:${accountId}:${path}`,
      ),
    },
    {
      Sid: "Logs",
      Action: ["CreateLogGroup", "CreateLogStream", "PutLogEvents", "AssociateKmsKey"].map(
        (action) => `logs:${action}`,
      ),
      Resource: pulumi.interpolate`arn:aws:logs:${region}:${accountId}:log-group:/aws-glue/*`,
    },
    {
      Sid: "Keys",
      Action: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
      Resource: pulumi.interpolate`arn:aws:kms:${region}:${accountId}:key/*`,
    },
    {
      Sid: "Events",
      Action: [
        ...["DeleteMessage", "GetQueueAttributes", "GetQueueUrl", "ListDeadLetterSourceQueues"],
        ...["ListQueueTags", "PurgeQueue", "ReceiveMessage", "SetQueueAttributes"],
      ].map((action) => `sqs:${action}`),
      Resource: pulumi.interpolate`arn:aws:sqs:${region}:${accountId}:*-events-*`,
    },
    { Sid: "Security", Action: ["glue:GetSecurityConfiguration"], Resource: "*" },
    {
      Sid: "Reactions",
      Action: [
        ...["GetWorkflow", "GetWorkflowRun", "GetWorkflowRuns", "PutWorkflowRunProperties"],
        ...["ResumeWorkflowRun", "ListStatements", "StopSession", "DeleteDevEndpoint"],
      ].map((action) => `glue:${action}`),
      Resource: ["workflow/*", "session/*", "devEndpoint/*"].map(
        (path) => pulumi.interpolate`arn:aws:glue:${region}:${accountId}:${path}`,
      ),
    },
    { Sid: "Idle", Action: ["glue:ListSessions", "glue:GetDevEndpoints"], Resource: "*" },
    {
      Sid: "Start",
      Action: ["states:StartExecution"],
      Resource: ["mobile-user*", "idle-compute*"].map(
        (name) => pulumi.interpolate`arn:aws:states:${region}:${accountId}:stateMachine:${name}`,
      ),
    },
    {
      Sid: "Notices",
      Action: ["sns:Publish"],
      Resource: pulumi.interpolate`arn:aws:sns:${region}:${accountId}:mobile-user*`,
    },
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
  ]),
  tags,
});

/** Values for the repository's variables; `docs/deploy.md` says which is which. */
export const backendUrl = pulumi.interpolate`s3://${state.bucketName}?region=${region}`;
export const secretsProvider = state.secretsProvider;
export const permissionsBoundaryArn = boundary.arn;
export const previewRoleArn = github.role("preview", "pull_request", state.readStatements(project));
export const deployRoleArns = Object.fromEntries(
  environments.map((stack) => [
    stack,
    github.role(`deploy-${stack}`, `environment:${stack}`, [
      ...state.readStatements(project),
      ...state.writeStatements(project, stack),
      ...state.protectStatements(),
      ...deployStatements({ stack, region, accountId, boundaryArn: boundary.arn }),
    ]),
  ]),
);
