import * as aws from "@pulumi/aws";
import { tags } from "../good/tags";

const allow = (action: string, resource = "arn:aws:glue:us-west-2:123456789012:catalog") =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: [action], Resource: resource }],
  });

const roleArn = "arn:aws:iam::123456789012:role/etl";

/** A program that breaks every rule at once. */
export function everythingWrong(): void {
  development();
  workflow();
  glueSecurity();
  queries();
  storage();
  account();
}

function development(): void {
  new aws.glue.DevEndpoint("endpoint", { roleArn });
  new aws.iam.Policy("sessions", { policy: allow("glue:CreateSession") });
  new aws.sagemaker.NotebookInstance("notebook", { roleArn, instanceType: "ml.t3.medium" });
  new aws.sagemaker.Domain("studio", {
    domainName: "studio",
    authMode: "IAM",
    vpcId: "vpc-1",
    subnetIds: ["subnet-1"],
    defaultUserSettings: { executionRole: roleArn },
    defaultSpaceSettings: { executionRole: roleArn },
  });
}

function workflow(): void {
  new aws.glue.Workflow("never-started", { name: "never-started" });
  new aws.glue.Workflow("unheard", { name: "unheard", tags });
  const job = new aws.glue.Job("job", {
    name: "job",
    roleArn,
    command: { scriptLocation: "s3://assets/main.py" },
    glueVersion: "4.0",
    workerType: "G.8X",
    numberOfWorkers: 100,
    timeout: 2880,
    executionProperty: { maxConcurrentRuns: 3 },
    defaultArguments: {
      "--job-bookmark-option": "job-bookmark-enable",
      "--db_password": "correct horse battery staple",
    },
  });
  new aws.glue.Crawler("crawler", {
    name: "crawler",
    role: roleArn,
    databaseName: "logs",
    s3Targets: [{ path: "s3://logs/" }],
    recrawlPolicy: { recrawlBehavior: "CRAWL_NEW_FOLDERS_ONLY" },
    schemaChangePolicy: { updateBehavior: "UPDATE_IN_DATABASE", deleteBehavior: "LOG" },
  });
  new aws.glue.Trigger("at-once", {
    name: "at-once",
    type: "ON_DEMAND",
    workflowName: "unheard",
    actions: [{ jobName: job.name }],
    tags,
  });
}

function glueSecurity(): void {
  new aws.glue.SecurityConfiguration("plain", {
    encryptionConfiguration: {
      s3Encryption: { s3EncryptionMode: "DISABLED" },
      cloudwatchEncryption: { cloudwatchEncryptionMode: "DISABLED" },
      jobBookmarksEncryption: { jobBookmarksEncryptionMode: "DISABLED" },
    },
  });
  new aws.glue.DataCatalogEncryptionSettings("catalog", {
    dataCatalogEncryptionSettings: {
      encryptionAtRest: { catalogEncryptionMode: "DISABLED" },
      connectionPasswordEncryption: { returnConnectionPasswordEncrypted: false },
    },
  });
  new aws.glue.ResourcePolicy("public", {
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: "*",
          Action: "glue:GetTable",
          Resource: "arn:aws:glue:*:*:*",
        },
      ],
    }),
  });
  new aws.glue.Connection("orders", {
    name: "orders",
    connectionType: "JDBC",
    connectionProperties: {
      JDBC_CONNECTION_URL: "jdbc:postgresql://orders.example.com/orders",
      USERNAME: "etl",
      PASSWORD: "correct horse battery staple",
    },
  });
  new aws.glue.MLTransform("duplicates", {
    roleArn,
    inputRecordTables: [{ databaseName: "logs", tableName: "users" }],
    parameters: { transformType: "FIND_MATCHES", findMatchesParameters: {} },
  });
}

function queries(): void {
  new aws.athena.Workgroup("queries", {
    configuration: {
      enforceWorkgroupConfiguration: false,
      publishCloudwatchMetricsEnabled: false,
    },
  });
}

function storage(): void {
  new aws.s3.Bucket("bucket", { forceDestroy: true });
}

function account(): void {
  new aws.cloudwatch.LogGroup("logs", { name: "logs" });
  new aws.sns.Topic("topic", {});
  new aws.kms.Key("key", {});
  new aws.iam.Policy("everything", { policy: allow("*") });
}

/** What the pack has to say of it: each rule, and the resources that break it. */
export const findings: Readonly<Record<string, readonly string[]>> = {
  "glue-no-dev-endpoint": ["endpoint"],
  "glue-session-role": ["sessions"],
  "glue-session-idle-timeout": ["studio"],
  "glue-notebook-stops": ["notebook"],
  "glue-workflow-tags": ["never-started"],
  "glue-workflow-graph": ["never-started"],
  "glue-workflow-failure-notice": ["job"],
  "glue-resource-tags": ["bucket", "crawler", "job"],
  "glue-version": ["job"],
  "glue-job-timeout": ["job"],
  "glue-job-capacity": ["job"],
  "glue-job-retries": ["job"],
  "glue-job-concurrency": ["job"],
  "glue-job-flex": ["job"],
  "glue-job-logging": ["job"],
  "glue-job-no-secrets-in-arguments": ["job"],
  "glue-security-configuration": ["crawler", "job"],
  "glue-security-configuration-encryption": ["plain"],
  "glue-catalog-encryption": ["catalog"],
  "glue-catalog-not-public": ["public"],
  "glue-connection-ssl": ["orders"],
  "glue-connection-no-secrets": ["orders"],
  "glue-ml-transform-encryption": ["duplicates"],
  "glue-crawler-schema-policy": ["crawler"],
  "glue-crawler-single-table": ["crawler"],
  "glue-trigger-start": ["at-once"],
  "athena-workgroup-enforced": ["queries"],
  "athena-encryption": ["queries"],
  "athena-scan-limit": ["queries"],
  "athena-metrics": ["queries"],
  "athena-tags": ["queries"],
  "s3-public-access-block": ["bucket"],
  "s3-encryption": ["bucket"],
  "s3-tls-only": ["bucket"],
  "s3-versioning": ["bucket"],
  "s3-lifecycle": ["bucket"],
  "s3-access-logs": ["bucket"],
  "s3-force-destroy": ["bucket"],
  "logs-retention": ["logs"],
  "logs-encryption": ["logs"],
  "sns-encryption": ["topic"],
  "kms-rotation": ["key"],
  "iam-no-wildcard": ["everything"],
};
