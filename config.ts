import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

/** Names of columns in a source's files. */
const columns = z.strictObject({
  timestamp: z.string().min(1),
  messageId: z.string().min(1).optional(),
  receivedAt: z.string().min(1).optional(),
});

const source = z
  .strictObject({
    /** Value of the column `platform`. */
    name: z.string().regex(/^[a-z][a-z0-9_-]*$/, "use small letters, digits, `-` and `_`"),
    /** Segment's id of the source: its folder under `segment-logs/`. */
    sourceId: z.string().regex(/^[A-Za-z0-9_-]+$/, "use letters, digits, `-` and `_`"),
    crawlerName: z.string().min(1).optional(),
    receivedDayUnit: z.enum(["milliseconds", "seconds"]).default("milliseconds"),
    format: z.enum(["json", "csv", "parquet"]).default("json"),
    columns: columns.optional(),
    /** Who keeps the table: a crawler of all folders, one of changed folders, or the stack. */
    catalog: z.enum(["crawler", "events", "declared"]).default("crawler"),
    tableColumns: z.array(z.strictObject({ name: z.string(), type: z.string() })).optional(),
  })
  .refine(({ format, columns }) => format === "json" || columns !== undefined, {
    path: ["columns"],
    message:
      "name the column of `timestamp` at least: csv and parquet files have names of their own",
  })
  .refine(({ format, columns }) => format !== "json" || columns === undefined, {
    path: ["columns"],
    message: "leave it out, or set `format`: Segment's JSON has names of its own",
  })
  .refine(({ catalog, tableColumns }) => catalog === "declared" || tableColumns === undefined, {
    path: ["tableColumns"],
    message: "leave it out, or set `catalog: declared`: crawlers find columns by themselves",
  })
  .refine(
    ({ catalog, format, tableColumns }) =>
      catalog !== "declared" || format === "json" || tableColumns !== undefined,
    { path: ["tableColumns"], message: "declare the columns of csv and parquet files" },
  );

const sources = z
  .array(source)
  .min(1, "name at least one source")
  .refine(
    (list) => new Set(list.map(({ name }) => name)).size === list.length,
    "name each source once",
  );

const share = z.number().gt(0).max(1);

/** Where a check warns and where it fails, which lies on the far side of it. */
const levels = (
  level: z.ZodNumber,
  side: string,
  isBeyond: (warn: number, fail: number) => boolean,
) =>
  z
    .strictObject({ warn: level.optional(), fail: level.optional() })
    .refine(({ warn, fail }) => warn === undefined || fail === undefined || isBeyond(warn, fail), {
      path: ["fail"],
      message: `set ${side}`,
    })
    .optional();

const audit = z.strictObject({
  minRowsShare: levels(share, "at most `warn`", (warn, fail) => fail <= warn),
  maxQuarantinedShare: levels(share, "at least `warn`", (warn, fail) => fail >= warn),
  maxStaleHours: levels(z.number().gt(0), "at least `warn`", (warn, fail) => fail >= warn),
});

const days = z.int().min(1).max(3650).optional();

/** Days that data are kept. What is left out is kept for ever, and what is temporary for `temporary`. */
const retentionDays = z.strictObject({
  raw: days,
  curated: days,
  quarantine: days,
  results: days,
  accessLogs: days,
  temporary: days,
});

/** IP addresses and advertising ids (Segment docs, "Spec: Common Fields"). */
const privateFields = ["context.ip", "context.device.advertisingId"] as const;

/** Path of a field in an event, its parts joined by dots. */
const fields = z.array(z.string().regex(/^[^.]+(\.[^.]+)*$/, "join the parts of a path by dots"));

const notificationEmails = z.array(z.email());
const notificationQueues = z.array(
  z.string().regex(/^arn:[^:]+:sqs:/, "write the ARN of an SQS queue"),
);

/** A channel, or nothing at all. */
const slack = z
  .strictObject({ teamId: z.string().min(1).optional(), channelId: z.string().min(1).optional() })
  .transform(({ teamId, channelId }, refusal) => {
    if (teamId !== undefined && channelId !== undefined) return { teamId, channelId };
    if (teamId !== channelId) refusal.addIssue("set both teamId and channelId, or neither");
    return undefined;
  });

/** What is left out takes the component's default; the component checks the rest. */
const alarms = z.strictObject({
  maxRunMinutes: z.number().optional(),
  minRows: z.number().optional(),
  maxQuarantinedShare: z.number().optional(),
});
const recovery = z.strictObject({
  maxResumes: z.number().optional(),
  backoffSeconds: z.number().optional(),
});
const janitor = z.strictObject({
  maxIdleHours: z.number().optional(),
  maxAgeHours: z.number().optional(),
  remove: z.boolean().optional(),
});

/** The stack's config, checked. Every key is described in `Pulumi.yaml`. */
export function stackConfig() {
  const config = new pulumi.Config();
  return {
    sources: checked("sources", sources, config.requireObject("sources")),
    rawBucket: config.get("rawBucket") || undefined,
    permissionsBoundaryArn: config.get("permissionsBoundaryArn") || undefined,
    nameSuffix: config.require("nameSuffix").replace("{stack}", pulumi.getStack()),
    outputFormat: config.require("outputFormat"),
    timeZone: config.require("timeZone"),
    defaultDays: wholeNumber(config, "defaultDays", 1, 366),
    dedupeDays: wholeNumber(config, "dedupeDays", 0, 30),
    targetFileSizeMb: wholeNumber(config, "targetFileSizeMb", 1, 1024),
    audit: checked("audit", audit, config.requireObject("audit")),
    dropFields: droppedFields(config),
    schedule: config.require("schedule"),
    scheduleEnabled: config.requireBoolean("scheduleEnabled"),
    parallelCrawlers: config.requireBoolean("parallelCrawlers"),
    workers: config.requireNumber("workers"),
    glueVersion: config.require("glueVersion"),
    flex: config.requireBoolean("flex"),
    notificationEmails: checked(
      "notificationEmails",
      notificationEmails,
      config.requireObject("notificationEmails"),
    ),
    retentionDays: checked("retentionDays", retentionDays, config.requireObject("retentionDays")),
    protect: config.requireBoolean("protect"),
    notificationQueues: checked(
      "notificationQueues",
      notificationQueues,
      config.requireObject("notificationQueues"),
    ),
    slack: checked("slack", slack, config.requireObject("slack")),
    deadline: config.require("deadline"),
    alarms: checked("alarms", alarms, config.requireObject("alarms")),
    recovery: checked("recovery", recovery, config.requireObject("recovery")),
    janitor: checked("janitor", janitor, config.requireObject("janitor")),
    forceDestroy: config.requireBoolean("forceDestroy"),
    encryptCatalog: config.requireBoolean("encryptCatalog"),
    encryptConnectionPasswords: config.requireBoolean("encryptConnectionPasswords"),
    tags: {
      Project: pulumi.getProject(),
      Environment: pulumi.getStack(),
      Owner: config.require("owner"),
      CostCenter: config.require("costCenter"),
    },
  };
}

/** What the events lose: what config names, and what is private unless config keeps it. */
function droppedFields(config: pulumi.Config): string[] {
  const drop = checked("dropFields", fields, config.requireObject("dropFields"));
  const keep = checked(
    "keepPrivateFields",
    z.array(z.enum(privateFields)),
    config.requireObject("keepPrivateFields"),
  );
  return [...drop, ...privateFields.filter((field) => !keep.includes(field))];
}

function wholeNumber(config: pulumi.Config, key: string, min: number, max: number): number {
  return checked(key, z.int().min(min).max(max), config.requireNumber(key));
}

function checked<T>(key: string, schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw new pulumi.RunError(
      `config glue-etl:${key} in Pulumi.${pulumi.getStack()}.yaml: ${z.prettifyError(parsed.error)}`,
    );
  }
  return parsed.data;
}
