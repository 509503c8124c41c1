import * as pulumi from "@pulumi/pulumi";
import { PartitionedEtlJobArgs } from "./jobArguments";
import { UploadedCode } from "./jobCode";
import { JobSettings } from "./jobSettings";

/** The arguments of a job that its component sets, and nobody else may. */
export const managedArguments = [
  "--audit",
  "--custom-logGroup-prefix",
  "--database",
  "--dedupe_days",
  "--default_days",
  "--drop_fields",
  "--enable-auto-scaling",
  "--enable-continuous-cloudwatch-log",
  "--enable-job-insights",
  "--enable-metrics",
  "--enable-observability-metrics",
  "--enable-spark-ui",
  "--extra-py-files",
  "--job-bookmark-option",
  "--output_format",
  "--output_path",
  "--partition_keys",
  "--sources",
  "--spark-event-logs-path",
  "--table",
  "--target_file_size_mb",
  "--time_zone",
] as const;

type Arguments = Record<string, pulumi.Input<string>>;
type Managed = Partial<Record<(typeof managedArguments)[number], pulumi.Input<string>>>;

/** What the arguments of a job say of where things lie. */
interface Places {
  code: UploadedCode;
  outputPath: pulumi.Input<string>;
  /** Folder of Spark's event logs in the assets bucket, where they are kept. */
  eventLogPrefix: string | undefined;
}

/** All arguments that a job's runs have by default. */
export function defaultArguments(
  args: PartitionedEtlJobArgs,
  settings: JobSettings,
  { code, outputPath, eventLogPrefix }: Places,
): Arguments {
  return {
    ...platformArguments(settings.autoScaling, code),
    ...logArguments(args),
    ...eventLogArguments(args, eventLogPrefix),
    ...contractArguments(args, settings, outputPath),
  };
}

/** The arguments that the script reads. */
function contractArguments(
  args: PartitionedEtlJobArgs,
  settings: JobSettings,
  outputPath: pulumi.Input<string>,
) {
  return {
    "--sources": pulumi.jsonStringify(
      args.sources.map((source) => ({
        name: source.name,
        database: source.databaseName,
        table: source.tableName,
        receivedDayUnit: source.receivedDayUnit,
        format: source.format ?? "json",
        columns: source.columns,
      })),
    ),
    "--output_path": outputPath,
    "--database": args.databaseName,
    "--table": args.tableName,
    "--output_format": settings.outputFormat,
    "--partition_keys": settings.partitionKeys.join(","),
    "--time_zone": settings.timeZone,
    "--default_days": `${settings.defaultDays}`,
    "--dedupe_days": `${settings.dedupeDays}`,
    "--target_file_size_mb": `${settings.targetFileSizeMb}`,
    "--audit": JSON.stringify(args.audit ?? {}),
    "--drop_fields": JSON.stringify(args.dropFields ?? []),
  } satisfies Managed;
}

/** The arguments that Glue itself reads (AWS Glue guide, "Job parameters"). */
function platformArguments(autoScaling: boolean, code: UploadedCode) {
  return {
    "--extra-py-files": code.packageLocation,
    "--job-bookmark-option": "job-bookmark-disable",
    "--enable-metrics": "true",
    "--enable-observability-metrics": "true",
    "--enable-job-insights": "true",
    "--enable-continuous-cloudwatch-log": "true",
    "--enable-auto-scaling": `${autoScaling}`,
  } satisfies Managed;
}

function eventLogArguments(
  { assetsBucketName }: PartitionedEtlJobArgs,
  prefix: string | undefined,
): Arguments {
  if (prefix === undefined) return {};
  return {
    "--enable-spark-ui": "true",
    "--spark-event-logs-path": pulumi.interpolate`s3://${assetsBucketName}/${prefix}`,
  } satisfies Managed;
}

/** Without a security configuration, a prefix tells the job's groups from those of other jobs. */
function logArguments(args: PartitionedEtlJobArgs): Arguments {
  if (args.securityConfiguration !== undefined) return {};
  return { "--custom-logGroup-prefix": ownLogPrefix(args) } satisfies Managed;
}

/** Where the logs of a job lie that has no security configuration. */
export const ownLogPrefix = ({ jobName }: PartitionedEtlJobArgs) => `/aws-glue/jobs/${jobName}`;
