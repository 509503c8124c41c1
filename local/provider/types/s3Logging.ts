import type { LoggingEnabled } from "@aws-sdk/client-s3";
import { type Aws, found } from "../aws";
import { required, string } from "../fields";
import { defineResource } from "../resource";
import { ofBucket, owned } from "./s3BucketSettings";

async function putLogging(aws: Aws, Bucket: string, LoggingEnabled?: LoggingEnabled) {
  await aws.s3.putBucketLogging({ Bucket, BucketLoggingStatus: { LoggingEnabled } });
}

export const bucketLogging = defineResource({
  token: "aws:s3/bucketLogging:BucketLogging",
  inputs: {
    ...ofBucket,
    ...owned,
    targetBucket: required(string()),
    targetPrefix: required(string()),
  },
  unsupported: ["targetGrants", "targetObjectKeyFormat"],
  async create(aws, { bucket, targetBucket, targetPrefix }, created) {
    await putLogging(aws, bucket, { TargetBucket: targetBucket, TargetPrefix: targetPrefix });
    created(bucket);
  },
  async read(aws, id) {
    const logging = (await found(aws.s3.getBucketLogging({ Bucket: id })))?.LoggingEnabled;
    return (
      logging && {
        bucket: id,
        targetBucket: logging.TargetBucket,
        targetPrefix: logging.TargetPrefix,
      }
    );
  },
  async update(aws, id, { targetBucket, targetPrefix }) {
    await putLogging(aws, id, { TargetBucket: targetBucket, TargetPrefix: targetPrefix });
  },
  async delete(aws, id) {
    await found(putLogging(aws, id));
  },
});
