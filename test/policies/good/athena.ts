import type { Described } from "../pack/packHost";
import { tags } from "./tags";

/** One good resource of each kind that rules for Athena judge. */
export const athena: readonly Described[] = [
  {
    type: "aws:athena/workgroup:Workgroup",
    name: "analytics",
    props: {
      name: "analytics",
      configuration: {
        enforceWorkgroupConfiguration: true,
        publishCloudwatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: 100_000_000_000,
        engineVersion: { selectedEngineVersion: "Athena engine version 3" },
        resultConfiguration: {
          outputLocation: "s3://lake-data/athena/",
          encryptionConfiguration: { encryptionOption: "SSE_S3" },
        },
      },
      tags,
    },
  },
  {
    type: "aws:athena/database:Database",
    name: "adhoc",
    props: {
      name: "adhoc",
      bucket: "lake-data",
      encryptionConfiguration: { encryptionOption: "SSE_S3" },
    },
    dependencies: { bucket: ["lake-data"] },
  },
  {
    type: "aws:athena/dataCatalog:DataCatalog",
    name: "other-catalog",
    props: { name: "other-catalog", type: "GLUE", tags },
  },
];
