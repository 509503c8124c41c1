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

/** The stack's config, checked. Every key is described in `Pulumi.yaml`. */
export function stackConfig() {
  const config = new pulumi.Config();
  const parsed = sources.safeParse(config.requireObject("sources"));
  if (!parsed.success) {
    throw new pulumi.RunError(
      `config glue-etl:sources in Pulumi.${pulumi.getStack()}.yaml: ${z.prettifyError(parsed.error)}`,
    );
  }
  return {
    sources: parsed.data,
    rawBucket: config.get("rawBucket") || undefined,
    nameSuffix: config.require("nameSuffix").replace("{stack}", pulumi.getStack()),
    outputFormat: config.require("outputFormat"),
    timeZone: config.require("timeZone"),
    schedule: config.require("schedule"),
    scheduleEnabled: config.requireBoolean("scheduleEnabled"),
    workers: config.requireNumber("workers"),
    forceDestroy: config.requireBoolean("forceDestroy"),
    tags: {
      Project: pulumi.getProject(),
      Environment: pulumi.getStack(),
      Owner: config.require("owner"),
      CostCenter: config.require("costCenter"),
    },
  };
}
