import assert from "node:assert/strict";
import { permission } from "./good/iam";
import { describeRules, type RuleCase } from "./pack/cases";
import { PackHost, unknown } from "./pack/packHost";

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
        good: [undefined, [aws("service-role/AWSGlueServiceRole")]],
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

  it("go by the lists that config gives", async () => {
    const host = await PackHost.start({
      [rule]: {
        managedPolicies: ["AWSGlueServiceRole"],
        wildcardVerbs: [],
        unscopedActions: ["s3:GetObject"],
      },
    });
    const judge = async (type: string, props: Record<string, unknown>) =>
      (await host.analyze({ type, name: "one", props })).length;
    const policy = "aws:iam/policy:Policy";
    assert.equal(await judge(policy, { policy: permission({ Action: "s3:Get*" }) }), 1);
    assert.equal(await judge(policy, { policy: permission(everywhere) }), 0);
    const metrics = { ...everywhere, Action: "cloudwatch:PutMetricData" };
    assert.equal(await judge(policy, { policy: permission(metrics) }), 1);
    const attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
    const arn = aws("service-role/AWSGlueServiceRole");
    assert.equal(await judge(attachment, { policyArn: arn }), 1);
    assert.equal(await judge(attachment, { policyArn: aws("AmazonS3FullAccess") }), 0);
    await host.stop();
  });

  it("leave trust policies and policies of resources alone", async () => {
    const host = await PackHost.start();
    const assumeRolePolicy = permission({ Action: "sts:*", Principal: "*", ...everywhere });
    assert.deepEqual(
      await host.analyze({ type: "aws:iam/role:Role", name: "role", props: { assumeRolePolicy } }),
      [],
    );
    const policy = permission({ Action: "kms:*", Principal: "*", ...everywhere });
    const props = { enableKeyRotation: true, policy };
    assert.deepEqual(await host.analyze({ type: "aws:kms/key:Key", name: "key", props }), []);
    await host.stop();
  });
});
