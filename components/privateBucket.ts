import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentChecks } from "./checks/arguments";
import { arns, policyDocument, Statement, tlsOnly } from "./access/policyDocuments";

/** What becomes of objects as they grow old. */
export interface ObjectLifecycle {
  /** Folder of the objects, with a final slash. Default: all objects of the bucket. */
  prefix?: string;
  /** Days after which an object expires. Default: never. */
  expireDays?: number;
  /** Days after which an object moves to `storageClass`. Default: never. */
  transitionDays?: number;
  /** S3 storage class to move to. Default: `STANDARD_IA`. */
  storageClass?: string;
}

/** Arguments of {@link PrivateBucket}. */
export interface PrivateBucketArgs {
  /** KMS key that encrypts the objects. Default: S3's own keys. */
  kmsKeyArn?: pulumi.Input<string>;
  /** Days that a replaced or deleted object can still be had back. */
  oldVersionDays: number;
  /** What expires or moves to cheaper storage, one entry a prefix. Default: nothing. */
  lifecycle?: ObjectLifecycle[];
  /**
   * Names of buckets of the account whose access logs S3 may write here; with them, `kmsKeyArn` must
   * not be set, as S3's log delivery can't use such a key. Default: none.
   */
  accessLogsOf?: pulumi.Input<string>[];
  /** Whether destroying the stack deletes the bucket with its objects. Default: false. */
  forceDestroy?: boolean;
  /** Tags of the bucket. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * A bucket that is encrypted, versioned, closed to the public and to plain HTTP, and tidied.
 *
 * ```ts
 * const raw = new PrivateBucket("raw", { oldVersionDays: 30 });
 * ```
 */
export class PrivateBucket extends pulumi.ComponentResource {
  /** The bucket's name, known once all its settings are made. */
  public readonly bucketName: pulumi.Output<string>;

  constructor(name: string, args: PrivateBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("glue-etl:index:PrivateBucket", name, {}, opts);
    checkArguments(name, args);
    const bucket = new aws.s3.Bucket(
      name,
      { forceDestroy: args.forceDestroy ?? false, tags: args.tags },
      { parent: this },
    );
    const of = { bucket: bucket.id };
    const child = { parent: bucket };
    const closed = new aws.s3.BucketPublicAccessBlock(
      name,
      {
        ...of,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      child,
    );
    const encryption = new aws.s3.BucketServerSideEncryptionConfiguration(
      name,
      {
        ...of,
        rules: [
          {
            applyServerSideEncryptionByDefault: args.kmsKeyArn
              ? { sseAlgorithm: "aws:kms", kmsMasterKeyId: args.kmsKeyArn }
              : { sseAlgorithm: "AES256" },
            bucketKeyEnabled: args.kmsKeyArn !== undefined,
          },
        ],
      },
      child,
    );
    const versioning = new aws.s3.BucketVersioning(
      name,
      { ...of, versioningConfiguration: { status: "Enabled" } },
      child,
    );
    const lifecycle = new aws.s3.BucketLifecycleConfiguration(
      name,
      { ...of, rules: lifecycleRules(args) },
      // S3 looks at the versioning to judge rules for old versions.
      { ...child, dependsOn: versioning },
    );
    const policy = new aws.s3.BucketPolicy(
      name,
      {
        ...of,
        policy: policyDocument([
          tlsOnly("s3:*", [bucket.arn, pulumi.interpolate`${bucket.arn}/*`]),
          ...this.logDelivery(bucket, args),
        ]),
      },
      { ...child, dependsOn: closed },
    );
    this.bucketName = pulumi
      .all([bucket.id, encryption.id, lifecycle.id, policy.id])
      .apply(([id]) => id);
    this.registerOutputs({ bucketName: this.bucketName });
  }

  /** Lets S3 write access logs (S3 guide, "Enabling Amazon S3 server access logging"). */
  private logDelivery(bucket: aws.s3.Bucket, args: PrivateBucketArgs): Statement[] {
    const to = arns({ parent: this });
    return args.accessLogsOf === undefined
      ? []
      : [
          {
            Sid: "AccessLogs",
            Principal: { Service: "logging.s3.amazonaws.com" },
            Action: ["s3:PutObject"],
            Resource: pulumi.interpolate`${bucket.arn}/*`,
            Condition: {
              ArnLike: { "aws:SourceArn": args.accessLogsOf.map((source) => to.bucket(source)) },
              StringEquals: { "aws:SourceAccount": to.accountId },
            },
          },
        ];
  }
}

function checkArguments(name: string, args: PrivateBucketArgs): void {
  if (args.accessLogsOf !== undefined && args.kmsKeyArn !== undefined) {
    new ArgumentChecks(`PrivateBucket "${name}"`).fail(
      "kmsKeyArn",
      "is set beside `accessLogsOf`",
      "Leave it out: S3 can't deliver access logs to a bucket with a KMS key",
    );
  }
}

function lifecycleRules(
  args: PrivateBucketArgs,
): aws.types.input.s3.BucketLifecycleConfigurationRule[] {
  const lifecycles = args.lifecycle ?? [];
  const allExpire = lifecycles.some(
    ({ prefix, expireDays }) => prefix === undefined && expireDays !== undefined,
  );
  return [
    {
      id: "tidy",
      status: "Enabled",
      filter: { prefix: "" },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
      noncurrentVersionExpiration: { noncurrentDays: args.oldVersionDays },
      // Markers of deletion with nothing left behind them; a rule that expires all removes them anyway.
      ...(allExpire ? {} : { expiration: { expiredObjectDeleteMarker: true } }),
    },
    ...lifecycles.map((lifecycle) => ({
      id: lifecycle.prefix ?? "all",
      status: "Enabled",
      filter: { prefix: lifecycle.prefix ?? "" },
      ...actions(lifecycle),
    })),
  ];
}

function actions({ expireDays, transitionDays, storageClass = "STANDARD_IA" }: ObjectLifecycle) {
  return {
    ...(expireDays === undefined ? {} : { expiration: { days: expireDays } }),
    ...(transitionDays === undefined
      ? {}
      : { transitions: [{ days: transitionDays, storageClass }] }),
  };
}
