import { PolicyConfigSchema } from "@pulumi/policy";
import { Finding, Subject } from "./rule";

/** Config of the rules that ask for tags: the keys that must be there, with a value. */
export const requiredTagsSchema: PolicyConfigSchema = {
  properties: {
    requiredTags: {
      type: "array",
      items: { type: "string" },
      default: ["Project", "Environment", "Owner", "CostCenter"],
    },
  },
};

/** The required tags that the resource, default tags of its provider included, doesn't have. */
export function missingTags({ props, config }: Subject): Finding | undefined {
  const required = stringsOf(config["requiredTags"]);
  const tags = { ...recordOf(props["tags"]), ...recordOf(props["tagsAll"]) };
  const missing = required.filter((key) => !(key in tags) || tags[key] === "");
  return missing.length === 0
    ? undefined
    : {
        field: "tags",
        found: `lacks ${missing.map((key) => `\`${key}\``).join(", ")}`,
        fix: `give ${missing.length === 1 ? "this tag" : "these tags"} a value`,
      };
}

function stringsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
