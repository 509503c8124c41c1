import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentChecks } from "./checks/arguments";
import { CatalogEncryption } from "./catalogEncryption";
import { lakeKey } from "./lake/lakeKey";
import { PrivateBucket, PrivateBucketArgs } from "./privateBucket";
import { lakeLifecycles, LakeRetention } from "./lake/retention";

/** Arguments of {@link DataLake}. */
export interface DataLakeArgs {
  /** Bucket that exists and that Segment writes to. Default: a bucket is made. */
  rawBucketName?: pulumi.Input<string>;
  /** Glue database of the raw tables: small letters, digits and `_`. */
  rawDatabaseName: string;
  /** Glue database of the curated tables: small letters, digits and `_`. */
  curatedDatabaseName: string;
  /**
   * Days that query results, access logs, records that couldn't be read (`quarantine/` of the curated
   * bucket) and old versions of objects are kept; 1 to 3650. So long can what was overwritten or deleted
   * be had back. Default: 30.
   */
  temporaryDays?: number;
  /** How long what else is kept, one entry a bucket and prefix. Default: for ever. */
  retention?: LakeRetention[];
  /**
   * Whether the raw bucket tells EventBridge of its objects, as crawlers in event mode and workflows that
   * start on new objects need. Of an adopted bucket somebody else says so: the setting would replace all
   * its other notifications. Default: false.
   */
  sendObjectEvents?: boolean;
  /**
   * Whether Pulumi refuses to delete or replace what holds data: buckets with their settings, key and
   * databases. Default: false.
   */
  protect?: boolean;
  /** Whether destroying the stack deletes buckets that still hold objects. Default: false. */
  forceDestroy?: boolean;
  /**
   * Whether the Glue Data Catalog is encrypted with the lake's key. That concerns the **whole account in
   * the region**, and can't be taken back with the stack: see `CatalogEncryption`. Default: false.
   */
  encryptCatalog?: boolean;
  /**
   * Whether the passwords of the account's connections are encrypted with the lake's key, too. Then whoever
   * makes, changes or uses a connection needs the key: see `CatalogEncryption`. Default: false.
   */
  encryptConnectionPasswords?: boolean;
  /** Permissions boundary of the role that `encryptCatalog` needs. Default: none. */
  permissionsBoundaryArn?: pulumi.Input<string>;
  /** Tags of every resource that takes tags. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * Where the pipeline's data live: buckets for raw events, curated data, job code and query
 * results, with access logs; the key that encrypts them, a security configuration by which Glue uses
 * that key, and two Glue databases.
 *
 * ```ts
 * const lake = new DataLake("events", {
 *   rawDatabaseName: "raw_events",
 *   curatedDatabaseName: "events",
 * });
 * ```
 */
export class DataLake extends pulumi.ComponentResource {
  /** Bucket of the raw events: the one that was given, or one of its own. */
  public readonly rawBucketName: pulumi.Output<string>;
  /** Bucket of the curated dataset and of what couldn't be read. */
  public readonly curatedBucketName: pulumi.Output<string>;
  /** Bucket of the code of jobs. */
  public readonly assetsBucketName: pulumi.Output<string>;
  /** Bucket of query results. */
  public readonly resultsBucketName: pulumi.Output<string>;
  /** Glue database of the raw tables. */
  public readonly rawDatabaseName: pulumi.Output<string>;
  /** Glue database of the curated tables. */
  public readonly curatedDatabaseName: pulumi.Output<string>;
  /** The key of the buckets that the lake makes, and of what Glue writes and logs. */
  public readonly kmsKeyArn: pulumi.Output<string>;
  /** Name of the Glue security configuration. */
  public readonly securityConfiguration: pulumi.Output<string>;

  constructor(name: string, args: DataLakeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("glue-etl:index:DataLake", name, {}, opts);
    const { temporaryDays, lifecycles } = normalize(name, args);
    const guarded = { parent: this, protect: args.protect };
    const key = lakeKey(name, args.tags, { ...guarded, retainOnDelete: args.encryptCatalog });
    const bucket = (purpose: string, changes: Partial<PrivateBucketArgs> = {}) =>
      new PrivateBucket(
        `${name}-${purpose}`,
        {
          kmsKeyArn: key.arn,
          oldVersionDays: temporaryDays,
          lifecycle: lifecycles[purpose],
          forceDestroy: args.forceDestroy,
          tags: args.tags,
          ...changes,
        },
        guarded,
      ).bucketName;
    const database = (databaseName: string, description: string) =>
      new aws.glue.CatalogDatabase(
        databaseName,
        { name: databaseName, description, tags: args.tags },
        guarded,
      ).name;

    const logged: Record<string, pulumi.Output<string>> = {};
    const loggedBucket = (purpose: string) => (logged[purpose] = bucket(purpose));
    this.rawBucketName = pulumi.output(args.rawBucketName ?? loggedBucket("raw"));
    this.curatedBucketName = loggedBucket("curated");
    this.assetsBucketName = loggedBucket("assets");
    this.resultsBucketName = loggedBucket("results");
    this.logAccess(
      name,
      logged,
      bucket("logs", {
        kmsKeyArn: undefined,
        accessLogsOf: Object.values(logged),
      }),
    );
    if (args.sendObjectEvents) {
      new aws.s3.BucketNotification(
        `${name}-raw`,
        { bucket: this.rawBucketName, eventbridge: true },
        { parent: this },
      );
    }
    this.rawDatabaseName = database(args.rawDatabaseName, "Event logs as they were received");
    this.curatedDatabaseName = database(args.curatedDatabaseName, "Event logs made queryable");
    this.kmsKeyArn = key.arn;
    this.securityConfiguration = securityConfiguration(name, key, this).name;
    if (args.encryptCatalog) {
      const { encryptConnectionPasswords, permissionsBoundaryArn, tags } = args;
      new CatalogEncryption(
        name,
        { kmsKeyArn: key.arn, encryptConnectionPasswords, permissionsBoundaryArn, tags },
        { parent: this },
      );
    }
    this.registerOutputs({
      rawBucketName: this.rawBucketName,
      curatedBucketName: this.curatedBucketName,
      assetsBucketName: this.assetsBucketName,
      resultsBucketName: this.resultsBucketName,
      kmsKeyArn: this.kmsKeyArn,
      securityConfiguration: this.securityConfiguration,
    });
  }

  /** Has S3 log who reads and writes the buckets, each below a folder of its own. */
  private logAccess(
    name: string,
    buckets: Record<string, pulumi.Output<string>>,
    targetBucket: pulumi.Output<string>,
  ): void {
    for (const [purpose, bucket] of Object.entries(buckets)) {
      new aws.s3.BucketLogging(
        `${name}-${purpose}`,
        { bucket, targetBucket, targetPrefix: `${purpose}/` },
        { parent: this },
      );
    }
  }
}

/** All that a crawler or job writes is encrypted with the key. */
function securityConfiguration(
  name: string,
  { arn: kmsKeyArn }: aws.kms.Key,
  parent: pulumi.Resource,
): aws.glue.SecurityConfiguration {
  return new aws.glue.SecurityConfiguration(
    name,
    {
      encryptionConfiguration: {
        s3Encryption: { s3EncryptionMode: "SSE-KMS", kmsKeyArn },
        cloudwatchEncryption: { cloudwatchEncryptionMode: "SSE-KMS", kmsKeyArn },
        jobBookmarksEncryption: { jobBookmarksEncryptionMode: "CSE-KMS", kmsKeyArn },
      },
    },
    { parent },
  );
}

function normalize(name: string, args: DataLakeArgs) {
  const check = new ArgumentChecks(`DataLake "${name}"`);
  const temporaryDays = args.temporaryDays ?? 30;
  const rawIsAdopted = args.rawBucketName !== undefined;
  check.databaseName("rawDatabaseName", args.rawDatabaseName);
  check.databaseName("curatedDatabaseName", args.curatedDatabaseName);
  check.distinct("databases", [args.rawDatabaseName, args.curatedDatabaseName]);
  check.wholeNumber("temporaryDays", temporaryDays, 1, 3650);
  if (args.protect && args.forceDestroy) {
    check.fail(
      "forceDestroy",
      "is true beside `protect`",
      "Leave one of them out: a bucket is either kept or deleted with its objects",
    );
  }
  if (args.encryptConnectionPasswords && !args.encryptCatalog) {
    check.fail(
      "encryptConnectionPasswords",
      "is true without `encryptCatalog`",
      "Set `encryptCatalog`, too, or leave both out",
    );
  }
  if (args.sendObjectEvents && rawIsAdopted) {
    check.fail(
      "sendObjectEvents",
      "is true for a bucket that exists (`rawBucketName`)",
      "Leave it out, and turn EventBridge on in that bucket's own notifications: this would replace them all",
    );
  }
  const retention = args.retention ?? [];
  return {
    temporaryDays,
    lifecycles: lakeLifecycles(check, retention, { temporaryDays, rawIsAdopted }),
  };
}
