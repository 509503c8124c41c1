import * as path from "node:path";
import {
  AthenaWorkspace,
  CrawledSource,
  crawlStep,
  DailyWorkflow,
  DataLake,
  DeclaredSource,
  IdleComputeJanitor,
  jobStep,
  maxParallelCrawlers,
  PartitionedEtlJob,
  PipelineMonitoring,
  SourceTable,
  WorkflowRecovery,
} from "./components";
import { stackConfig } from "./config";
import { standardQueries, standardViews } from "./queries";
import { segmentColumns } from "./segmentColumns";

const { nameSuffix, tags, ...config } = stackConfig();
const named = (name: string) => `${name}${nameSuffix}`;
const database = (name: string) => named(name).replaceAll("-", "_");

const ownRawBucket = config.rawBucket === undefined;

const lake = new DataLake("mobile-user", {
  rawBucketName: config.rawBucket,
  sendObjectEvents: ownRawBucket && config.sources.some(({ catalog }) => catalog === "events"),
  rawDatabaseName: database("segment_logs"),
  curatedDatabaseName: database("mobile_analytics"),
  temporaryDays: config.retentionDays.temporary,
  retention: [
    { bucket: "raw", prefix: "segment-logs/", days: config.retentionDays.raw },
    { bucket: "curated", prefix: "mobile_user/", days: config.retentionDays.curated },
    { bucket: "curated", prefix: "quarantine/", days: config.retentionDays.quarantine },
    { bucket: "results", days: config.retentionDays.results },
    { bucket: "logs", days: config.retentionDays.accessLogs },
  ].filter(({ days }) => days !== undefined),
  protect: config.protect,
  forceDestroy: config.forceDestroy,
  encryptCatalog: config.encryptCatalog,
  encryptConnectionPasswords: config.encryptConnectionPasswords,
  permissionsBoundaryArn: config.permissionsBoundaryArn,
  tags,
});

/** Glue encrypts what it writes and logs with the lake's key; its roles have one boundary. */
const security = {
  securityConfiguration: lake.securityConfiguration,
  logsKmsKeyArn: lake.kmsKeyArn,
  permissionsBoundaryArn: config.permissionsBoundaryArn,
};

const sources = config.sources.map((source) => {
  const { name, catalog, receivedDayUnit, format } = source;
  const place = {
    description: `Event logs of ${name}, as received`,
    databaseName: lake.rawDatabaseName,
    bucketName: lake.rawBucketName,
    prefix: `segment-logs/${source.sourceId}/`,
  };
  const table: SourceTable =
    catalog === "declared"
      ? new DeclaredSource(name, {
          ...place,
          format,
          receivedDayUnit,
          columns: source.tableColumns ?? segmentColumns,
        })
      : new CrawledSource(name, {
          ...place,
          crawlerName: named(source.crawlerName ?? `segmentlogs-${name}`),
          recrawlBehavior: catalog === "events" ? "CRAWL_EVENT_MODE" : undefined,
          bucketSendsEvents: true,
          kmsKeyArn: ownRawBucket ? lake.kmsKeyArn : undefined,
          ...security,
          tags,
        });
  return { ...source, table };
});
const crawledSources = sources.flatMap(({ name, table }) =>
  table instanceof CrawledSource ? [{ name, source: table }] : [],
);

const job = new PartitionedEtlJob("mobile-user-daily", {
  jobName: named("mobile-user-daily"),
  description: "Unites the platforms' event logs, in local time, partitioned by date",
  scriptPath: path.join(__dirname, "glue-jobs/mobile-user-daily/main.py"),
  packagePath: path.join(__dirname, "glue-jobs/mobile_events"),
  assetsBucketName: lake.assetsBucketName,
  sources: sources.map(({ name, receivedDayUnit, format, columns, table }) => ({
    name,
    receivedDayUnit,
    format,
    columns,
    databaseName: table.databaseName,
    tableName: table.tableName,
    bucketName: table.bucketName,
    prefix: table.prefix,
  })),
  outputBucketName: lake.curatedBucketName,
  databaseName: lake.curatedDatabaseName,
  tableName: "mobile_user",
  outputFormat: config.outputFormat,
  timeZone: config.timeZone,
  defaultDays: config.defaultDays,
  dedupeDays: config.dedupeDays,
  targetFileSizeMb: config.targetFileSizeMb,
  audit: config.audit,
  dropFields: config.dropFields,
  workflowName: named("mobile-user"),
  numberOfWorkers: config.workers,
  glueVersion: config.glueVersion,
  flex: config.flex,
  kmsKeyArn: lake.kmsKeyArn,
  ...security,
  tags,
});

const mobileUser = new CrawledSource("mobile-user", {
  crawlerName: named("segmentlogs-Mobile"),
  description: "The curated dataset",
  databaseName: lake.curatedDatabaseName,
  bucketName: lake.curatedBucketName,
  prefix: "mobile_user/",
  // What a crawler would make of the columns of a CSV table isn't what its serde reads.
  updateBehavior: config.outputFormat === "csv" ? "LOG" : "UPDATE_IN_DATABASE",
  kmsKeyArn: lake.kmsKeyArn,
  ...security,
  tags,
});

const stages = [
  ...inGroups(crawledSources, config.parallelCrawlers ? maxParallelCrawlers : 1).map((group) => ({
    trigger: `${group[0]?.name}-crawler-trigger`,
    steps: group.map(({ source }) => crawlStep(source)),
  })),
  { trigger: "mobile-user-etl-trigger", steps: [jobStep(job)] },
  { trigger: "mobile-crawler-trigger", steps: [crawlStep(mobileUser)] },
];

const workflow = new DailyWorkflow("mobile-user", {
  workflowName: named("mobile-user"),
  description: "Event logs of the day, made queryable",
  schedule: config.schedule,
  scheduleEnabled: config.scheduleEnabled,
  steps: stages.map(({ trigger, steps }, index) => {
    const triggerName = named(index === 0 ? "mobile-user-start" : trigger);
    return steps.map((step) => ({ ...step, triggerName }));
  }),
  tags,
});

const watched = {
  workflowName: workflow.workflowName,
  crawlerNames: [...crawledSources.map(({ source }) => source.crawlerName), mobileUser.crawlerName],
  jobNames: [job.jobName],
  kmsKeyArn: lake.kmsKeyArn,
  permissionsBoundaryArn: config.permissionsBoundaryArn,
  tags,
};

const monitoring = new PipelineMonitoring("mobile-user", {
  ...watched,
  unreadQueueNames: crawledSources.flatMap(({ source }) => source.unreadQueueName ?? []),
  ...config.alarms,
  deadline: config.deadline,
  deadlineEnabled: config.scheduleEnabled,
  notificationEmails: config.notificationEmails,
  queueArns: config.notificationQueues,
  slack: config.slack,
});

new WorkflowRecovery("mobile-user-recovery", {
  ...watched,
  ...config.recovery,
  topicArn: monitoring.topicArn,
});

new IdleComputeJanitor("idle-compute", {
  ...config.janitor,
  topicArn: monitoring.topicArn,
  kmsKeyArn: lake.kmsKeyArn,
  permissionsBoundaryArn: config.permissionsBoundaryArn,
  tags,
});

/** The dataset with types: a table of CSV has texts alone, and a view beside it has the types. */
const dataset = config.outputFormat === "csv" ? "mobile_user_typed" : "mobile_user";

const athena = new AthenaWorkspace("mobile-analytics", {
  workGroupName: named("mobile-analytics"),
  databaseName: lake.curatedDatabaseName,
  resultsBucketName: lake.resultsBucketName,
  kmsKeyArn: lake.kmsKeyArn,
  savedQueries: standardQueries(dataset),
  views: standardViews(dataset),
  forceDestroy: config.forceDestroy,
  tags,
});

export const workflowName = workflow.workflowName;
export const jobName = job.jobName;
export const sourcePaths = Object.fromEntries(sources.map(({ name, table }) => [name, table.path]));
export const curatedPath = job.outputPath;
export const databaseName = mobileUser.databaseName;
export const tableName = mobileUser.tableName;
export const quarantineTableName = job.quarantineTableName;
export const workGroupName = athena.workGroupName;
export const failureTopicArn = monitoring.topicArn;

function inGroups<T>(list: T[], size: number): T[][] {
  return list.flatMap((_, index) => (index % size === 0 ? [list.slice(index, index + size)] : []));
}
