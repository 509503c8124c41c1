import type { Described } from "../pack/packHost";
import { tags } from "./tags";

const bucket = (name: string): Described[] => {
  const setting = (type: string, suffix: string, props: object): Described => ({
    type: `aws:s3/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`,
    name: `${name}-${suffix}`,
    props: { bucket: name, ...props },
    dependencies: { bucket: [name] },
  });
  return [
    {
      type: "aws:s3/bucket:Bucket",
      name,
      props: { id: name, bucket: name, forceDestroy: false, tags },
    },
    setting("BucketPublicAccessBlock", "block", {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    }),
    setting("BucketServerSideEncryptionConfiguration", "encryption", {
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    }),
    setting("BucketPolicy", "policy", { policy: tlsOnly(name) }),
    setting("BucketVersioning", "versioning", { versioningConfiguration: { status: "Enabled" } }),
    setting("BucketLifecycleConfiguration", "lifecycle", {
      rules: [
        {
          id: "tidy",
          status: "Enabled",
          filter: { prefix: "" },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          noncurrentVersionExpiration: { noncurrentDays: 30 },
        },
      ],
    }),
  ];
};

/** A bucket policy of one statement, by default one that refuses plain HTTP. */
export function tlsOnly(name: string, statement: object = {}): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
        ...statement,
      },
    ],
  });
}

/** A bucket with all its settings, and one that holds its access logs. */
export const s3: readonly Described[] = [
  ...bucket("lake-data"),
  ...bucket("lake-logs"),
  {
    type: "aws:s3/bucketLogging:BucketLogging",
    name: "lake-data-logging",
    props: { bucket: "lake-data", targetBucket: "lake-logs", targetPrefix: "data/" },
    dependencies: { bucket: ["lake-data"], targetBucket: ["lake-logs"] },
  },
];
