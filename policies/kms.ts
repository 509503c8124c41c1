import { Properties } from "./properties";
import { resourceRule, Rule } from "./rule";

/** Rules for KMS. */
export const kmsRules: readonly Rule[] = [
  resourceRule({
    name: "kms-rotation",
    level: "mandatory",
    severity: "medium",
    description: "A symmetric KMS key is rotated",
    reason: "What leaks with old key material stays readable for as long as it isn't rotated",
    fix: "Set `enableKeyRotation` to true: KMS then makes new material each year, and keeps the old to decrypt by",
    references: [
      "Security Hub KMS.4",
      "CKV_AWS_7",
      "cdk-nag KMS5",
      "prowler kms_cmk_rotation_enabled",
    ],
    url: "https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
    config: {},
    types: ["aws:kms/key:Key"],
    check: ({ properties }) => {
      if (!canRotate(properties)) return undefined;
      const rotates = properties.flag("enableKeyRotation");
      if (rotates) return undefined;
      return {
        field: "enableKeyRotation",
        found: rotates === undefined ? "isn't set" : "is false",
        fix: "set true",
      };
    },
  }),
];

/** KMS rotates symmetric encryption keys whose material it made itself (KMS guide, "Rotate keys"). */
function canRotate(properties: Properties): boolean {
  const spec = properties.text("customerMasterKeySpec") ?? "SYMMETRIC_DEFAULT";
  return spec === "SYMMETRIC_DEFAULT" && !properties.has("customKeyStoreId");
}
