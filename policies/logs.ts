import { z } from "zod";
import { resourceRule, Rule } from "./rule";

const logGroup = "aws:cloudwatch/logGroup:LogGroup";

/** The longest retention that CloudWatch Logs takes: ten years. */
const longestRetention = 3653;

const days = z.number().int().min(1).max(longestRetention);

/** Rules for CloudWatch Logs. */
export const logsRules: readonly Rule[] = [
  resourceRule({
    name: "logs-retention",
    level: "mandatory",
    severity: "medium",
    description: "A log group says how long its logs are kept",
    reason: "Without a retention logs are kept, and billed, for ever",
    fix: "Set `retentionInDays`",
    references: [
      "Security Hub CloudWatch.16",
      "CKV_AWS_66",
      "CKV_AWS_338",
      "prowler cloudwatch_log_group_retention_policy_specific_days_enabled",
    ],
    url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
    config: {
      minDays: days.default(1).describe("Days that logs must be kept at least"),
      maxDays: days
        .default(longestRetention)
        .describe("Days that logs may be kept at most; the default is what CloudWatch takes"),
    },
    types: [logGroup],
    check: ({ properties }, { minDays, maxDays }) => {
      // Logs of this class are kept for two days, whatever is set.
      if (properties.text("logGroupClass") === "DELIVERY") return undefined;
      // 0 stands for no retention.
      const retention = properties.number("retentionInDays") ?? 0;
      if (retention > 0 && retention >= minDays && retention <= maxDays) return undefined;
      return {
        field: "retentionInDays",
        found: retention > 0 ? `is ${retention}` : "isn't set, so logs are kept for ever",
        fix: `set ${minDays} to ${maxDays} days`,
      };
    },
  }),
  resourceRule({
    name: "logs-encryption",
    level: "advisory",
    severity: "medium",
    description: "A log group is encrypted with a KMS key",
    reason: "Logs quote the data, and with a key of your own you decide who can read them",
    fix: "Set `kmsKeyId` to a key whose policy lets CloudWatch Logs use it",
    references: ["CKV_AWS_158", "prowler cloudwatch_log_group_kms_encryption_enabled"],
    url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
    config: {},
    types: [logGroup],
    check: ({ properties }) =>
      properties.text("kmsKeyId")
        ? undefined
        : { field: "kmsKeyId", found: "isn't set", fix: "set the ARN of a KMS key" },
  }),
];
