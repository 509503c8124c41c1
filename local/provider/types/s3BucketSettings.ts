import { BucketVersioningStatus, ServerSideEncryption } from "@aws-sdk/client-s3";
import { fromApi, toApi } from "../api";
import { found } from "../aws";
import { isJson, samePolicy } from "../documents";
import { boolean, defaulted, object, oneOf, required, set, string } from "../fields";
import { defineResource, regional } from "../resource";

/** Settings of a bucket that are resources of their own; their id is the bucket's name. */
export const ofBucket = { ...regional, bucket: required(string({ forceNew: true })) };
export const owned = { expectedBucketOwner: string({ forceNew: true, unread: true }) };

const publicAccess = {
  blockPublicAcls: defaulted(boolean(), false),
  blockPublicPolicy: defaulted(boolean(), false),
  ignorePublicAcls: defaulted(boolean(), false),
  restrictPublicBuckets: defaulted(boolean(), false),
};

export const bucketPublicAccessBlock = defineResource({
  token: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  inputs: { ...ofBucket, ...publicAccess, skipDestroy: boolean({ unread: true }) },
  async create(aws, settings, created) {
    const PublicAccessBlockConfiguration = toApi(publicAccess, settings);
    await aws.s3.putPublicAccessBlock({ Bucket: settings.bucket, PublicAccessBlockConfiguration });
    created(settings.bucket);
  },
  async read(aws, id) {
    const answer = await found(aws.s3.getPublicAccessBlock({ Bucket: id }));
    return (
      answer && { bucket: id, ...fromApi(publicAccess, answer.PublicAccessBlockConfiguration) }
    );
  },
  async update(aws, id, settings) {
    const PublicAccessBlockConfiguration = toApi(publicAccess, settings);
    await aws.s3.putPublicAccessBlock({ Bucket: id, PublicAccessBlockConfiguration });
  },
  async delete(aws, id, { skipDestroy }) {
    if (!skipDestroy) {
      await found(aws.s3.deletePublicAccessBlock({ Bucket: id }));
    }
  },
});

const encryptionInputs = {
  ...ofBucket,
  ...owned,
  rules: required(
    set(
      object({
        applyServerSideEncryptionByDefault: object({
          sseAlgorithm: required(oneOf(Object.values(ServerSideEncryption))),
          kmsMasterKeyId: string(),
        }),
        bucketKeyEnabled: boolean(),
      }),
    ),
  ),
};

type EncryptionRules = {
  applyServerSideEncryptionByDefault?: {
    sseAlgorithm: ServerSideEncryption;
    kmsMasterKeyId?: string;
  };
  bucketKeyEnabled?: boolean;
}[];

function encryptionRules(rules: EncryptionRules) {
  return rules.map(({ applyServerSideEncryptionByDefault: byDefault, bucketKeyEnabled }) => ({
    ApplyServerSideEncryptionByDefault: byDefault && {
      SSEAlgorithm: byDefault.sseAlgorithm,
      KMSMasterKeyID: byDefault.kmsMasterKeyId,
    },
    BucketKeyEnabled: bucketKeyEnabled,
  }));
}

export const bucketEncryption = defineResource({
  token: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  inputs: encryptionInputs,
  unsupported: ["rules.blockedEncryptionTypes"],
  async create(aws, { bucket, expectedBucketOwner, rules }, created) {
    await aws.s3.putBucketEncryption({
      Bucket: bucket,
      ExpectedBucketOwner: expectedBucketOwner,
      ServerSideEncryptionConfiguration: { Rules: encryptionRules(rules) },
    });
    created(bucket);
  },
  async read(aws, id) {
    const answer = await found(aws.s3.getBucketEncryption({ Bucket: id }));
    const rules = answer?.ServerSideEncryptionConfiguration?.Rules;
    return (
      rules && {
        bucket: id,
        rules: rules.map((rule) => ({
          applyServerSideEncryptionByDefault: {
            sseAlgorithm: rule.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
            kmsMasterKeyId: rule.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID,
          },
          bucketKeyEnabled: rule.BucketKeyEnabled,
        })),
      }
    );
  },
  async update(aws, id, { rules }) {
    await aws.s3.putBucketEncryption({
      Bucket: id,
      ServerSideEncryptionConfiguration: { Rules: encryptionRules(rules) },
    });
  },
  async delete(aws, id) {
    await found(aws.s3.deleteBucketEncryption({ Bucket: id }));
  },
});

/** What a bucket has that never had versions; S3 has no word for it, so none can be sent. */
const disabled = "Disabled";
const versioningStatuses = [...Object.values(BucketVersioningStatus), disabled] as const;

const versioningInputs = {
  ...ofBucket,
  ...owned,
  versioningConfiguration: required(
    object({
      status: required(oneOf(versioningStatuses)),
    }),
  ),
};

export const bucketVersioning = defineResource({
  token: "aws:s3/bucketVersioning:BucketVersioning",
  inputs: versioningInputs,
  unsupported: ["mfa", "versioningConfiguration.mfaDelete"],
  async create(aws, { bucket, versioningConfiguration: { status } }, created) {
    if (status !== disabled) {
      await aws.s3.putBucketVersioning({
        Bucket: bucket,
        VersioningConfiguration: { Status: status },
      });
    }
    created(bucket);
  },
  async read(aws, id) {
    const answer = await found(aws.s3.getBucketVersioning({ Bucket: id }));
    return (
      answer && {
        bucket: id,
        versioningConfiguration: { status: answer.Status ?? disabled },
      }
    );
  },
  async update(aws, id, { versioningConfiguration: { status } }) {
    if (status === disabled) {
      throw new Error("versioning can be suspended, but not disabled once it was enabled");
    }
    await aws.s3.putBucketVersioning({ Bucket: id, VersioningConfiguration: { Status: status } });
  },
  async delete(aws, id, { versioningConfiguration }) {
    if (versioningConfiguration?.status === BucketVersioningStatus.Enabled) {
      await found(
        aws.s3.putBucketVersioning({
          Bucket: id,
          VersioningConfiguration: { Status: BucketVersioningStatus.Suspended },
        }),
      );
    }
  },
});

export const bucketPolicy = defineResource({
  token: "aws:s3/bucketPolicy:BucketPolicy",
  inputs: { ...ofBucket, policy: required(string({ check: isJson, same: samePolicy })) },
  async create(aws, { bucket, policy }, created) {
    await aws.s3.putBucketPolicy({ Bucket: bucket, Policy: policy });
    created(bucket);
  },
  async read(aws, id) {
    const answer = await found(aws.s3.getBucketPolicy({ Bucket: id }));
    return answer?.Policy === undefined ? undefined : { bucket: id, policy: answer.Policy };
  },
  async update(aws, id, { policy }) {
    await aws.s3.putBucketPolicy({ Bucket: id, Policy: policy });
  },
  async delete(aws, id) {
    await found(aws.s3.deleteBucketPolicy({ Bucket: id }));
  },
});
