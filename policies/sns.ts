import { resourceRule, Rule } from "./rule";

/** Rules for SNS. */
export const snsRules: readonly Rule[] = [
  resourceRule({
    name: "sns-encryption",
    level: "mandatory",
    severity: "medium",
    description: "A topic is encrypted with a KMS key",
    reason:
      "Notices of failures quote names and errors, and SNS keeps them until they're delivered",
    fix: "Set `kmsMasterKeyId`; EventBridge and alarms need a key of your own, whose policy lets them use it",
    references: [
      "Security Hub SNS.1",
      "CKV_AWS_26",
      "cdk-nag SNS2",
      "prowler sns_topics_kms_encryption_at_rest_enabled",
    ],
    url: "https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html",
    config: {},
    types: ["aws:sns/topic:Topic"],
    check: ({ properties }) =>
      properties.text("kmsMasterKeyId")
        ? undefined
        : { field: "kmsMasterKeyId", found: "isn't set", fix: "set the id of a KMS key" },
  }),
];
