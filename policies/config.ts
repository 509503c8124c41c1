import { PolicyConfigJSONSchema } from "@pulumi/policy/schema";
import { z } from "zod";
import { exemption } from "./exemptions";
import { Run } from "./run";

/** The fields of a rule's config; each has a default and a description. */
export type ConfigFields = Readonly<Record<string, z.ZodType>>;

/** A rule's config with its defaults filled in. */
export type RuleConfig<F extends ConfigFields> = z.infer<z.ZodObject<F>>;

const exemptions = z
  .array(exemption)
  .default([])
  .describe("Resources that the rule lets pass until a day");

/**
 * The config that a rule takes, in both forms: as the engine checks it, and as the rule reads it.
 * The engine's check lets unknown keys pass, so the reader refuses them.
 */
export function ruleConfig<F extends ConfigFields>(rule: string, fields: F) {
  const own = z.strictObject(fields);
  const common = z.strictObject({ exemptions });
  return {
    schema: { properties: { ...jsonSchema(own), ...jsonSchema(common) } },
    /** Reads the config once and declares its exemptions; it doesn't change within a run. */
    reader(run: Run): (given: Record<string, unknown>) => RuleConfig<F> {
      let config: RuleConfig<F> | undefined;
      return ({ exemptions: exempt, ...given }) => {
        config ??= read(() => {
          run.exemptions.declare(rule, common.parse({ exemptions: exempt }).exemptions);
          return own.parse(given);
        }, rule);
        return config;
      };
    },
  };
}

function read<T>(parse: () => T, rule: string): T {
  try {
    return parse();
  } catch (cause) {
    if (!(cause instanceof z.ZodError)) throw cause;
    throw new Error(`config of ${rule}: ${z.prettifyError(cause)}`, { cause });
  }
}

function jsonSchema(schema: z.ZodObject): Record<string, PolicyConfigJSONSchema> {
  const { properties } = z.toJSONSchema(schema, { target: "draft-7", io: "input" });
  const entries: [string, unknown][] = Object.entries(properties ?? {});
  return Object.fromEntries(
    entries.flatMap(([key, value]) => (isSchema(value) ? [[key, value] as const] : [])),
  );
}

function isSchema(value: unknown): value is PolicyConfigJSONSchema {
  return typeof value === "object" && value !== null;
}
