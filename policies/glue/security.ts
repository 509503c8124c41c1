import { Properties } from "../properties";
import { Finding, resourceRule, Rule } from "../rule";

const job = "aws:glue/job:Job";
const crawler = "aws:glue/crawler:Crawler";
const catalogSettings = "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings";
/** The official provider can't encrypt a transform; Cloud Control's can. */
const transforms = ["aws:glue/mLTransform:MLTransform", "aws-native:glue:MlTransform"];

/** Rules for what Glue encrypts. */
export const securityRules: readonly Rule[] = [
  resourceRule({
    name: "glue-security-configuration",
    level: "mandatory",
    severity: "high",
    description: "Jobs and crawlers name a security configuration",
    reason: "Without one, logs, bookmarks and output aren't encrypted with a key of yours",
    fix: "Set `securityConfiguration` to the name of an `aws.glue.SecurityConfiguration`",
    references: ["CKV_AWS_195"],
    url: "https://docs.aws.amazon.com/glue/latest/dg/encryption-security-configuration.html",
    config: {},
    types: [job, crawler],
    check: ({ properties }) =>
      properties.text("securityConfiguration")
        ? undefined
        : { field: "securityConfiguration", found: "isn't set", fix: "name one" },
  }),
  resourceRule({
    name: "glue-security-configuration-encryption",
    level: "mandatory",
    severity: "high",
    description: "A security configuration encrypts output, logs and bookmarks",
    reason: "Each of the three is off by default, and logs and bookmarks quote the data",
    fix: "Set SSE-KMS or SSE-S3 for S3, SSE-KMS for CloudWatch and CSE-KMS for bookmarks, each KMS mode with a key",
    references: [
      "CKV_AWS_99",
      "cdk-nag GL1",
      "cdk-nag GL3",
      "prowler glue_etl_jobs_amazon_s3_encryption_enabled",
      "prowler glue_etl_jobs_cloudwatch_logs_encryption_enabled",
      "prowler glue_etl_jobs_job_bookmark_encryption_enabled",
      "KICS Glue Security Configuration Encryption Disabled",
    ],
    url: "https://docs.aws.amazon.com/glue/latest/dg/console-security-configurations.html",
    config: {},
    types: ["aws:glue/securityConfiguration:SecurityConfiguration"],
    check: ({ properties }) =>
      encryptionFinding(properties, "s3Encryption.s3EncryptionMode", ["SSE-KMS", "SSE-S3"]) ??
      encryptionFinding(properties, "cloudwatchEncryption.cloudwatchEncryptionMode", ["SSE-KMS"]) ??
      encryptionFinding(properties, "jobBookmarksEncryption.jobBookmarksEncryptionMode", [
        "CSE-KMS",
      ]),
  }),
  resourceRule({
    name: "glue-catalog-encryption",
    level: "advisory",
    severity: "medium",
    description: "The Data Catalog is encrypted, and so are the passwords in its connections",
    reason: "Metadata tells what data there is, and a connection's password opens its database",
    fix: "Set both, each with a KMS key",
    references: [
      "CKV_AWS_94",
      "prowler glue_data_catalogs_metadata_encryption_enabled",
      "prowler glue_data_catalogs_connection_passwords_encryption_enabled",
      "KICS Glue Data Catalog Encryption Disabled",
    ],
    url: "https://docs.aws.amazon.com/glue/latest/dg/encrypt-glue-data-catalog.html",
    config: {},
    types: [catalogSettings],
    check: ({ properties }) => metadataFinding(properties) ?? passwordsFinding(properties),
  }),
  resourceRule({
    name: "glue-ml-transform-encryption",
    level: "mandatory",
    severity: "medium",
    description: "A machine learning transform encrypts what users give it to learn from",
    reason: "Labels and findings are copies of the data",
    fix: "Make the transform as `aws-native.glue.MlTransform` with `transformEncryption`: `aws.glue.MLTransform` can't set it",
    references: ["Security Hub Glue.3", "prowler glue_ml_transform_encrypted_at_rest"],
    url: "https://docs.aws.amazon.com/glue/latest/dg/machine-learning.html",
    config: {},
    types: transforms,
    check: ({ properties }) => {
      const field = "transformEncryption.mlUserDataEncryption.mlUserDataEncryptionMode";
      const mode = properties.text(field);
      if (mode === "SSE-KMS") return undefined;
      return { field, found: mode === undefined ? "isn't set" : `is ${mode}`, fix: "set SSE-KMS" };
    },
  }),
];

/** What is wrong with one of the encryptions of a security configuration. */
function encryptionFinding(
  properties: Properties,
  mode: string,
  modes: readonly string[],
): Finding | undefined {
  const field = `encryptionConfiguration.${mode}`;
  const given = properties.text(field) ?? "DISABLED";
  if (!modes.includes(given)) {
    return { field, found: `is ${given}`, fix: `set ${modes.join(" or ")}` };
  }
  const key = `encryptionConfiguration.${mode.split(".")[0]}.kmsKeyArn`;
  return given.endsWith("KMS") ? keyFinding(properties, key) : undefined;
}

/** At rest, either mode encrypts with the key, which Glue or a role of yours then uses. */
function metadataFinding(properties: Properties): Finding | undefined {
  const path = "dataCatalogEncryptionSettings.encryptionAtRest";
  const field = `${path}.catalogEncryptionMode`;
  const mode = properties.text(field) ?? "DISABLED";
  return mode.startsWith("SSE-KMS")
    ? keyFinding(properties, `${path}.sseAwsKmsKeyId`)
    : { field, found: `is ${mode}`, fix: "set SSE-KMS" };
}

function passwordsFinding(properties: Properties): Finding | undefined {
  const path = "dataCatalogEncryptionSettings.connectionPasswordEncryption";
  const field = `${path}.returnConnectionPasswordEncrypted`;
  const encrypted = properties.flag(field);
  if (encrypted) return keyFinding(properties, `${path}.awsKmsKeyId`);
  return { field, found: encrypted === undefined ? "isn't set" : "is false", fix: "set true" };
}

const keyFinding = (properties: Properties, field: string): Finding | undefined =>
  properties.text(field)
    ? undefined
    : { field, found: "isn't set", fix: "set a KMS key of your own" };
