import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { CrawledSourceArgs, crawlerSettings } from "./crawler/crawlerArguments";
import { eventQueue, readEvents } from "./crawler/eventQueue";
import { untilRoleIsKnown } from "./crawler/freshRole";
import { logGroups, writeLogs } from "./glue/glueLogs";
import { grantLake } from "./glue/lakeFormation";
import { arns, Arns, readPrefix, Statement } from "./access/policyDocuments";
import { glueRole, grant } from "./access/roles";
import { crawledTableName, SourceTable } from "./glue/sourceTable";

/** The group of all crawlers that have no security configuration. */
const sharedGroup = "/aws-glue/crawlers";
/**
 * An S3 folder made queryable: a crawler that keeps one catalog table, and a role that may read
 * that folder and write that table, and nothing else. Databases (JDBC) and DynamoDB aren't its
 * business.
 *
 * ```ts
 * const ios = new CrawledSource("ios", {
 *   crawlerName: "segmentlogs-IOS",
 *   databaseName: "segment_logs",
 *   bucketName: "my-bucket",
 *   prefix: "segment-logs/ksMsMXyyEaIOS/",
 * });
 * ```
 */
export class CrawledSource extends pulumi.ComponentResource implements SourceTable {
  /** The crawler's name in Glue. */
  public readonly crawlerName: pulumi.Output<string>;
  /** Glue database that has the table. */
  public readonly databaseName: pulumi.Output<string>;
  /** The table's name, as Glue derives it from the folder. */
  public readonly tableName: pulumi.Output<string>;
  /** Bucket of the dataset. */
  public readonly bucketName: pulumi.Output<string>;
  /** Folder of the dataset in the bucket, with a final slash. */
  public readonly prefix: pulumi.Output<string>;
  /** `s3://bucket/prefix/`. */
  public readonly path: pulumi.Output<string>;
  /**
   * Name of the queue of events that the crawler can't read, in event mode; `PipelineMonitoring` tells
   * of what is in it.
   */
  public readonly unreadQueueName: pulumi.Output<string> | undefined;

  constructor(name: string, args: CrawledSourceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("glue-etl:index:CrawledSource", name, {}, opts);
    const settings = crawlerSettings(name, args);
    const tableName = crawledTableName(args.prefix, args.tablePrefix);
    const role = glueRole(
      `${name}-crawler`,
      { ...args, description: `Glue crawler ${args.crawlerName}` },
      this,
    );
    const logs = logGroups(ownLogGroup(name, args, role), args, this);
    const to = arns({ parent: this });
    const { queue, unread } = settings.readsEvents
      ? eventQueue(name, args, this)
      : { queue: undefined, unread: undefined };
    if (queue && !args.bucketSendsEvents) {
      new aws.s3.BucketNotification(
        name,
        { bucket: args.bucketName, eventbridge: true },
        { parent: this },
      );
    }
    const policy = grant(`${name}-crawler`, role, [
      ...crawlerStatements(to, args, tableName),
      ...(queue ? [readEvents(queue)] : []),
      ...writeLogs(to, logs.length > 0 ? logs.map((group) => group.name) : [sharedGroup], args),
    ]);
    if (args.lakeFormation) {
      const location = to.folder(args.bucketName, args.prefix);
      grantLake(`${name}-crawler`, role, { reads: [], createsIn: args.databaseName, location });
    }
    // A configuration is what Glue looks up with the role at once.
    const hooks =
      args.securityConfiguration === undefined
        ? undefined
        : untilRoleIsKnown(`${name}-${args.crawlerName}`);
    this.unreadQueueName = unread?.name;
    this.path = pulumi.interpolate`s3://${args.bucketName}/${args.prefix}`;
    const crawler = new aws.glue.Crawler(
      name,
      {
        name: args.crawlerName,
        description: args.description,
        databaseName: args.databaseName,
        role: role.arn,
        s3Targets: [
          {
            path: this.path,
            exclusions: args.exclusions,
            sampleSize: settings.sampleSize,
            eventQueueArn: queue?.arn,
          },
        ],
        classifiers: args.classifiers,
        tablePrefix: args.tablePrefix,
        recrawlPolicy: { recrawlBehavior: settings.recrawlBehavior },
        schemaChangePolicy: {
          updateBehavior: settings.updateBehavior,
          // A folder that expires must not take its table's history out of the catalog.
          deleteBehavior: "LOG",
        },
        configuration: settings.configuration,
        securityConfiguration: args.securityConfiguration,
        tags: args.tags,
      },
      { parent: this, dependsOn: [policy, ...logs], hooks },
    );
    this.crawlerName = crawler.name;
    this.databaseName = crawler.databaseName;
    this.tableName = pulumi.output(tableName);
    this.bucketName = pulumi.output(args.bucketName);
    this.prefix = pulumi.output(args.prefix);
    this.registerOutputs({
      crawlerName: this.crawlerName,
      databaseName: this.databaseName,
      tableName: this.tableName,
      path: this.path,
      unreadQueueName: this.unreadQueueName,
    });
  }
}

/** With encrypted logs, a crawler's group carries the names of its role and configuration. */
function ownLogGroup(
  name: string,
  args: CrawledSourceArgs,
  role: aws.iam.Role,
): Record<string, pulumi.Input<string>> {
  const { securityConfiguration } = args;
  return securityConfiguration === undefined
    ? {}
    : {
        [`${name}-crawler`]: pulumi.interpolate`${sharedGroup}-role/${role.name}-${securityConfiguration}`,
      };
}

function crawlerStatements(to: Arns, args: CrawledSourceArgs, tableName: string): Statement[] {
  const statements: Statement[] = [
    ...readPrefix(to, "Dataset", args.bucketName, args.prefix),
    {
      // As in AWSGlueServiceRole, which a crawler's role must be like (AWS Glue guide, "Crawler
      // prerequisites").
      Sid: "LocateDataset",
      Action: ["s3:GetBucketLocation"],
      Resource: to.bucket(args.bucketName),
    },
    {
      Sid: "CatalogTable",
      Action: [
        "glue:GetDatabase",
        "glue:GetTable",
        "glue:CreateTable",
        "glue:UpdateTable",
        "glue:GetPartitions",
        "glue:BatchGetPartition",
        "glue:BatchCreatePartition",
        "glue:BatchUpdatePartition",
        ...(args.partitionIndex ? ["glue:CreatePartitionIndex", "glue:GetPartitionIndexes"] : []),
      ],
      Resource: to.tables(args.databaseName, tableName),
    },
    {
      Sid: "FindTables",
      Action: ["glue:GetTables"],
      Resource: to.tables(args.databaseName, "*"),
    },
  ];
  if (args.securityConfiguration !== undefined) {
    statements.push({
      // Glue looks it up with this role, as soon as the crawler is made (terraform-provider-aws#50018).
      // It takes no resource (Service Authorization Reference, AWS Glue).
      Sid: "SecurityConfiguration",
      Action: ["glue:GetSecurityConfiguration"],
      Resource: "*",
    });
  }
  if (args.kmsKeyArn !== undefined) {
    statements.push({ Sid: "Decrypt", Action: ["kms:Decrypt"], Resource: args.kmsKeyArn });
  }
  return statements;
}
