import * as pulumi from "@pulumi/pulumi";
import { ArgumentChecks } from "../checks/arguments";
import { checkLogArgs } from "../glue/glueLogs";

/** Arguments of `CrawledSource`. */
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
  /**
   * Objects read in each leaf folder to infer the schema, 1 to 249. Default: 2, or all with
   * `CRAWL_EVENT_MODE`, which takes no samples.
   */
  sampleSize?: number;
  /**
   * `CRAWL_EVERYTHING` finds new fields in known folders; `CRAWL_NEW_FOLDERS_ONLY` only adds
   * partitions; `CRAWL_EVENT_MODE` lists, after the first crawl, only the folders in which objects were
   * created or deleted since, which a queue remembers for 14 days; not for keys that have a `%` or `+`.
   * Default: `CRAWL_EVERYTHING`.
   */
  recrawlBehavior?: string;
  /**
   * Whether the bucket sends its events to EventBridge already. Where it doesn't,
   * `CRAWL_EVENT_MODE` makes it do so, which takes away the notifications that the bucket has. Set it
   * for all but one of the sources of a bucket. Default: false.
   */
  bucketSendsEvents?: boolean;
  /**
   * `UPDATE_IN_DATABASE` adds new fields to the table's columns; `LOG` leaves the columns of a table
   * to whoever made it, and only adds partitions. Default: `UPDATE_IN_DATABASE`, or `LOG` with
   * `CRAWL_NEW_FOLDERS_ONLY`, which takes no other.
   */
  updateBehavior?: string;
  /**
   * Names of classifiers that are asked before Glue's own what the files are. Default: none.
   */
  classifiers?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Whether the crawler keeps an index of the partitions, by which Athena and Glue read only those
   * that a query needs. It pays from some thousands of partitions on (AWS Glue guide, "Creating
   * partition indexes"). Default: false.
   */
  partitionIndex?: boolean;
  /**
   * KMS key of the bucket, and of the queue of `CRAWL_EVENT_MODE`: the key's policy must then let
   * `events.amazonaws.com` use it. Default: the bucket isn't encrypted with a customer's key, and
   * the queue with one of SQS's.
   */
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
  /**
   * Whether the role gets Lake Formation's permissions to make tables in the database, and on the
   * folder, which Lake Formation must have registered. Default: false.
   */
  lakeFormation?: boolean;
  /** Tags of every resource that takes tags. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

const recrawlBehaviors = ["CRAWL_EVERYTHING", "CRAWL_NEW_FOLDERS_ONLY", "CRAWL_EVENT_MODE"];
const updateBehaviors = ["UPDATE_IN_DATABASE", "LOG"];

/** @throws ArgumentError for an argument that can't work. */
export function crawlerSettings(name: string, args: CrawledSourceArgs) {
  const check = new ArgumentChecks(`CrawledSource "${name}"`);
  const recrawlBehavior = args.recrawlBehavior ?? "CRAWL_EVERYTHING";
  const readsEvents = recrawlBehavior === "CRAWL_EVENT_MODE";
  // "Accelerating crawls using Amazon S3 event notifications", AWS Glue guide: no sampling.
  if (readsEvents && args.sampleSize !== undefined) {
    check.fail("sampleSize", "is set beside CRAWL_EVENT_MODE", "Leave it out: Glue reads all");
  }
  const sampleSize = readsEvents ? undefined : (args.sampleSize ?? 2);
  check.glueName("crawlerName", args.crawlerName);
  check.prefix("prefix", args.prefix);
  check.wholeNumber("sampleSize", sampleSize ?? 1, 1, 249);
  check.oneOf("recrawlBehavior", recrawlBehavior, recrawlBehaviors);
  // Glue takes no other policy with new folders only ("Incremental crawls", AWS Glue guide).
  const onlyNew = recrawlBehavior === "CRAWL_NEW_FOLDERS_ONLY";
  const updateBehavior = args.updateBehavior ?? (onlyNew ? "LOG" : "UPDATE_IN_DATABASE");
  check.oneOf("updateBehavior", updateBehavior, onlyNew ? ["LOG"] : updateBehaviors);
  checkLogArgs(check, args);
  const configuration = crawlerConfiguration(args, updateBehavior);
  return { sampleSize, recrawlBehavior, readsEvents, updateBehavior, configuration };
}

/**
 * One table for the folder; partitions take their schema from it. `MergeNewColumns` would go before
 * `LOG`. Keys sorted: no false diffs.
 */
function crawlerConfiguration(
  { prefix, partitionIndex = false }: CrawledSourceArgs,
  updateBehavior: string,
): string {
  const tableLevel = prefix.split("/").length;
  return JSON.stringify({
    CrawlerOutput: {
      Partitions: { AddOrUpdateBehavior: "InheritFromTable" },
      ...(updateBehavior === "LOG" ? {} : { Tables: { AddOrUpdateBehavior: "MergeNewColumns" } }),
    },
    // Glue's own default is true, and its role would need the permission.
    CreatePartitionIndex: partitionIndex,
    Grouping: {
      TableGroupingPolicy: "CombineCompatibleSchemas",
      TableLevelConfiguration: tableLevel,
    },
    Version: 1,
  });
}
