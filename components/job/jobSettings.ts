import { ArgumentChecks } from "../checks/arguments";
import { checkLogArgs } from "../glue/glueLogs";
import { AuditLevels, JobAudit, JobSource, PartitionedEtlJobArgs } from "./jobArguments";

const partitionKeys = ["year", "month", "date"];
const outputFormats = ["parquet", "csv"];
const receivedDayUnits = ["milliseconds", "seconds"];
const sourceFormats = ["json", "csv", "parquet"];

/** The arguments of a job with their defaults. */
export type JobSettings = ReturnType<typeof jobSettings>;

/** @throws ArgumentError for an argument that can't work. */
export function jobSettings(name: string, args: PartitionedEtlJobArgs) {
  const check = new ArgumentChecks(`PartitionedEtlJob "${name}"`);
  const settings = {
    outputFormat: args.outputFormat ?? "parquet",
    partitionKeys: args.partitionKeys ?? partitionKeys,
    timeZone: args.timeZone ?? "America/Los_Angeles",
    defaultDays: args.defaultDays ?? 3,
    dedupeDays: args.dedupeDays ?? 3,
    targetFileSizeMb: args.targetFileSizeMb ?? 128,
    numberOfWorkers: args.numberOfWorkers ?? 2,
    autoScaling: args.autoScaling ?? true,
    timeoutMinutes: args.timeoutMinutes ?? 60,
    maxRetries: args.maxRetries ?? 1,
    glueVersion: args.glueVersion ?? "5.1",
  };
  check.glueName("jobName", args.jobName);
  check.file("scriptPath", args.scriptPath);
  check.file("packagePath", args.packagePath);
  checkSources(check, args.sources);
  if (!/^[a-z0-9][a-z0-9_]*$/.test(args.tableName)) {
    check.fail("tableName", `is "${args.tableName}"`, "Use small letters, digits and `_`");
  }
  check.oneOf("outputFormat", settings.outputFormat, outputFormats);
  check.distinct("partitionKeys", settings.partitionKeys);
  settings.partitionKeys.forEach((key) => check.oneOf("partitionKeys", key, partitionKeys));
  check.timeZone("timeZone", settings.timeZone);
  check.wholeNumber("defaultDays", settings.defaultDays, 1, 366);
  check.wholeNumber("dedupeDays", settings.dedupeDays, 0, 30);
  check.wholeNumber("targetFileSizeMb", settings.targetFileSizeMb, 1, 1024);
  checkAudit(check, args.audit ?? {});
  check.wholeNumber("numberOfWorkers", settings.numberOfWorkers, 2, 299);
  check.wholeNumber("timeoutMinutes", settings.timeoutMinutes, 1, 2880);
  check.wholeNumber("maxRetries", settings.maxRetries, 0, 10);
  if (args.notifyDelayMinutes !== undefined) {
    const most = settings.timeoutMinutes - 1;
    check.wholeNumber("notifyDelayMinutes", args.notifyDelayMinutes, 1, most);
  }
  checkGlueVersion(check, settings.glueVersion);
  checkLogArgs(check, args);
  return settings;
}

/** The least that the job can run on: it writes by S3's `IfNoneMatch`, which boto3 has since 1.35. */
const leastGlueVersion = "5.1";

function checkGlueVersion(check: ArgumentChecks, version: string): void {
  if (!/^(5\.[1-9]|([6-9]|[1-9]\d)\.\d)\d*$/.test(version)) {
    const why = "the job's conditional writes need a boto3 that earlier versions lack";
    check.fail("glueVersion", `is "${version}"`, `Set ${leastGlueVersion} or later: ${why}`);
  }
}

function checkSources(check: ArgumentChecks, sources: JobSource[]): void {
  check.distinct(
    "sources",
    sources.map((source) => source.name),
  );
  for (const source of sources) {
    const field = `sources[${source.name}]`;
    check.oneOf(`${field}.receivedDayUnit`, source.receivedDayUnit, receivedDayUnits);
    check.oneOf(`${field}.format`, source.format ?? "json", sourceFormats);
    checkColumns(check, `${field}.columns`, source);
  }
}

function checkColumns(check: ArgumentChecks, field: string, { format, columns }: JobSource): void {
  if ((format ?? "json") === "json") {
    if (columns !== undefined) {
      check.fail(field, "is set for JSON, which has names of its own", "Leave it out");
    }
    return;
  }
  if (columns === undefined) {
    check.fail(field, `isn't set for ${format}`, "Name the column of `timestamp` at least");
  }
  const names = [columns.timestamp, columns.messageId, columns.receivedAt].filter(
    (name) => name !== undefined,
  );
  check.distinct(field, names);
  if (names.includes("")) {
    check.fail(field, "has an empty name", "Name a column of the files, or leave it out");
  }
}

/** What fails must lie beyond what warns: below it for a least value, above it for a greatest. */
function checkAudit(check: ArgumentChecks, audit: JobAudit): void {
  const { minRowsShare, maxQuarantinedShare, maxStaleHours } = audit;
  checkLevels(check, "audit.minRowsShare", "above", minRowsShare, 1);
  checkLevels(check, "audit.maxQuarantinedShare", "below", maxQuarantinedShare, 1);
  checkLevels(check, "audit.maxStaleHours", "below", maxStaleHours);
}

function checkLevels(
  check: ArgumentChecks,
  field: string,
  wrongSide: "above" | "below",
  { warn, fail }: AuditLevels = {},
  max?: number,
): void {
  for (const [level, value] of Object.entries({ warn, fail })) {
    if (value !== undefined) {
      check.positive(`${field}.${level}`, value, max);
    }
  }
  if (warn === undefined || fail === undefined) {
    return;
  }
  if (wrongSide === "above" ? fail > warn : fail < warn) {
    const side = wrongSide === "above" ? "below" : "above";
    check.fail(`${field}.fail`, `is ${fail}, ${wrongSide} \`warn\``, `Set ${warn} or ${side}`);
  }
}
