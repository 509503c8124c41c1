/** How the local provider's calls for a type differ from the official one's. */
interface Difference {
  /** `service:Operation` that only the local provider asks for. */
  ours?: string[];
  /** What only the official one asks for: no local run tells whether a role may do that. */
  theirs?: string[];
  why: string;
}

/**
 * Where the local provider and the official one (`test/deploy/calls`) differ, for the changes that the
 * cases make. A difference that isn't here fails, and so does one that is no more.
 */
export const callsThatDiffer: Record<string, Difference> = {
  "aws:cloudwatch/logGroup:LogGroup": {
    ours: ["logs:DeleteRetentionPolicy"],
    why: "the case lets logs be kept for ever, which no stack does",
  },
  "aws:glue/catalogTable:CatalogTable": {
    theirs: ["glue:GetPartitionIndexes"],
    why: "the local provider has partition indexes as a type of their own alone",
  },
  "aws:glue/trigger:Trigger": {
    theirs: ["glue:StartTrigger"],
    why: "the case stops the trigger and doesn't start it again",
  },
  "aws:iam/role:Role": {
    theirs: ["iam:GetRolePolicy", "iam:ListInstanceProfilesForRole", "iam:ListRolePolicies"],
    why: "the official provider reads inline policies, and takes roles out of instance profiles",
  },
  "aws:kms/alias:Alias": { theirs: ["kms:UpdateAlias"], why: "the case changes no alias" },
  "aws:kms/key:Key": {
    ours: ["kms:DisableKeyRotation"],
    why: "the case turns rotation off, which no stack does",
  },
  "aws:s3/bucket:Bucket": {
    theirs: [
      "s3:DeleteObject",
      "s3:GetBucketAccelerateConfiguration",
      "s3:GetBucketAcl",
      "s3:GetBucketCors",
      "s3:GetBucketEncryption",
      "s3:GetBucketLifecycleConfiguration",
      "s3:GetBucketLogging",
      "s3:GetBucketPolicy",
      "s3:GetBucketReplication",
      "s3:GetBucketRequestPayment",
      "s3:GetBucketVersioning",
      "s3:GetBucketWebsite",
      "s3:GetObjectLockConfiguration",
      "s3:ListTagsForResource",
      "s3:TagResource",
    ],
    why:
      "the official provider reads settings that are resources of their own here, and tags by S3 " +
      "Control; the case's bucket is empty when it's deleted",
  },
  "aws:s3/bucketObjectv2:BucketObjectv2": {
    theirs: ["s3:AbortMultipartUpload", "s3:PutObjectTagging"],
    why: "the local provider sends objects whole, with their tags",
  },
  "aws:sfn/stateMachine:StateMachine": {
    theirs: ["states:ListStateMachineVersions", "states:ValidateStateMachineDefinition"],
    why: "local previews ask no service, and versions aren't published",
  },
  "aws:sns/topicSubscription:TopicSubscription": {
    theirs: ["sns:ListSubscriptionsByTopic"],
    why: "a version of the official provider lists them, too",
  },
};
