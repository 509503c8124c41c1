import { z } from "zod";
import { Properties } from "./properties";
import { Finding, Resource, resourceRule, Rule } from "./rule";
import { missingTags, requiredTags } from "./tags";

const workgroup = "aws:athena/workgroup:Workgroup";
const database = "aws:athena/database:Database";
const dataCatalog = "aws:athena/dataCatalog:DataCatalog";

/** What query results and databases can be encrypted by (Athena API, EncryptionConfiguration). */
const encryptionOptions = ["SSE_S3", "SSE_KMS", "CSE_KMS"] as const;

const terabyte = 1024 ** 4;

/** Rules for Athena. */
export const athenaRules: readonly Rule[] = [
  resourceRule({
    name: "athena-workgroup-enforced",
    level: "mandatory",
    severity: "high",
    description: "An Athena workgroup's settings override those of its clients",
    reason:
      "Otherwise each client chooses where its results go, and whether they're encrypted at all",
    fix: "Set `configuration.enforceWorkgroupConfiguration` to true, which is its default",
    references: ["CKV_AWS_82", "Trivy AWS-0007", "prowler athena_workgroup_enforce_configuration"],
    url: "https://docs.aws.amazon.com/athena/latest/ug/workgroups-settings-override.html",
    config: {},
    types: [workgroup],
    check: ({ properties }) =>
      offFinding(properties, "configuration.enforceWorkgroupConfiguration"),
  }),
  resourceRule({
    name: "athena-encryption",
    level: "mandatory",
    severity: "high",
    description: "Results of an Athena workgroup, and databases that Athena makes, are encrypted",
    reason: "Results are copies of the data, in a bucket that more people read",
    fix: "Set `encryptionOption`, or let Athena manage the results, which it always encrypts",
    references: [
      "CKV_AWS_77",
      "CKV_AWS_159",
      "Trivy AWS-0006",
      "cdk-nag ATH1",
      "prowler athena_workgroup_encryption",
    ],
    url: "https://docs.aws.amazon.com/athena/latest/ug/encrypting-query-results-stored-in-s3.html",
    config: {
      encryptionOptions: z
        .array(z.enum(encryptionOptions))
        .min(1)
        .default([...encryptionOptions])
        .describe("What may encrypt results and databases"),
    },
    types: [workgroup, database],
    check: encryptionFinding,
  }),
  resourceRule({
    name: "athena-scan-limit",
    level: "mandatory",
    severity: "high",
    description: "A query of an Athena workgroup stops at a limit of bytes",
    reason: "Athena bills by bytes scanned: one query without a partition filter reads years",
    fix: "Set `configuration.bytesScannedCutoffPerQuery`",
    references: [],
    url: "https://docs.aws.amazon.com/athena/latest/ug/workgroups-setting-control-limits-cloudwatch.html",
    config: {
      maxBytes: z
        .number()
        .int()
        .min(10 * 1024 ** 2)
        .default(terabyte)
        .describe("Bytes that the limit may be at most; the default is 1 TB"),
    },
    types: [workgroup],
    check: ({ properties }, { maxBytes }) => {
      if (isSpark(properties)) return undefined;
      const field = "configuration.bytesScannedCutoffPerQuery";
      // The provider takes 0 for no limit.
      const limit = properties.number(field) ?? 0;
      if (limit > 0 && limit <= maxBytes) return undefined;
      return {
        field,
        found: limit > 0 ? `is ${limit}` : "isn't set",
        fix: `set ${maxBytes} or less`,
      };
    },
  }),
  resourceRule({
    name: "athena-metrics",
    level: "advisory",
    severity: "low",
    description: "An Athena workgroup publishes metrics of its queries",
    reason: "Nobody sees what queries scan and which fail before the bill comes",
    fix: "Set `configuration.publishCloudwatchMetricsEnabled` to true, which is its default",
    references: ["Security Hub Athena.4", "prowler athena_workgroup_logging_enabled"],
    url: "https://docs.aws.amazon.com/athena/latest/ug/query-metrics-viewing.html",
    config: {},
    types: [workgroup],
    check: ({ properties }) =>
      offFinding(properties, "configuration.publishCloudwatchMetricsEnabled"),
  }),
  resourceRule({
    name: "athena-tags",
    level: "advisory",
    severity: "low",
    description: "Athena workgroups and data catalogs have the required tags",
    reason: "What has no tags can be charged to nobody and is found by nobody",
    fix: "Give the resource, or its provider's default tags, every required tag",
    references: ["Security Hub Athena.2", "Security Hub Athena.3"],
    url: "https://docs.aws.amazon.com/athena/latest/ug/tags.html",
    config: requiredTags,
    types: [workgroup, dataCatalog],
    check: missingTags,
  }),
];

/** Both settings of a workgroup are on unless they're turned off (provider docs, athena_workgroup). */
function offFinding(properties: Properties, field: string): Finding | undefined {
  return properties.flag(field) === false
    ? { field, found: "is false", fix: "set true" }
    : undefined;
}

function encryptionFinding(
  { type, properties }: Resource,
  config: { encryptionOptions: string[] },
): Finding | undefined {
  if (type === workgroup && isEncryptedOtherwise(properties)) return undefined;
  const field =
    type === workgroup
      ? "configuration.resultConfiguration.encryptionConfiguration.encryptionOption"
      : "encryptionConfiguration.encryptionOption";
  const option = properties.text(field);
  if (option !== undefined && config.encryptionOptions.includes(option)) return undefined;
  return {
    field,
    found: option === undefined ? "isn't set" : `is ${option}`,
    fix: `set ${config.encryptionOptions.join(" or ")}`,
  };
}

/** Results that Athena manages are always encrypted; Spark's notebooks have a key of their own. */
function isEncryptedOtherwise(properties: Properties): boolean {
  return (
    properties.flag("configuration.managedQueryResultsConfiguration.enabled") === true ||
    (isSpark(properties) &&
      properties.has("configuration.customerContentEncryptionConfiguration.kmsKey"))
  );
}

/** Spark sessions bill by DPU and take no limit of bytes. */
function isSpark(properties: Properties): boolean {
  const engine = properties.text("configuration.engineVersion.selectedEngineVersion") ?? "";
  return engine.startsWith("PySpark");
}
