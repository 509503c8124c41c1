import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentChecks } from "./arguments";
import { checkLogArgs, logGroups, writeLogs } from "./glueLogs";
import { glueRole, grant } from "./roles";
import { arns, Arns, readPrefix, Statement } from "./policyDocuments";

/** Arguments of {@link CrawledSource}. */
export interface CrawledSourceArgs {
  /** Name of the crawler in Glue, exactly: no suffix is added. */
  crawlerName: string;
  /** What the crawler is for, shown in the Glue console. */
  description?: pulumi.Input<string>;
  /** Glue database that gets the table. */
  databaseName: pulumi.Input<string>;
  /** Bucket of the dataset. */
  bucketName: pulumi.Input<string>;
  /** Folder of the dataset in the bucket, with a final slash. Its last part names the table. */
  prefix: string;
  /** Put before the table's name. Default: nothing. */
  tablePrefix?: string;
  /** Glob patterns, relative to the folder, of what not to crawl. Default: none. */
  exclusions?: pulumi.Input<pulumi.Input<string>[]>;
  /** Objects read in each leaf folder to infer the schema, 1 to 249. Default: 2. */
  sampleSize?: number;
  /**
   * `CRAWL_EVERYTHING` finds new fields in known folders; `CRAWL_NEW_FOLDERS_ONLY` only adds
   * partitions. Default: `CRAWL_EVERYTHING`.
   */
  recrawlBehavior?: string;
  /**
   * `UPDATE_IN_DATABASE` adds new fields to the table's columns; `LOG` leaves the columns of a table
   * to whoever made it, and only adds partitions. Default: `UPDATE_IN_DATABASE`, or `LOG` with
   * `CRAWL_NEW_FOLDERS_ONLY`, which takes no other.
   */
  updateBehavior?: string;
  /** KMS key of the bucket. Default: the bucket isn't encrypted with a customer's key. */
  kmsKeyArn?: pulumi.Input<string>;
  /**
   * Glue security configuration that encrypts the crawler's logs with `logsKmsKeyArn`. Default: none;
   * the crawler then logs to `/aws-glue/crawlers`, which it shares with others.
   */
  securityConfiguration?: pulumi.Input<string>;
  /** KMS key of the crawler's logs; needed with `securityConfiguration`. */
  logsKmsKeyArn?: pulumi.Input<string>;
  /** Days that the crawler's own logs are kept. Default: 30. */
  logRetentionDays?: pulumi.Input<number>;
  /** Permissions boundary of the crawler's role. Default: none. */
  permissionsBoundaryArn?: pulumi.Input<string>;
  /** Tags of every resource that takes tags. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** The group of all crawlers that have no security configuration. */
const sharedGroup = "/aws-glue/crawlers";
const recrawlBehaviors = ["CRAWL_EVERYTHING", "CRAWL_NEW_FOLDERS_ONLY"];
const updateBehaviors = ["UPDATE_IN_DATABASE", "LOG"];

/**
 * An S3 folder made queryable: a crawler that keeps one catalog table, and a role that may read
 * that folder and write that table, and nothing else.
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
export class CrawledSource extends pulumi.ComponentResource {
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

  constructor(name: string, args: CrawledSourceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("glue-etl:index:CrawledSource", name, {}, opts);
    const settings = normalize(name, args);
    const tableName = crawledTableName(args.prefix, args.tablePrefix);
    const role = glueRole(
      `${name}-crawler`,
      { ...args, description: `Glue crawler ${args.crawlerName}` },
      this,
    );
    const logs = logGroups(ownLogGroup(name, args, role), args, this);
    const to = arns({ parent: this });
    const policy = grant(`${name}-crawler`, role, [
      ...crawlerStatements(to, args, tableName),
      ...writeLogs(to, logs.length > 0 ? logs.map((group) => group.name) : [sharedGroup], args),
    ]);
    this.path = pulumi.interpolate`s3://${args.bucketName}/${args.prefix}`;
    const crawler = new aws.glue.Crawler(
      name,
      {
        name: args.crawlerName,
        description: args.description,
        databaseName: args.databaseName,
        role: role.arn,
        s3Targets: [
          { path: this.path, exclusions: args.exclusions, sampleSize: settings.sampleSize },
        ],
        tablePrefix: args.tablePrefix,
        recrawlPolicy: { recrawlBehavior: settings.recrawlBehavior },
        schemaChangePolicy: {
          updateBehavior: settings.updateBehavior,
          // A folder that expires must not take its table's history out of the catalog.
          deleteBehavior: "LOG",
        },
        configuration: crawlerConfiguration(args.prefix, settings.updateBehavior),
        securityConfiguration: args.securityConfiguration,
        tags: args.tags,
      },
      { parent: this, dependsOn: [policy, ...logs] },
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
    });
  }
}

/**
 * The name that a crawler gives the table of a folder: its last part in small letters, every other
 * character than a letter, digit or `_` made `_` (AWS Glue guide, "How crawlers work").
 */
export function crawledTableName(prefix: string, tablePrefix = ""): string {
  const folder = prefix.split("/").filter(Boolean).at(-1) ?? "";
  return (tablePrefix + folder).toLowerCase().replace(/[^a-z0-9_]/g, "_");
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

function normalize(name: string, args: CrawledSourceArgs) {
  const check = new ArgumentChecks(`CrawledSource "${name}"`);
  const sampleSize = args.sampleSize ?? 2;
  const recrawlBehavior = args.recrawlBehavior ?? "CRAWL_EVERYTHING";
  check.prefix("prefix", args.prefix);
  check.wholeNumber("sampleSize", sampleSize, 1, 249);
  check.oneOf("recrawlBehavior", recrawlBehavior, recrawlBehaviors);
  // Glue takes no other policy with new folders only ("Incremental crawls", AWS Glue guide).
  const onlyNew = recrawlBehavior === "CRAWL_NEW_FOLDERS_ONLY";
  const updateBehavior = args.updateBehavior ?? (onlyNew ? "LOG" : "UPDATE_IN_DATABASE");
  check.oneOf("updateBehavior", updateBehavior, onlyNew ? ["LOG"] : updateBehaviors);
  checkLogArgs(check, args);
  return { sampleSize, recrawlBehavior, updateBehavior };
}

/**
 * One table for the folder; partitions take their schema from it. `MergeNewColumns` would go before
 * `LOG`. Keys sorted: no false diffs.
 */
function crawlerConfiguration(prefix: string, updateBehavior: string): string {
  const tableLevel = prefix.split("/").length;
  return JSON.stringify({
    CrawlerOutput: {
      Partitions: { AddOrUpdateBehavior: "InheritFromTable" },
      ...(updateBehavior === "LOG" ? {} : { Tables: { AddOrUpdateBehavior: "MergeNewColumns" } }),
    },
    Grouping: {
      TableGroupingPolicy: "CombineCompatibleSchemas",
      TableLevelConfiguration: tableLevel,
    },
    Version: 1,
  });
}

function crawlerStatements(to: Arns, args: CrawledSourceArgs, tableName: string): Statement[] {
  const statements: Statement[] = [
    ...readPrefix(to, "Dataset", args.bucketName, args.prefix),
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
      ],
      Resource: to.tables(args.databaseName, tableName),
    },
    {
      Sid: "FindTables",
      Action: ["glue:GetTables"],
      Resource: to.tables(args.databaseName, "*"),
    },
  ];
  if (args.kmsKeyArn !== undefined) {
    statements.push({ Sid: "Decrypt", Action: ["kms:Decrypt"], Resource: args.kmsKeyArn });
  }
  return statements;
}
