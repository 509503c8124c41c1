import type { Described } from "../pack/packHost";
import { tags } from "./tags";

/** A policy of one statement, by default one that reads a bucket's objects. */
export function permission(statement: object = {}): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: {
      Effect: "Allow",
      Action: "s3:GetObject",
      Resource: "arn:aws:s3:::lake-data/*",
      ...statement,
    },
  });
}

const named = (kind: string) => ({ [kind]: `etl-${kind}` });
const own = "arn:aws:iam::123456789012:policy/etl";

/** One good resource of each kind that rules for IAM judge. */
export const iam: readonly Described[] = [
  {
    type: "aws:iam/role:Role",
    name: "etl-role",
    props: {
      name: "etl-role",
      assumeRolePolicy: JSON.stringify({
        Statement: {
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { Service: "glue.amazonaws.com" },
        },
      }),
      inlinePolicies: [{ name: "read", policy: permission() }],
      managedPolicyArns: [own],
      tags,
    },
  },
  { type: "aws:iam/policy:Policy", name: "etl-policy", props: { policy: permission(), tags } },
  ...["role", "user", "group"].flatMap((kind): Described[] => {
    const Kind = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
    return [
      {
        type: `aws:iam/${kind}Policy:${Kind}Policy`,
        name: `${kind}-policy`,
        props: { ...named(kind), policy: permission() },
      },
      {
        type: `aws:iam/${kind}PolicyAttachment:${Kind}PolicyAttachment`,
        name: `${kind}-attachment`,
        props: { ...named(kind), policyArn: own },
      },
      {
        type: `aws:iam/${kind}PolicyAttachmentsExclusive:${Kind}PolicyAttachmentsExclusive`,
        name: `${kind}-attachments`,
        props: { ...named(kind), policyArns: [own] },
      },
    ];
  }),
  {
    type: "aws:iam/policyAttachment:PolicyAttachment",
    name: "attachment",
    props: { policyArn: own, roles: ["etl-role"] },
  },
];
