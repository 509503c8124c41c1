import type { Properties } from "../../../local/provider/values";

/** One resource type's life: made, changed in place, changed so that it must be replaced. */
export interface Case {
  readonly token: string;
  readonly inputs: Properties;
  /** Outputs that must match after creation. */
  readonly outputs: Record<string, RegExp>;
  readonly update?: Properties;
  /** The diff of the update, by path. */
  readonly updateDiff?: Record<string, string>;
  /** A change that needs a new resource, and its diff. */
  readonly replace: Properties;
  readonly replaceDiff: Record<string, string>;
}

const account = "000000000000";
const glueTrust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "glue.amazonaws.com" } },
  ],
});
const tags = { Team: "data" };
const newTags = { tags: { Team: "ml" } };
const tagsDiff = { "tags.Team": "UPDATE*", "tagsAll.Team": "UPDATE*" };
const renamed = { name: "other" };
const nameReplaced = { name: "UPDATE_REPLACE*" };
const roleArn = `arn:aws:iam::${account}:role/worker`;
const arn = (service: string, resource: string) =>
  new RegExp(`^arn:aws:${service}:us-east-1:${account}:${resource}$`);

/** In the order in which they can be made; each uses what those before it made. */
export const cases: Case[] = [
  {
    token: "aws:kms/key:Key",
    inputs: { description: "test", enableKeyRotation: true, deletionWindowInDays: 7, tags },
    outputs: { arn: arn("kms", "key/[0-9a-f-]+"), keyId: /^[0-9a-f-]{36}$/ },
    update: { description: "changed", enableKeyRotation: false, ...newTags },
    updateDiff: { description: "UPDATE*", enableKeyRotation: "UPDATE*", ...tagsDiff },
    replace: { keyUsage: "SIGN_VERIFY" },
    replaceDiff: { keyUsage: "UPDATE_REPLACE*" },
  },
  {
    token: "aws:s3/bucket:Bucket",
    inputs: { bucket: "provider-data", forceDestroy: true, tags },
    outputs: {
      arn: /^arn:aws:s3:::provider-data$/,
      bucketDomainName: /^provider-data\.s3\.amazonaws\.com$/,
      bucketRegionalDomainName: /^provider-data\.s3\.us-east-1\.amazonaws\.com$/,
    },
    update: newTags,
    updateDiff: tagsDiff,
    replace: { bucket: "provider-other" },
    replaceDiff: { bucket: "UPDATE_REPLACE*" },
  },
  {
    token: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    inputs: { bucket: "provider-data", blockPublicAcls: true, blockPublicPolicy: true },
    outputs: { bucket: /^provider-data$/ },
    update: { ignorePublicAcls: true, blockPublicAcls: false },
    updateDiff: { ignorePublicAcls: "UPDATE*", blockPublicAcls: "UPDATE*" },
    replace: { bucket: "provider-other" },
    replaceDiff: { bucket: "UPDATE_REPLACE*" },
  },
  {
    token: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    inputs: {
      bucket: "provider-data",
      rules: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" },
          bucketKeyEnabled: false,
        },
      ],
    },
    outputs: { bucket: /^provider-data$/ },
    update: {
      rules: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" },
          bucketKeyEnabled: true,
        },
      ],
    },
    updateDiff: { "rules[0]": "UPDATE*" },
    replace: { bucket: "provider-other" },
    replaceDiff: { bucket: "UPDATE_REPLACE*" },
  },
  {
    token: "aws:s3/bucketVersioning:BucketVersioning",
    inputs: { bucket: "provider-data", versioningConfiguration: { status: "Enabled" } },
    outputs: { bucket: /^provider-data$/ },
    update: { versioningConfiguration: { status: "Suspended" } },
    updateDiff: { "versioningConfiguration.status": "UPDATE*" },
    replace: { bucket: "provider-other" },
    replaceDiff: { bucket: "UPDATE_REPLACE*" },
  },
  {
    token: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    inputs: {
      bucket: "provider-data",
      rules: [
        {
          id: "tidy",
          status: "Enabled",
          filter: { prefix: "" },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          noncurrentVersionExpiration: { noncurrentDays: 30 },
        },
        {
          id: "archive",
          status: "Enabled",
          filter: { and: { prefix: "old/", tags: { Keep: "no", Tier: "cold" } } },
          transitions: [{ days: 30, storageClass: "GLACIER" }],
          expiration: { days: 365 },
        },
      ],
    },
    outputs: { bucket: /^provider-data$/ },
    update: {
      rules: [{ id: "tidy", status: "Enabled", filter: { prefix: "" }, expiration: { days: 30 } }],
    },
    updateDiff: {
      "rules[0].abortIncompleteMultipartUpload": "DELETE*",
      "rules[0].noncurrentVersionExpiration": "DELETE*",
      "rules[0].expiration": "ADD*",
      "rules[1]": "DELETE*",
    },
    replace: { bucket: "provider-other" },
    replaceDiff: { bucket: "UPDATE_REPLACE*" },
  },
  {
    token: "aws:s3/bucketPolicy:BucketPolicy",
    inputs: {
      bucket: "provider-data",
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "TlsOnly",
            Effect: "Deny",
            Principal: "*",
            Action: ["s3:DeleteBucketPolicy"],
            Resource: ["arn:aws:s3:::provider-data"],
            Condition: { Bool: { "aws:SecureTransport": "never" } },
          },
        ],
      }),
    },
    outputs: { bucket: /^provider-data$/ },
    update: {
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: {
          Effect: "Allow",
          Principal: { AWS: roleArn },
          Action: "s3:GetObject",
          Resource: "arn:aws:s3:::provider-data/*",
        },
      }),
    },
    updateDiff: { policy: "UPDATE*" },
    replace: { bucket: "provider-other" },
    replaceDiff: { bucket: "UPDATE_REPLACE*" },
  },
  {
    token: "aws:s3/bucketObjectv2:BucketObjectv2",
    inputs: {
      bucket: "provider-data",
      key: "jobs/a b.txt",
      content: "one",
      contentType: "text/plain",
      tags,
    },
    outputs: { etag: /^[0-9a-f]{32}$/, arn: /^arn:aws:s3:::provider-data\/jobs\/a b\.txt$/ },
    update: { content: "two", ...newTags },
    updateDiff: { content: "UPDATE*", ...tagsDiff },
    replace: { key: "jobs/c.txt" },
    replaceDiff: { key: "UPDATE_REPLACE*" },
  },
  {
    token: "aws:iam/role:Role",
    inputs: { name: "worker", assumeRolePolicy: glueTrust, description: "works", tags },
    outputs: {
      arn: new RegExp(`^${roleArn}$`),
      uniqueId: /^AROA\w+$/,
      createDate: /^20\d\d-/,
    },
    update: { description: undefined, maxSessionDuration: 7200, ...newTags },
    updateDiff: { description: "DELETE*", maxSessionDuration: "UPDATE*", ...tagsDiff },
    replace: { path: "/service/" },
    replaceDiff: { path: "UPDATE_REPLACE*" },
  },
  {
    token: "aws:iam/rolePolicy:RolePolicy",
    inputs: {
      name: "read",
      role: "worker",
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: ["s3:GetObject"], Resource: "*" }],
      }),
    },
    outputs: { name: /^read$/ },
    update: {
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: ["s3:ListBucket"], Resource: "*" }],
      }),
    },
    updateDiff: { policy: "UPDATE*" },
    replace: { role: "other" },
    replaceDiff: { role: "UPDATE_REPLACE*" },
  },
  {
    token: "aws:kms/alias:Alias",
    inputs: { name: "alias/provider", targetKeyId: "$key" },
    outputs: { arn: arn("kms", "alias/provider"), targetKeyArn: arn("kms", "key/.+") },
    replace: { name: "alias/other" },
    replaceDiff: nameReplaced,
  },
  {
    token: "aws:cloudwatch/logGroup:LogGroup",
    inputs: { name: "/aws-glue/jobs/test", retentionInDays: 30, tags },
    outputs: { arn: arn("logs", "log-group:/aws-glue/jobs/test") },
    update: { retentionInDays: undefined, ...newTags },
    updateDiff: { retentionInDays: "UPDATE*", ...tagsDiff },
    replace: renamed,
    replaceDiff: nameReplaced,
  },
  {
    token: "aws:glue/catalogDatabase:CatalogDatabase",
    inputs: { name: "raw_logs", description: "raw", parameters: { owner: "data" }, tags },
    outputs: { arn: arn("glue", "database/raw_logs"), catalogId: new RegExp(account) },
    update: { description: undefined, parameters: { owner: "ml", tier: "1" }, ...newTags },
    updateDiff: {
      description: "DELETE*",
      "parameters.owner": "UPDATE*",
      "parameters.tier": "ADD*",
      ...tagsDiff,
    },
    replace: renamed,
    replaceDiff: nameReplaced,
  },
  {
    token: "aws:glue/securityConfiguration:SecurityConfiguration",
    inputs: {
      name: "encrypted",
      encryptionConfiguration: {
        cloudwatchEncryption: { cloudwatchEncryptionMode: "DISABLED" },
        jobBookmarksEncryption: {},
        s3Encryption: { s3EncryptionMode: "SSE-S3" },
      },
    },
    outputs: { name: /^encrypted$/ },
    replace: {
      encryptionConfiguration: {
        cloudwatchEncryption: {},
        jobBookmarksEncryption: {},
        s3Encryption: { s3EncryptionMode: "DISABLED" },
      },
    },
    replaceDiff: {
      "encryptionConfiguration.s3Encryption.s3EncryptionMode": "UPDATE_REPLACE*",
    },
  },
  {
    token: "aws:glue/workflow:Workflow",
    inputs: { name: "daily", description: "all", maxConcurrentRuns: 1, tags },
    outputs: { arn: arn("glue", "workflow/daily") },
    update: { description: "every", defaultRunProperties: { rebuild: "true" }, ...newTags },
    updateDiff: { description: "UPDATE*", defaultRunProperties: "ADD*", ...tagsDiff },
    replace: renamed,
    replaceDiff: nameReplaced,
  },
  {
    token: "aws:glue/crawler:Crawler",
    inputs: {
      name: "crawl",
      databaseName: "raw_logs",
      role: roleArn,
      s3Targets: [{ path: "s3://provider-data/raw/", sampleSize: 2 }],
      recrawlPolicy: { recrawlBehavior: "CRAWL_EVERYTHING" },
      schemaChangePolicy: { deleteBehavior: "LOG" },
      configuration: '{"Version": 1.0, "Grouping": {"TableLevelConfiguration": 3}}',
      tags,
    },
    outputs: { arn: arn("glue", "crawler/crawl"), role: new RegExp(`^${roleArn}$`) },
    update: {
      description: "crawls",
      s3Targets: [{ path: "s3://provider-data/other/", sampleSize: 2 }],
      ...newTags,
    },
    updateDiff: { description: "ADD*", "s3Targets[0].path": "UPDATE*", ...tagsDiff },
    replace: { databaseName: "other" },
    replaceDiff: { databaseName: "UPDATE_REPLACE*" },
  },
  {
    token: "aws:glue/job:Job",
    inputs: {
      name: "etl",
      roleArn,
      command: { scriptLocation: "s3://provider-data/main.py", pythonVersion: "3" },
      glueVersion: "5.1",
      workerType: "G.1X",
      numberOfWorkers: 2,
      timeout: 60,
      maxRetries: 1,
      executionProperty: { maxConcurrentRuns: 1 },
      defaultArguments: { "--table": "mobile_user", "--days": "3" },
      tags,
    },
    outputs: { arn: arn("glue", "job/etl") },
    update: {
      defaultArguments: { "--table": "events", "--zone": "UTC" },
      numberOfWorkers: 4,
      ...newTags,
    },
    updateDiff: {
      'defaultArguments["--table"]': "UPDATE*",
      'defaultArguments["--days"]': "DELETE*",
      'defaultArguments["--zone"]': "ADD*",
      numberOfWorkers: "UPDATE*",
      ...tagsDiff,
    },
    replace: renamed,
    replaceDiff: nameReplaced,
  },
  {
    token: "aws:glue/trigger:Trigger",
    inputs: {
      name: "start",
      type: "SCHEDULED",
      schedule: "cron(0 13 * * ? *)",
      workflowName: "daily",
      actions: [{ crawlerName: "crawl" }],
      tags,
    },
    outputs: { arn: arn("glue", "trigger/start"), state: /^ACTIVATED$/ },
    update: { schedule: "cron(0 14 * * ? *)", enabled: false, ...newTags },
    updateDiff: { schedule: "UPDATE*", enabled: "UPDATE*", ...tagsDiff },
    replace: { type: "ON_DEMAND", schedule: undefined },
    replaceDiff: { type: "UPDATE_REPLACE*", schedule: "DELETE*" },
  },
  {
    token: "aws:glue/devEndpoint:DevEndpoint",
    inputs: { name: "notebook", roleArn, numberOfNodes: 2, tags },
    outputs: { arn: arn("glue", "devEndpoint/notebook"), status: /^READY$/ },
    replace: renamed,
    replaceDiff: nameReplaced,
  },
  {
    token: "aws:athena/workgroup:Workgroup",
    inputs: {
      name: "analysts",
      description: "queries",
      forceDestroy: true,
      configuration: {
        bytesScannedCutoffPerQuery: 100_000_000,
        engineVersion: { selectedEngineVersion: "Athena engine version 3" },
        resultConfiguration: {
          outputLocation: "s3://provider-data/athena/",
          encryptionConfiguration: { encryptionOption: "SSE_S3" },
        },
      },
      tags,
    },
    outputs: { arn: arn("athena", "workgroup/analysts"), state: /^ENABLED$/ },
    update: {
      description: undefined,
      configuration: {
        engineVersion: { selectedEngineVersion: "Athena engine version 3" },
        resultConfiguration: { outputLocation: "s3://provider-data/results/" },
      },
      ...newTags,
    },
    updateDiff: {
      description: "DELETE*",
      "configuration.bytesScannedCutoffPerQuery": "DELETE*",
      "configuration.resultConfiguration.outputLocation": "UPDATE*",
      "configuration.resultConfiguration.encryptionConfiguration": "DELETE*",
      ...tagsDiff,
    },
    replace: renamed,
    replaceDiff: nameReplaced,
  },
  {
    token: "aws:athena/namedQuery:NamedQuery",
    inputs: { name: "users", database: "raw_logs", query: "SELECT 1", workgroup: "analysts" },
    outputs: { name: /^users$/ },
    replace: { query: "SELECT 2" },
    replaceDiff: { query: "UPDATE_REPLACE*" },
  },
];
