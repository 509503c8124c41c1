import { describeRules } from "./pack/cases";

describe("policies for SNS", () => {
  describeRules(
    ["sns-"],
    [
      {
        rule: "sns-encryption",
        resource: "failures",
        field: "kmsMasterKeyId",
        bad: [undefined, ""],
        good: ["arn:aws:kms:us-west-2:123456789012:key/11111111-2222-3333-4444-555555555555"],
        says: /`kmsMasterKeyId` isn't set/,
      },
    ],
  );
});
