import { Made, text } from "../stackResources";

/** What a deployment asks of AWS for one resource. */
export interface Call {
  /**
   * `service:Operation` of AWS's API, the service by its IAM prefix. None where IAM checks something
   * beside the call: tags that are given on creation, a role that is passed, the key of an object.
   */
  api?: string;
  action: string;
  /** The ARNs by which IAM checks it, each by itself; `*` for an action that has none. */
  resources: string[];
  /** Condition keys that AWS knows at the call. */
  context?: Record<string, string>;
}

/** When the AWS provider calls. `plan`: in a preview, and before each update. */
export const moments = ["plan", "create", "read", "update", "delete"] as const;
export type Moment = (typeof moments)[number];

/** All calls for a resource of a type. */
export interface TypeCalls {
  /** File of terraform-provider-aws, below `internal/service/`. */
  source: string;
  /** What else was looked up, where the file alone doesn't say it. */
  note?: string;
  calls(made: Made): Partial<Record<Moment, Call[]>>;
}

/** Actions of operations that aren't named like them (S3 guide, "Required permissions for API operations"). */
const otherActions: Record<string, string> = {
  "s3:DeleteBucketEncryption": "s3:PutEncryptionConfiguration",
  "s3:DeleteBucketLifecycle": "s3:PutLifecycleConfiguration",
  "s3:DeleteBucketTagging": "s3:PutBucketTagging",
  "s3:DeletePublicAccessBlock": "s3:PutBucketPublicAccessBlock",
  "s3:GetBucketAccelerateConfiguration": "s3:GetAccelerateConfiguration",
  "s3:GetBucketCors": "s3:GetBucketCORS",
  "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
  "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
  "s3:GetBucketNotificationConfiguration": "s3:GetBucketNotification",
  "s3:GetBucketReplication": "s3:GetReplicationConfiguration",
  "s3:GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
  "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
  "s3:HeadBucket": "s3:ListBucket",
  "s3:HeadObject": "s3:GetObject",
  "s3:ListObjectVersions": "s3:ListBucketVersions",
  "s3:PutBucketEncryption": "s3:PutEncryptionConfiguration",
  "s3:PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
  "s3:PutBucketNotificationConfiguration": "s3:PutBucketNotification",
  "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
};

/** Calls of these operations, each checked by these resources. */
export function on(resources: string | string[], ...apis: string[]): Call[] {
  return apis.map((api) => ({
    api,
    action: otherActions[api] ?? api,
    resources: [resources].flat(),
  }));
}

/** What IAM checks beside a call. */
export function also(resource: string, action: string, context?: Record<string, string>): Call {
  return { action, resources: [resource], ...(context && { context }) };
}

/** The tags of a resource are checked by an action of their own when they come with its creation. */
export const withTags = ({ inputs }: Made, resource: string, action: string): Call[] =>
  inputs["tags"] === undefined ? [] : [also(resource, action)];

/** Handing a role to a service (IAM guide, "Grant a user permissions to pass a role to an AWS service"). */
export function passes({ inputs }: Made, input: string, service: string): Call[] {
  if (inputs[input] === undefined) return [];
  return [
    also(text(inputs, input), "iam:PassRole", {
      "iam:PassedToService": `${service}.amazonaws.com`,
    }),
  ];
}
