import assert from "node:assert/strict";
import { permission } from "./good/iam";
import { describeRules, type RuleCase } from "./pack/cases";
import { unknown } from "./pack/packHost";
import { withPack } from "./pack/sharedPack";

const everywhere = { Resource: "*" };
const aws = (name: string) => `arn:aws:iam::aws:policy/${name}`;
const rule = "iam-no-wildcard";

/** A policy of several statements. */
const several = (...statements: object[]) =>
  JSON.stringify({
    Statement: statements.map((one) => ({
      Effect: "Allow",
      Action: ["s3:GetObject"],
      Resource: ["arn:aws:s3:::lake-data/*"],
      ...one,
    })),
  });

describe("policies for IAM", () => {
  describeRules(
    ["iam-"],
    [
      {
        rule,
        resource: "role-policy",
        field: "policy",
        bad: [
          permission({ Action: "*" }),
          permission({ Action: ["s3:GetObject", "s3:*"] }),
          permission({ Action: "S3:*" }),
          permission({ Action: "s3:Put*" }),
          permission({ Action: "s3:?*" }),
          permission({ Action: "s3:G*" }),
          permission({ Action: "*:GetObject" }),
        ],
        good: [
          permission({ Action: ["s3:Get*", "s3:ListBucket*", "glue:BatchGet*"] }),
          permission({ Effect: "Deny", Action: "*", Resource: "*" }),
          "not JSON",
        ],
        says: /`policy\.Statement\[0\]\.Action` has `.*`\. .*name the actions that are used/,
      },
      {
        rule,
        resource: "role-policy",
        field: "policy",
        bad: [
          permission(everywhere),
          permission({ Resource: ["arn:aws:s3:::lake-data", "*"] }),
          permission({ Resource: "arn:aws:s3:::*" }),
          permission({ Resource: "arn:aws:s3:::*/*" }),
          permission({ Resource: "arn:aws:logs:us-west-2:123456789012:*" }),
          permission({ Resource: "arn:aws:s3*" }),
          permission({ ...everywhere, Action: ["cloudwatch:PutMetricData", "s3:GetObject"] }),
          permission({ ...everywhere, Condition: { Bool: { "aws:SecureTransport": "true" } } }),
          permission({
            ...everywhere,
            Condition: { StringLike: { "aws:ResourceTag/Team": "*" } },
          }),
          permission({
            ...everywhere,
            Condition: { StringEqualsIfExists: { "aws:ResourceTag/Team": "data" } },
          }),
        ],
        good: [
          permission({ ...everywhere, Action: "cloudwatch:PutMetricData" }),
          permission({ ...everywhere, Action: "CloudWatch:putmetricdata" }),
          permission({ ...everywhere, Action: ["ec2:DescribeSubnets", "ec2:Describe*"] }),
          permission({ Resource: "arn:aws:logs:*:*:log-group:/aws-glue/*" }),
          permission({
            ...everywhere,
            Condition: { StringEquals: { "aws:ResourceTag/Team": "data" } },
          }),
          permission({
            ...everywhere,
            Condition: { "ForAnyValue:StringLike": { "kms:ResourceAliases": "alias/lake*" } },
          }),
        ],
        says: /`policy\.Statement\[0\]\.Resource` has `.*\*`\. .*name the resources of `s3:GetObject`/,
      },
      {
        rule,
        resource: "role-policy",
        field: "policy",
        bad: [
          permission({ Action: undefined, NotAction: "iam:*" }),
          permission({ Resource: undefined, NotResource: "arn:aws:s3:::lake-data/*" }),
        ],
        good: [permission({ Effect: "Deny", Action: undefined, NotAction: "s3:GetObject" })],
        says: /`policy\.Statement\[0\]\.(NotAction` allows all actions|NotResource` allows all resources) but these/,
      },
      {
        rule,
        resource: "role-policy",
        field: "policy",
        bad: [
          several({}, { Action: ["kms:*"] }),
          several({}, { Effect: "Allow", Resource: ["*"] }),
        ],
        good: [several({}, {})],
        says: /`policy\.Statement\[1\]\./,
      },
      ...["etl-policy", "user-policy", "group-policy"].map((resource): RuleCase => ({
        rule,
        resource,
        field: "policy",
        bad: [
          permission({ Action: "*" }),
          // What the SDK's `PolicyDocument` is.
          { Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] },
        ],
        says: /`policy\.Statement\[0\]\.Action` has `\*`/,
      })),
      {
        rule,
        resource: "etl-role",
        field: "inlinePolicies",
        bad: [
          [
            { name: "unknown", policy: unknown },
            { name: "all", policy: permission({ Action: "*" }) },
          ],
        ],
        good: [undefined, [{ name: "unknown", policy: unknown }]],
        says: /`inlinePolicies\[1\]\.policy\.Statement\[0\]\.Action` has `\*`/,
      },
      {
        rule,
        resource: "etl-role",
        field: "managedPolicyArns",
        bad: [[unknown, aws("AdministratorAccess")]],
        good: [undefined, [aws("AmazonS3ReadOnlyAccess")]],
        says: /`managedPolicyArns\[1\]` is AWS's AdministratorAccess/,
      },
      ...["attachment", "role-attachment", "user-attachment", "group-attachment"].map(
        (resource): RuleCase => ({
          rule,
          resource,
          field: "policyArn",
          bad: [
            aws("AmazonS3FullAccess"),
            aws("AmazonKeyspacesFullAccess_v2"),
            aws("AdministratorAccess"),
            aws("PowerUserAccess"),
            aws("service-role/AWSGlueServiceRole"),
            "arn:aws-cn:iam::aws:policy/job-function/AnyFullAccess",
          ],
          good: [
            aws("AmazonS3ReadOnlyAccess"),
            // Judged where it is made.
            "arn:aws:iam::123456789012:policy/TeamFullAccess",
          ],
          says: /`policyArn` is AWS's \w+\. .*attach a policy that names what is used/,
        }),
      ),
      ...["role-attachments", "user-attachments", "group-attachments"].map(
        (resource): RuleCase => ({
          rule,
          resource,
          field: "policyArns",
          bad: [[aws("AmazonS3FullAccess")]],
          good: [[]],
          says: /`policyArns\[0\]` is AWS's AmazonS3FullAccess/,
        }),
      ),
    ],
  );

  /** How many findings there are about each. */
  const judge = (
    resources: readonly { type: string; props: Record<string, unknown> }[],
    config: Record<string, unknown> = {},
  ) =>
    withPack(
      async (host) => {
        const found = resources.map((one) => host.analyze({ ...one, name: "one" }));
        return (await Promise.all(found)).map(({ length }) => length);
      },
      { [rule]: config },
    );

  it("go by the lists that config gives", async () => {
    const policy = (statement: object) => ({
      type: "aws:iam/policy:Policy",
      props: { policy: permission(statement) },
    });
    const attachment = (policyArn: string) => ({
      type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      props: { policyArn },
    });
    const counts = await judge(
      [
        policy({ Action: "s3:Get*" }),
        policy(everywhere),
        policy({ ...everywhere, Action: "cloudwatch:PutMetricData" }),
        attachment(aws("service-role/AWSGlueServiceRole")),
        attachment(aws("AmazonS3FullAccess")),
      ],
      {
        managedPolicies: ["AWSGlueServiceRole"],
        wildcardVerbs: [],
        unscopedActions: ["s3:GetObject"],
      },
    );
    assert.deepEqual(counts, [1, 0, 1, 1, 0]);
  });

  it("leave trust policies and policies of resources alone", async () => {
    const wide = (Action: string) => permission({ Action, Principal: "*", ...everywhere });
    const counts = await judge([
      { type: "aws:iam/role:Role", props: { assumeRolePolicy: wide("sts:*") } },
      { type: "aws:kms/key:Key", props: { enableKeyRotation: true, policy: wide("kms:*") } },
    ]);
    assert.deepEqual(counts, [0, 0]);
  });
});
