import { BucketLocationConstraint } from "@aws-sdk/client-s3";
import { type Aws, found, isNotFound } from "../aws";
import { boolean, defaulted, named, string } from "../fields";
import { defineResource, regional, tagged } from "../resource";
import { tagList, tagMap, type Tags } from "../tags";
import { all, lengthBetween, matches } from "../validators";

async function setTags(aws: Aws, bucket: string, tags: Tags | undefined): Promise<void> {
  if (Object.keys(tags ?? {}).length > 0) {
    await aws.s3.putBucketTagging({ Bucket: bucket, Tagging: { TagSet: tagList(tags) } });
  } else {
    await found(aws.s3.deleteBucketTagging({ Bucket: bucket }));
  }
}

async function empty(aws: Aws, bucket: string): Promise<void> {
  for (;;) {
    const page = await aws.s3.listObjectVersions({ Bucket: bucket });
    const objects = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(
      ({ Key, VersionId }) => ({ Key, VersionId }),
    );
    if (objects.length === 0) {
      return;
    }
    const answer = await aws.s3.deleteObjects({
      Bucket: bucket,
      Delete: { Objects: objects, Quiet: true },
    });
    const [problem] = answer.Errors ?? [];
    if (problem !== undefined) {
      throw new Error(`emptying ${bucket}: ${problem.Code}: ${problem.Message} (${problem.Key})`);
    }
  }
}

async function exists(aws: Aws, bucket: string): Promise<boolean> {
  return (await found(aws.s3.headBucket({ Bucket: bucket }))) !== undefined;
}

function isLocation(region: string): region is BucketLocationConstraint {
  return Object.values<string>(BucketLocationConstraint).includes(region);
}

export const bucket = defineResource({
  token: "aws:s3/bucket:Bucket",
  inputs: {
    ...regional,
    ...tagged,
    bucket: named(
      string({
        forceNew: true,
        check: all(
          lengthBetween(3, 63),
          matches(/^[a-z0-9][a-z0-9.-]*[a-z0-9]$/, "only small letters, digits, dots and dashes"),
        ),
      }),
    ),
    forceDestroy: defaulted(boolean({ unread: true }), false),
    objectLockEnabled: boolean({ forceNew: true, computed: true }),
  },
  outputs: ["arn", "bucketDomainName", "bucketRegionalDomainName", "bucketRegion"],
  unsupported: [
    "accelerationStatus",
    "acl",
    "bucketNamespace",
    "bucketPrefix",
    "corsRules",
    "grants",
    "lifecycleRules",
    "logging",
    "objectLockConfiguration",
    "policy",
    "replicationConfiguration",
    "requestPayer",
    "serverSideEncryptionConfiguration",
    "versioning",
    "website",
  ],
  autoname: {
    property: "bucket",
    separator: "-",
    maxLength: 63,
    randomLength: 7,
    lowercase: true,
    unique: true,
  },
  idOf: ({ bucket: name }) => name,
  async create(aws, { bucket: name, tagsAll, objectLockEnabled }, created) {
    // In us-east-1 S3 says yes to creating a bucket that the account has already.
    if (await exists(aws, name)) {
      throw new Error(`bucket ${name} exists already; import it, or choose another name`);
    }
    const location = isLocation(aws.region) ? { LocationConstraint: aws.region } : undefined;
    await aws.s3.createBucket({
      Bucket: name,
      ObjectLockEnabledForBucket: objectLockEnabled,
      CreateBucketConfiguration: location,
    });
    created(name);
    if (Object.keys(tagsAll ?? {}).length > 0) {
      await setTags(aws, name, tagsAll);
    }
  },
  async read(aws, id) {
    if (!(await exists(aws, id))) {
      return undefined;
    }
    const tagging = await found(aws.s3.getBucketTagging({ Bucket: id }));
    const suffix = aws.partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
    return {
      bucket: id,
      region: aws.region,
      arn: `arn:${aws.partition}:s3:::${id}`,
      bucketRegion: aws.region,
      bucketDomainName: `${id}.s3.${suffix}`,
      bucketRegionalDomainName: `${id}.s3.${aws.region}.${suffix}`,
      tagsAll: tagMap(tagging?.TagSet),
    };
  },
  async update(aws, id, { tagsAll }) {
    await setTags(aws, id, tagsAll);
  },
  async delete(aws, id, { forceDestroy }) {
    try {
      if (forceDestroy) {
        await empty(aws, id);
      }
      await aws.s3.deleteBucket({ Bucket: id });
    } catch (error) {
      if (!isNotFound(error)) {
        throw error;
      }
    }
  },
});
