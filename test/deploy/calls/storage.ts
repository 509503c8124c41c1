import { arn, idOf, Made, text } from "../stackResources";
import { also, Call, on, TypeCalls, withTags } from "./call";

const bucketArn = (name: string) => `arn:aws:s3:::${name}`;
const bucketOf = ({ inputs }: Made) => bucketArn(text(inputs, "bucket"));

/** A part of a bucket's settings: read, put, and taken away again. */
const setting = (source: string, get: string, put: string, remove: string): TypeCalls => ({
  source,
  calls: (made) => ({
    create: on(bucketOf(made), put, get),
    read: on(bucketOf(made), get),
    update: on(bucketOf(made), put, get),
    delete: on(bucketOf(made), remove, get),
  }),
});

/** What S3 does with the key of the buckets, as the caller, where an object is written. */
const bucketKey = arn("kms", `key/${idOf("mobile-user")}`);
const encrypts: Call[] = ["kms:GenerateDataKey", "kms:Decrypt"].map((action) =>
  also(bucketKey, action),
);

export const storageCalls: Record<string, TypeCalls> = {
  "aws:s3/bucket:Bucket": {
    source: "s3/bucket.go",
    note:
      "Tags since 6.23.0 (its changelog): by S3 Control where the caller may, else by the bucket's own " +
      "operations. Both are let, as which one it is depends on the region and the bucket.",
    calls: (made) => {
      const force = made.inputs["forceDestroy"] === true;
      const objects = `${made.arn}/*`;
      return {
        create: [
          ...on(made.arn, "s3:CreateBucket", "s3:HeadBucket"),
          ...withTags(made, made.arn, "s3:TagResource"),
          ...on(made.arn, "s3:PutBucketTagging"),
        ],
        read: [
          ...on(made.arn, "s3:HeadBucket", "s3:GetBucketPolicy"),
          ...on(made.arn, "s3:GetBucketAcl", "s3:GetBucketCors", "s3:GetBucketWebsite"),
          ...on(made.arn, "s3:GetBucketVersioning", "s3:GetBucketAccelerateConfiguration"),
          ...on(made.arn, "s3:GetBucketRequestPayment", "s3:GetBucketLogging"),
          ...on(made.arn, "s3:GetBucketLifecycleConfiguration", "s3:GetBucketReplication"),
          ...on(made.arn, "s3:GetBucketEncryption", "s3:GetObjectLockConfiguration"),
          ...on(made.arn, "s3:ListTagsForResource", "s3:GetBucketTagging"),
        ],
        update: [
          ...on(made.arn, "s3:TagResource", "s3:UntagResource", "s3:ListTagsForResource"),
          ...on(made.arn, "s3:PutBucketTagging", "s3:DeleteBucketTagging"),
        ],
        delete: [
          ...on(made.arn, "s3:DeleteBucket", "s3:HeadBucket"),
          ...(force
            ? [
                ...on(made.arn, "s3:ListObjectVersions"),
                ...on(objects, "s3:DeleteObject"),
                also(objects, "s3:DeleteObjectVersion"),
              ]
            : []),
        ],
      };
    },
  },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": setting(
    "s3/bucket_lifecycle_configuration.go",
    "s3:GetBucketLifecycleConfiguration",
    "s3:PutBucketLifecycleConfiguration",
    "s3:DeleteBucketLifecycle",
  ),
  "aws:s3/bucketLogging:BucketLogging": setting(
    "s3/bucket_logging.go",
    "s3:GetBucketLogging",
    "s3:PutBucketLogging",
    "s3:PutBucketLogging",
  ),
  "aws:s3/bucketNotification:BucketNotification": setting(
    "s3/bucket_notification.go",
    "s3:GetBucketNotificationConfiguration",
    "s3:PutBucketNotificationConfiguration",
    "s3:PutBucketNotificationConfiguration",
  ),
  "aws:s3/bucketPolicy:BucketPolicy": setting(
    "s3/bucket_policy.go",
    "s3:GetBucketPolicy",
    "s3:PutBucketPolicy",
    "s3:DeleteBucketPolicy",
  ),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": setting(
    "s3/bucket_public_access_block.go",
    "s3:GetPublicAccessBlock",
    "s3:PutPublicAccessBlock",
    "s3:DeletePublicAccessBlock",
  ),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": setting(
    "s3/bucket_server_side_encryption_configuration.go",
    "s3:GetBucketEncryption",
    "s3:PutBucketEncryption",
    "s3:DeleteBucketEncryption",
  ),
  "aws:s3/bucketVersioning:BucketVersioning": setting(
    "s3/bucket_versioning.go",
    "s3:GetBucketVersioning",
    "s3:PutBucketVersioning",
    "s3:PutBucketVersioning",
  ),
  "aws:s3/bucketObjectv2:BucketObjectv2": {
    source: "s3/object.go",
    note:
      "Uploads above 5 MiB go by parts (aws-sdk-go-v2, feature/s3/manager), which are taken back where " +
      "one fails. HEAD answers 404 only to who may list the bucket.",
    calls: (made) => {
      const bucket = bucketOf(made);
      const object = `${bucket}/${text(made.inputs, "key")}`;
      const upload = [
        ...on(object, "s3:PutObject", "s3:AbortMultipartUpload"),
        ...withTags(made, object, "s3:PutObjectTagging"),
        ...encrypts,
      ];
      return {
        create: upload,
        read: [
          ...on(object, "s3:HeadObject", "s3:GetObjectTagging"),
          also(bucket, "s3:ListBucket"),
          also(bucketKey, "kms:Decrypt"),
        ],
        update: [...upload, ...on(object, "s3:PutObjectTagging", "s3:DeleteObjectTagging")],
        // The buckets keep versions, and all of them go.
        delete: [
          ...on(bucket, "s3:ListObjectVersions"),
          ...on(object, "s3:DeleteObject"),
          also(object, "s3:DeleteObjectVersion"),
        ],
      };
    },
  },
  "aws:kms/alias:Alias": {
    source: "kms/alias.go",
    note: "Aliases are listed, and there is no resource by which that is checked.",
    calls: ({ inputs, physicalName }) => {
      const both = [arn("kms", physicalName), arn("kms", `key/${text(inputs, "targetKeyId")}`)];
      return {
        create: on(both, "kms:CreateAlias"),
        read: on("*", "kms:ListAliases"),
        update: on(both, "kms:UpdateAlias"),
        delete: on(both, "kms:DeleteAlias"),
      };
    },
  },
  "aws:kms/key:Key": {
    source: "kms/key.go",
    calls: (made) => ({
      create: [
        ...on("*", "kms:CreateKey"),
        ...withTags(made, made.arn, "kms:TagResource"),
        ...on(made.arn, "kms:EnableKeyRotation"),
      ],
      read: [
        ...on(made.arn, "kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus"),
        ...on(made.arn, "kms:ListResourceTags"),
      ],
      update: [
        ...on(made.arn, "kms:UpdateKeyDescription", "kms:PutKeyPolicy"),
        ...on(made.arn, "kms:EnableKeyRotation", "kms:TagResource", "kms:UntagResource"),
      ],
      delete: on(made.arn, "kms:ScheduleKeyDeletion", "kms:DescribeKey"),
    }),
  },
};
