import { containsUnknown, isRecord, unknownValue } from "./values";

export type Tags = Record<string, string>;

/** The provider's default tags under the resource's own; unknown as a whole if one is unknown. */
export function mergedTags(defaults: Readonly<Tags>, own: unknown): unknown {
  return containsUnknown(own) ? unknownValue : { ...defaults, ...(isRecord(own) ? own : {}) };
}

/** The tags that are the resource's own: not a default tag, unless the program repeats it. */
export function ownTags(actual: Tags, defaults: Readonly<Tags>, given: unknown): Tags {
  const repeated = isRecord(given) ? given : {};
  return Object.fromEntries(
    Object.entries(actual).filter(([key, value]) => key in repeated || defaults[key] !== value),
  );
}

/** AWS's list form of tags. */
export function tagList(tags: Tags | undefined): { Key: string; Value: string }[] {
  return Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
}

export function tagMap(tags: { Key?: string; Value?: string }[] | undefined): Tags {
  return Object.fromEntries((tags ?? []).map(({ Key, Value }) => [Key ?? "", Value ?? ""]));
}

/** What must be set and what must go to get from the tags that are there to those wanted. */
export function tagChanges(actual: Tags, wanted: Tags | undefined) {
  const target = wanted ?? {};
  return {
    set: Object.fromEntries(Object.entries(target).filter(([key, value]) => actual[key] !== value)),
    remove: Object.keys(actual).filter((key) => !(key in target) && !key.startsWith("aws:")),
  };
}
