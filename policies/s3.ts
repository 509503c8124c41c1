import { z } from "zod";
import { inProduction, productionStacks } from "./production";
import { Properties } from "./properties";
import { resourceRule, Rule, StackFinding, stackRule } from "./rule";
import { bucketTypes, isGiven, referencesTo, Setting, settingFindings } from "./s3/buckets";
import { lifecycleProblem } from "./s3/lifecycle";
import { transportProblem } from "./s3/transport";
import { Stack } from "./stack";

const publicAccessBlock: Setting = {
  types: ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"],
  inline: [],
  missing: "has no public access block",
  fix: "set all four settings of an `aws.s3.BucketPublicAccessBlock` of it to true",
};

const encryption: Setting = {
  types: [
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
  ],
  inline: ["serverSideEncryptionConfiguration", "serverSideEncryptionConfigurations"],
  missing: "has no encryption set",
  fix: "set `sseAlgorithm` in an `aws.s3.BucketServerSideEncryptionConfiguration` of it",
};

const transport: Setting = {
  types: ["aws:s3/bucketPolicy:BucketPolicy"],
  inline: ["policy"],
  missing: "has no policy, and so takes plain HTTP",
  fix: "deny `s3:*` on it and its objects to everyone where `aws:SecureTransport` is false, in an `aws.s3.BucketPolicy`",
};

const versioning: Setting = {
  types: [
    "aws:s3/bucketVersioning:BucketVersioning",
    "aws:s3/bucketVersioningV2:BucketVersioningV2",
  ],
  inline: ["versioning", "versionings"],
  missing: "has no versioning",
  fix: "set `versioningConfiguration.status` to Enabled in an `aws.s3.BucketVersioning` of it",
};

const lifecycle: Setting = {
  types: [
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
  ],
  inline: ["lifecycleRules"],
  missing: "has no lifecycle rules",
  fix: "set rules that abort unfinished uploads and that expire or move what is old, in an `aws.s3.BucketLifecycleConfiguration` of it",
};

const logging: Setting = {
  types: ["aws:s3/bucketLogging:BucketLogging", "aws:s3/bucketLoggingV2:BucketLoggingV2"],
  inline: ["logging", "loggings"],
  missing: "has no access logs",
  fix: "set `targetBucket` in an `aws.s3.BucketLogging` of it",
};

/** What S3 encrypts by (S3 API, ServerSideEncryptionByDefault). */
const algorithms = ["AES256", "aws:kms", "aws:kms:dsse"] as const;

/** Rules for S3 buckets that the stack makes; those that it adopts aren't its own to set. */
export const s3Rules: readonly Rule[] = [
  stackRule({
    name: "s3-public-access-block",
    level: "mandatory",
    severity: "critical",
    description: "A bucket blocks all public access",
    reason:
      "One policy or ACL makes a bucket public; S3 blocks that in new buckets, and only a setting in the stack keeps it so",
    fix: "Give the bucket a public access block with all four settings true",
    references: [
      "Security Hub S3.8",
      "CKV2_AWS_6",
      "cdk-nag S2",
      "prowler s3_bucket_level_public_access_block",
    ],
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
    config: {},
    check: (stack) => settingFindings(stack, publicAccessBlock, publicAccessProblem),
  }),
  stackRule({
    name: "s3-encryption",
    level: "mandatory",
    severity: "medium",
    description: "A bucket's encryption is set in the stack",
    reason:
      "S3 encrypts every object with keys of its own unless told otherwise; what is set shows in reviews, and can be narrowed to KMS, whose keys say who may read",
    fix: "Give the bucket a server-side encryption configuration",
    references: [
      "Security Hub S3.17",
      "CKV_AWS_19",
      "CKV_AWS_145",
      "prowler s3_bucket_default_encryption",
    ],
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-bucket-encryption.html",
    config: {
      algorithms: z
        .array(z.enum(algorithms))
        .min(1)
        .default([...algorithms])
        .describe("What may encrypt buckets"),
    },
    check: (stack, config) => {
      const fix = `${encryption.fix} to ${config.algorithms.join(" or ")}`;
      return settingFindings(stack, { ...encryption, fix }, (holder) =>
        encryptionProblem(holder, config.algorithms),
      );
    },
  }),
  stackRule({
    name: "s3-tls-only",
    level: "mandatory",
    severity: "medium",
    description: "A bucket refuses plain HTTP",
    reason: "S3 takes requests without TLS, and whoever is on their way reads what they carry",
    fix: "Deny requests without TLS to everyone in the bucket's policy",
    references: [
      "Security Hub S3.5",
      "CKV_AWS_379",
      "cdk-nag S10",
      "prowler s3_bucket_secure_transport_policy",
    ],
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",
    config: {},
    check: (stack) => settingFindings(stack, transport, transportProblem),
  }),
  stackRule({
    name: "s3-versioning",
    level: "mandatory",
    severity: "medium",
    description: "A bucket keeps old versions of its objects",
    reason: "A job that writes the wrong thing, or deletes too much, can't be undone otherwise",
    fix: "Enable the bucket's versioning, and let old versions expire by a lifecycle rule",
    references: ["Security Hub S3.14", "CKV_AWS_21", "prowler s3_bucket_object_versioning"],
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html",
    config: {},
    check: (stack) => settingFindings(stack, versioning, versioningProblem),
  }),
  stackRule({
    name: "s3-lifecycle",
    level: "advisory",
    severity: "low",
    description:
      "A bucket's lifecycle rules abort unfinished uploads, and expire or move what is old",
    reason: "Parts of uploads that never finished, results and old versions are billed for ever",
    fix: "Give the bucket lifecycle rules",
    references: [
      "Security Hub S3.13",
      "CKV2_AWS_61",
      "CKV_AWS_300",
      "prowler s3_bucket_lifecycle_enabled",
    ],
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html",
    config: {},
    check: (stack) => settingFindings(stack, lifecycle, lifecycleProblem),
  }),
  stackRule({
    name: "s3-access-logs",
    level: "advisory",
    severity: "low",
    description: "A bucket has server access logs, unless it holds those of others",
    reason: "Without them nobody can tell who read or deleted what",
    fix: "Log the bucket's requests to a bucket for logs",
    references: [
      "Security Hub S3.9",
      "CKV_AWS_18",
      "cdk-nag S1",
      "prowler s3_bucket_server_access_logging_enabled",
    ],
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html",
    config: {},
    check: accessLogsFindings,
  }),
  resourceRule({
    name: "s3-force-destroy",
    level: "mandatory",
    severity: "high",
    description: "A production bucket isn't deleted with its objects",
    reason: "A `pulumi destroy`, or a change that replaces the bucket, would take the data with it",
    fix: "Leave `forceDestroy` out, or set it to false, in production stacks",
    references: [],
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/delete-bucket.html",
    config: productionStacks,
    types: bucketTypes,
    check: (bucket, config) =>
      inProduction(bucket, config) && bucket.properties.flag("forceDestroy") === true
        ? { field: "forceDestroy", found: "is true in production", fix: "set false" }
        : undefined,
  }),
];

/** A setting that is left out is off (provider docs, s3_bucket_public_access_block). */
function publicAccessProblem(holder: Properties): string | undefined {
  const fields = [
    "blockPublicAcls",
    "blockPublicPolicy",
    "ignorePublicAcls",
    "restrictPublicBuckets",
  ];
  const off = fields.find((field) => holder.flag(field) !== true);
  if (off === undefined) return undefined;
  return `has \`${off}\` ${holder.flag(off) === false ? "false" : "left out"}`;
}

function encryptionProblem(holder: Properties, allowed: readonly string[]): string | undefined {
  const names = [
    ...holder
      .list("rules")
      .map((rule) => rule.text("applyServerSideEncryptionByDefault.sseAlgorithm")),
    holder.text(
      "serverSideEncryptionConfiguration.rule.applyServerSideEncryptionByDefault.sseAlgorithm",
    ),
    ...holder
      .list("serverSideEncryptionConfigurations.0.rules")
      .map((rule) => rule.text("applyServerSideEncryptionByDefaults.0.sseAlgorithm")),
  ].filter((name) => name !== undefined);
  if (names.some((name) => allowed.includes(name))) return undefined;
  return names.length > 0 ? `is encrypted by ${names.join()}` : "has no `sseAlgorithm`";
}

function versioningProblem(holder: Properties): string | undefined {
  const status = holder.text("versioningConfiguration.status");
  const inline = holder.flag("versioning.enabled") ?? holder.flag("versionings.0.enabled");
  if (status === "Enabled" || inline === true) return undefined;
  return status === undefined ? "has versioning off" : `has versioning ${status}`;
}

function accessLogsFindings(stack: Stack): StackFinding[] {
  const buckets = stack.made(...bucketTypes);
  const given = (property: string) => buckets.filter((bucket) => isGiven(bucket, property));
  const targets = [
    referencesTo(buckets, stack.all(...logging.types), "targetBucket"),
    referencesTo(buckets, given("logging"), "logging.targetBucket"),
    referencesTo(buckets, given("loggings"), "loggings.0.targetBucket"),
  ];
  if (targets.some(({ incomplete }) => incomplete)) return [];
  const logsOfOthers = new Set(
    buckets
      .filter((bucket) => targets.some((references) => references.to(bucket).length > 0))
      .map(({ urn }) => urn),
  );
  return settingFindings(stack, logging, () => undefined).filter(
    ({ resource }) => !logsOfOthers.has(resource.urn),
  );
}
