import {
  account,
  arn,
  type Case,
  glueTrust,
  nameReplaced,
  newTags,
  renamed,
  roleArn,
  tags,
  tagsDiff,
} from "./caseParts";
import { noticeCases } from "./noticeCases";
import { glueCases } from "./glueCases";
import { queueCases } from "./queueCases";
import { reactionCases } from "./reactionCases";
import { workflowCases } from "./workflowCases";

const keyPolicy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: "kms:*",
      Resource: "*",
    },
  ],
});
const keyArn = (id: string) => `arn:aws:kms:us-east-1:${account}:key/${id}`;

/** In the order in which they can be made; each uses what those before it made. */
export const cases: Case[] = [
  {
    token: "aws:kms/key:Key",
    inputs: { description: "test", enableKeyRotation: true, deletionWindowInDays: 7, tags },
    outputs: { arn: arn("kms", "key/[0-9a-f-]+"), keyId: /^[0-9a-f-]{36}$/ },
    update: {
      description: "changed",
      enableKeyRotation: false,
      policy: keyPolicy,
      ...newTags,
    },
    updateDiff: {
      description: "UPDATE*",
      enableKeyRotation: "UPDATE*",
      policy: "UPDATE*",
      ...tagsDiff,
    },
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
    token: "aws:s3/bucketLogging:BucketLogging",
    inputs: { bucket: "provider-data", targetBucket: "provider-data", targetPrefix: "logs/" },
    outputs: { bucket: /^provider-data$/ },
    update: { targetPrefix: "access/" },
    updateDiff: { targetPrefix: "UPDATE*" },
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
        Statement: [
          { Effect: "Allow", Action: ["s3:GetObject", "sqs:GetQueueUrl"], Resource: "*" },
        ],
      }),
    },
    outputs: { name: /^read$/ },
    update: {
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Action: ["s3:ListBucket", "sqs:GetQueueUrl"], Resource: "*" },
        ],
      }),
    },
    updateDiff: { policy: "UPDATE*" },
    replace: { role: "other" },
    replaceDiff: { role: "UPDATE_REPLACE*" },
  },
  {
    token: "aws:iam/policy:Policy",
    inputs: {
      name: "boundary",
      description: "the most",
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: ["s3:GetObject"], Resource: "*" }],
      }),
      tags,
    },
    outputs: {
      arn: new RegExp(`^arn:aws:iam::${account}:policy/boundary$`),
      policyId: /^ANPA\w+$/,
      attachmentCount: /^0$/,
    },
    update: {
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: ["s3:ListBucket"], Resource: "*" }],
      }),
      ...newTags,
    },
    updateDiff: { policy: "UPDATE*", ...tagsDiff },
    replace: { description: "another" },
    replaceDiff: { description: "UPDATE_REPLACE*" },
  },
  {
    token: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    inputs: { role: "worker", policyArn: "$id of aws:iam/policy:Policy" },
    outputs: { policyArn: new RegExp(`^arn:aws:iam::${account}:policy/boundary$`) },
    replace: { role: "other" },
    replaceDiff: { role: "UPDATE_REPLACE*" },
  },
  {
    token: "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
    inputs: {
      url: "https://token.example.com",
      clientIdLists: ["sts.amazonaws.com", "other"],
      thumbprintLists: ["a".repeat(40)],
      tags,
    },
    outputs: {
      arn: new RegExp(`^arn:aws:iam::${account}:oidc-provider/token\\.example\\.com$`),
    },
    update: {
      clientIdLists: ["sts.amazonaws.com", "third"],
      thumbprintLists: ["b".repeat(40)],
      ...newTags,
    },
    updateDiff: {
      "clientIdLists[1]": "UPDATE*",
      "thumbprintLists[0]": "UPDATE*",
      ...tagsDiff,
    },
    replace: { url: "https://other.example.com" },
    replaceDiff: { url: "UPDATE_REPLACE*" },
  },
  {
    token: "aws:kms/alias:Alias",
    inputs: { name: "alias/provider", targetKeyId: "$id of aws:kms/key:Key" },
    outputs: { arn: arn("kms", "alias/provider"), targetKeyArn: arn("kms", "key/.+") },
    replace: { name: "alias/other" },
    replaceDiff: nameReplaced,
  },
  {
    token: "aws:cloudwatch/logGroup:LogGroup",
    inputs: { name: "/aws-glue/jobs/test", kmsKeyId: keyArn("1"), retentionInDays: 30, tags },
    outputs: { arn: arn("logs", "log-group:/aws-glue/jobs/test") },
    update: { kmsKeyId: keyArn("2"), retentionInDays: undefined, ...newTags },
    updateDiff: { kmsKeyId: "UPDATE*", retentionInDays: "UPDATE*", ...tagsDiff },
    replace: renamed,
    replaceDiff: nameReplaced,
  },
  ...queueCases,
  ...noticeCases,
  ...reactionCases,
  ...glueCases,
  ...workflowCases,
];
