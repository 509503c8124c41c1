import assert from "node:assert/strict";
import {
  ArgumentError,
  JobSource,
  PartitionedEtlJob,
  PartitionedEtlJobArgs,
} from "../../components";
import { recordResources, resourcesOf } from "./recorder";

const args: PartitionedEtlJobArgs = {
  jobName: "mobile-user-daily",
  scriptPath: __filename,
  packagePath: __dirname,
  assetsBucketName: "assets",
  sources: [
    {
      name: "ios",
      databaseName: "segment_logs",
      tableName: "ios_table",
      bucketName: "raw",
      prefix: "segment-logs/ios/",
      receivedDayUnit: "milliseconds",
    },
  ],
  outputBucketName: "curated",
  databaseName: "mobile_analytics",
  tableName: "mobile_user",
};

describe("PartitionedEtlJob's arguments", () => {
  before(() => recordResources());

  const jobOf = (changes: Partial<PartitionedEtlJobArgs>) =>
    resourcesOf(() => new PartitionedEtlJob("daily", { ...args, ...changes }));

  const refused: [string, Partial<PartitionedEtlJobArgs>, RegExp][] = [
    ["a script that isn't there", { scriptPath: "nowhere.py" }, /`scriptPath` is "nowhere.py"/],
    ["no source", { sources: [] }, /`sources` is empty/],
    ["a bad table name", { tableName: "Mobile-User" }, /`tableName`/],
    ["an unknown format", { outputFormat: "orc" }, /`outputFormat`.*parquet, csv/],
    ["a repeated key", { partitionKeys: ["date", "date"] }, /`partitionKeys` has "date" twice/],
    ["an unknown key", { partitionKeys: ["hour"] }, /`partitionKeys`.*year, month, date/],
    ["an unknown zone", { timeZone: "America/Springfield" }, /`timeZone`/],
    ["one worker", { numberOfWorkers: 1 }, /`numberOfWorkers`/],
    ["no time", { timeoutMinutes: 0 }, /`timeoutMinutes`/],
    ["no name", { jobName: "" }, /`jobName` has 0 bytes/],
    ["Glue 4.0", { glueVersion: "4.0" }, /`glueVersion` is "4\.0"\. Set 5\.1 or later/],
    ["Glue 5.0", { glueVersion: "5.0" }, /`glueVersion` is "5\.0"\. Set 5\.1 or later: .* boto3/],
    ["Glue of no number", { glueVersion: "latest" }, /`glueVersion` is "latest"/],
    ["a notice at once", { notifyDelayMinutes: 0 }, /`notifyDelayMinutes` is 0.*1 to 59/],
    [
      "a notice that comes after the end",
      { timeoutMinutes: 30, notifyDelayMinutes: 30 },
      /`notifyDelayMinutes` is 30.*1 to 29/,
    ],
    ["eleven retries", { maxRetries: 11 }, /`maxRetries`/],
    ["encrypted logs without a key", { securityConfiguration: "safe" }, /`logsKmsKeyArn`/],
    ["half a day", { defaultDays: 0.5 }, /`defaultDays`/],
    ["too many days of duplicates", { dedupeDays: 31 }, /`dedupeDays` is 31/],
    ["files of no size", { targetFileSizeMb: 0 }, /`targetFileSizeMb` is 0/],
    [
      "a share above all",
      { audit: { minRowsShare: { warn: 1.5 } } },
      /`audit\.minRowsShare\.warn` is 1\.5\. Set a number above 0, at most 1/,
    ],
    [
      "no hours",
      { audit: { maxStaleHours: { fail: 0 } } },
      /`audit\.maxStaleHours\.fail` is 0\. Set a number above 0\./,
    ],
    [
      "failing for few rows before it warns",
      { audit: { minRowsShare: { warn: 0.5, fail: 0.6 } } },
      /`audit\.minRowsShare\.fail` is 0\.6, above `warn`\. Set 0\.5 or below/,
    ],
    [
      "failing for many bad records before it warns",
      { audit: { maxQuarantinedShare: { warn: 0.2, fail: 0.1 } } },
      /`audit\.maxQuarantinedShare\.fail` is 0\.1, below `warn`\. Set 0\.2 or above/,
    ],
  ];
  const refusedSources: [string, Partial<JobSource>, RegExp][] = [
    ["an unknown unit", { receivedDayUnit: "days" }, /`sources\[ios\]\.receivedDayUnit`/],
    ["an unknown format", { format: "avro" }, /`sources\[ios\]\.format`.*json, csv, parquet/],
    ["CSV without columns", { format: "csv" }, /`sources\[ios\]\.columns` isn't set for csv/],
    ["columns of JSON", { columns: { timestamp: "at" } }, /\.columns` is set for JSON/],
    [
      "one column for two things",
      { format: "parquet", columns: { timestamp: "at", receivedAt: "at" } },
      /\.columns` has "at" twice/,
    ],
    [
      "a column without a name",
      { format: "parquet", columns: { timestamp: "" } },
      /\.columns` has an empty name/,
    ],
  ];
  for (const [what, changes, message] of refusedSources) {
    it(`refuses ${what} of a source`, async () => {
      const sources = args.sources.map((source) => ({ ...source, ...changes }));
      await assert.rejects(
        jobOf({ sources }),
        (error: Error) => error instanceof ArgumentError && message.test(error.message),
      );
    });
  }

  it("fails as early as it warns, where that is wanted", async () => {
    const both = { warn: 0.5, fail: 0.5 };
    await jobOf({ audit: { minRowsShare: both, maxQuarantinedShare: both } });
  });

  for (const [what, changes, message] of refused) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(
        jobOf(changes),
        (error: Error) => error instanceof ArgumentError && message.test(error.message),
      );
    });
  }
});
