import * as pulumi from "@pulumi/pulumi";
import * as path from "node:path";
import { PartitionedEtlJob } from "../../components";

const config = new pulumi.Config();
const code = path.resolve(__dirname, "../../glue-jobs");

/** The tables exist: `events.ios` and `events.android`, each with a folder a received day. */
const job = new PartitionedEtlJob("events-daily", {
  jobName: "events-daily",
  scriptPath: path.join(code, "mobile-user-daily/main.py"),
  packagePath: path.join(code, "mobile_events"),
  assetsBucketName: config.require("codeBucket"),
  sources: ["ios", "android"].map((name) => ({
    name,
    databaseName: "events",
    tableName: name,
    bucketName: config.require("rawBucket"),
    prefix: `events/${name}/`,
    receivedDayUnit: "milliseconds",
  })),
  outputBucketName: config.require("outputBucket"),
  databaseName: "events",
  tableName: "events_daily",
  flex: true,
  kmsKeyArn: config.require("kmsKeyArn"),
  securityConfiguration: config.require("securityConfiguration"),
  logsKmsKeyArn: config.require("kmsKeyArn"),
  tags: {
    Project: pulumi.getProject(),
    Environment: pulumi.getStack(),
    Owner: "events",
    CostCenter: "events",
  },
});

export const jobName = job.jobName;
export const outputPath = job.outputPath;
