/** Property values as they cross Pulumi's provider protocol, and the signatures that mark some of them. */

/** Key under which a marked value carries its signature (Pulumi docs, "Property values on the wire"). */
export const signatureKey = "4dabf18193072939515e22adb298388d";
export const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
export const assetSignature = "c44067f5952c0a294b673a41bacd8c17";
export const archiveSignature = "0def7320c3a5731c473e5ecbe6d01bc7";
/** Stands in a preview for a value that is known only after the update. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export type Properties = Record<string, unknown>;

/** Where a value stands: names of object keys and indices of lists. */
export type Path = readonly (string | number)[];

export function isRecord(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isUnknown(value: unknown): boolean {
  return value === unknownValue;
}

export function isAsset(value: unknown): value is Properties {
  return (
    isRecord(value) &&
    (value[signatureKey] === assetSignature || value[signatureKey] === archiveSignature)
  );
}

export function containsUnknown(value: unknown): boolean {
  if (Array.isArray(value)) {
    return value.some(containsUnknown);
  }
  return isRecord(value) ? Object.values(value).some(containsUnknown) : isUnknown(value);
}

/** Whether Terraform's SDK would take the value for one that isn't set: absent, zero or empty. */
export function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) {
    return value.length === 0;
  }
  if (isRecord(value)) {
    return Object.values(value).every(isEmpty);
  }
  return value === undefined || value === null || value === "" || value === 0 || value === false;
}

/** Equal by content; the order of object keys doesn't count. */
export function deepEqual(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, i) => deepEqual(item, right[i]));
  }
  if (isRecord(left) && isRecord(right)) {
    const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
    return [...keys].every((key) => deepEqual(left[key], right[key]));
  }
  return left === right || (left ?? undefined) === (right ?? undefined);
}

/** The text of a path as Pulumi writes it: `rules[0].filter`, `tags["a.b"]`. */
export function pathText(path: Path): string {
  return path
    .map((part, index) => {
      if (typeof part === "number") {
        return `[${part}]`;
      }
      if (!/^[A-Za-z_$][A-Za-z0-9_$]*$/.test(part)) {
        return `["${part.replaceAll('"', '\\"')}"]`;
      }
      return index === 0 ? part : `.${part}`;
    })
    .join("");
}

/** What stands at a path; undefined where nothing does. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, part) => {
    if (Array.isArray(at) && typeof part === "number") {
      return at[part];
    }
    return isRecord(at) ? at[part] : undefined;
  }, value);
}
