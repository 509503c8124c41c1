import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

const source = z.strictObject({
  /** Value of the column `platform`. */
  name: z.string().regex(/^[a-z][a-z0-9_-]*$/, "use small letters, digits, `-` and `_`"),
  /** Segment's id of the source: its folder under `segment-logs/`. */
  sourceId: z.string().regex(/^[A-Za-z0-9_-]+$/, "use letters, digits, `-` and `_`"),
  crawlerName: z.string().min(1).optional(),
  receivedDayUnit: z.enum(["milliseconds", "seconds"]).default("milliseconds"),
});

const sources = z
  .array(source)
  .min(1, "name at least one source")
  .refine(
    (list) => new Set(list.map(({ name }) => name)).size === list.length,
    "name each source once",
  );

/** IP addresses and advertising ids (Segment docs, "Spec: Common Fields"). */
const privateFields = ["context.ip", "context.device.advertisingId"] as const;

/** Path of a field in an event, its parts joined by dots. */
const fields = z.array(z.string().regex(/^[^.]+(\.[^.]+)*$/, "join the parts of a path by dots"));

const notificationEmails = z.array(z.email());

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
    dropFields: droppedFields(config),
    schedule: config.require("schedule"),
    scheduleEnabled: config.requireBoolean("scheduleEnabled"),
    workers: config.requireNumber("workers"),
    flex: config.requireBoolean("flex"),
    notificationEmails: checked(
      "notificationEmails",
      notificationEmails,
      config.requireObject("notificationEmails"),
    ),
    forceDestroy: config.requireBoolean("forceDestroy"),
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

function checked<T>(key: string, schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw new pulumi.RunError(
      `config glue-etl:${key} in Pulumi.${pulumi.getStack()}.yaml: ${z.prettifyError(parsed.error)}`,
    );
  }
  return parsed.data;
}
