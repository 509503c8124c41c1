import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentChecks } from "./arguments";
import { PrivateBucket } from "./privateBucket";

/** Arguments of {@link DataLake}. */
export interface DataLakeArgs {
  /** Bucket that exists and that Segment writes to. Default: a bucket is made. */
  rawBucketName?: pulumi.Input<string>;
  /** Glue database of the raw tables: small letters, digits and `_`. */
  rawDatabaseName: string;
  /** Glue database of the curated tables: small letters, digits and `_`. */
  curatedDatabaseName: string;
  /** Days that query results and old versions of objects are kept. Default: 30. */
  temporaryDays?: number;
  /** Whether destroying the stack deletes buckets that still hold objects. Default: false. */
  forceDestroy?: boolean;
  /** Tags of every resource that takes tags. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * Where the pipeline's data live: buckets for raw events, curated data, job code and query
 * results, the key that encrypts them, and two Glue databases.
 */
export class DataLake extends pulumi.ComponentResource {
  public readonly rawBucketName: pulumi.Output<string>;
  public readonly curatedBucketName: pulumi.Output<string>;
  public readonly assetsBucketName: pulumi.Output<string>;
  public readonly resultsBucketName: pulumi.Output<string>;
  public readonly rawDatabaseName: pulumi.Output<string>;
  public readonly curatedDatabaseName: pulumi.Output<string>;
  public readonly kmsKeyArn: pulumi.Output<string>;

  constructor(name: string, args: DataLakeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("glue-etl:index:DataLake", name, {}, opts);
    const temporaryDays = normalize(name, args);
    const key = this.createKey(name, args);
    const bucket = (purpose: string, expireAll = false) =>
      new PrivateBucket(
        `${name}-${purpose}`,
        {
          kmsKeyArn: key.arn,
          oldVersionDays: temporaryDays,
          expireDays: expireAll ? temporaryDays : undefined,
          forceDestroy: args.forceDestroy,
          tags: args.tags,
        },
        { parent: this },
      ).bucketName;
    const database = (databaseName: string, description: string) =>
      new aws.glue.CatalogDatabase(
        databaseName,
        { name: databaseName, description, tags: args.tags },
        { parent: this },
      ).name;

    this.rawBucketName = pulumi.output(args.rawBucketName ?? bucket("raw"));
    this.curatedBucketName = bucket("curated");
    this.assetsBucketName = bucket("assets");
    this.resultsBucketName = bucket("results", true);
    this.rawDatabaseName = database(args.rawDatabaseName, "Event logs as they were received");
    this.curatedDatabaseName = database(args.curatedDatabaseName, "Event logs made queryable");
    this.kmsKeyArn = key.arn;
    this.registerOutputs({
      rawBucketName: this.rawBucketName,
      curatedBucketName: this.curatedBucketName,
      assetsBucketName: this.assetsBucketName,
      resultsBucketName: this.resultsBucketName,
      kmsKeyArn: this.kmsKeyArn,
    });
  }

  private createKey(name: string, args: DataLakeArgs): aws.kms.Key {
    const key = new aws.kms.Key(
      name,
      {
        description: `Data of ${name}`,
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        tags: args.tags,
      },
      { parent: this },
    );
    new aws.kms.Alias(name, { targetKeyId: key.keyId }, { parent: key });
    return key;
  }
}

function normalize(name: string, args: DataLakeArgs): number {
  const check = new ArgumentChecks(`DataLake "${name}"`);
  const temporaryDays = args.temporaryDays ?? 30;
  check.databaseName("rawDatabaseName", args.rawDatabaseName);
  check.databaseName("curatedDatabaseName", args.curatedDatabaseName);
  check.distinct("databases", [args.rawDatabaseName, args.curatedDatabaseName]);
  check.wholeNumber("temporaryDays", temporaryDays, 1, 3650);
  return temporaryDays;
}
