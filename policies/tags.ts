import { z } from "zod";
import { jsonProperties } from "./json";
import { Properties } from "./properties";
import { Change, Finding, Resource } from "./rule";

/** Config of the rules that ask for tags. */
export const requiredTags = {
  requiredTags: z
    .array(z.string().min(1))
    .default(["Project", "Environment", "Owner", "CostCenter"])
    .describe("Keys that must be there, with a value"),
};

/** Config of the rules that can also give tags. */
export const givenTags = {
  ...requiredTags,
  tagValues: z
    .record(z.string(), z.string())
    .default({})
    .describe(
      "Values that remediation gives missing tags; Project and Environment default to the names of project and stack",
    ),
};

/** The required tags that a resource lacks, the default tags of its provider counted in. */
export function missingTags(
  resource: Resource,
  config: { requiredTags: string[] },
): Finding | undefined {
  const missing = missingKeys(resource, config.requiredTags);
  if (missing.length === 0) return undefined;
  const keys = missing.map((key) => `\`${key}\``).join(", ");
  return {
    field: "tags",
    found: `lacks ${keys}`,
    fix: `give ${missing.length === 1 ? "this tag" : "these tags"} a value`,
  };
}

/** The missing tags that config, project or stack give a value for. */
export function giveTags(
  resource: Resource,
  config: { requiredTags: string[]; tagValues: Record<string, string> },
): Change[] {
  const [stack, project] = resource.urn.replace("urn:pulumi:", "").split("::");
  const values: Record<string, string | undefined> = {
    Project: project,
    Environment: stack,
    ...config.tagValues,
  };
  return missingKeys(resource, config.requiredTags).flatMap((key) => {
    const value = values[key];
    return value === undefined ? [] : [{ path: ["tags", key], value }];
  });
}

function missingKeys({ properties, provider }: Resource, required: string[]): string[] {
  const sources = [properties.object("tags"), properties.object("tagsAll"), providerTags(provider)];
  return required.filter((key) => !sources.some((tags) => hasValue(tags, key)));
}

/** A value that isn't known yet is one. */
function hasValue(tags: Properties, key: string): boolean {
  return !tags.isKnown([key]) || Boolean(tags.text([key]));
}

/** Most SDKs pass a provider's nested settings on as JSON text. */
function providerTags(provider: Properties): Properties {
  const text = provider.text("defaultTags");
  return text === undefined
    ? provider.object("defaultTags.tags")
    : jsonProperties(text).object("tags");
}
