import type { Failure } from "./resource";
import { isRecord, isUnknown, type Properties } from "./values";

/** What the program's provider configuration says, as far as it matters on one machine. */
export interface Configuration {
  readonly region: string | undefined;
  readonly defaultTags: Readonly<Record<string, string>>;
}

/**
 * How to reach AWS and with which credentials. The platform that started the provider has settled
 * that, so these are taken and not used.
 */
const connectionSettings = new Set([
  "accessKey",
  "secretKey",
  "token",
  "profile",
  "endpoints",
  "maxRetries",
  "s3UsePathStyle",
  "sharedConfigFiles",
  "sharedCredentialsFiles",
  "skipCredentialsValidation",
  "skipMetadataApiCheck",
  "skipRegionValidation",
  "skipRequestingAccountId",
  "version",
]);

/** Refuses what would change a deployment and isn't there: better than to drop it. */
export function checkConfiguration(news: Properties): Failure[] {
  return Object.keys(news)
    .filter((key) => !["region", "defaultTags"].includes(key) && !connectionSettings.has(key))
    .filter((key) => !key.startsWith("__"))
    .map((property) => ({
      property,
      reason: `the provider option "${property}" is not supported by the local provider`,
    }));
}

/** @throws Error if `defaultTags` isn't `{ tags: { <key>: <text> } }`. */
export function readConfiguration(args: Properties): Configuration {
  const region = typeof args.region === "string" && !isUnknown(args.region) && args.region !== "";
  return {
    region: region ? String(args.region) : undefined,
    defaultTags: readDefaultTags(args.defaultTags),
  };
}

function readDefaultTags(value: unknown): Record<string, string> {
  // Nested provider options travel as JSON text.
  const setting: unknown = typeof value === "string" && value !== "" ? JSON.parse(value) : value;
  if (setting === undefined || setting === null || setting === "") {
    return {};
  }
  const tags = isRecord(setting) ? (setting.tags ?? {}) : undefined;
  if (!isRecord(tags)) {
    throw new Error("provider option defaultTags: write { tags: { <key>: <value> } }");
  }
  return Object.fromEntries(Object.entries(tags).map(([key, item]) => [key, String(item)]));
}
