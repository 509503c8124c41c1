import { createHash, randomBytes } from "node:crypto";

/** How a resource that the program doesn't name gets its name (pulumi-aws, auto-naming). */
export interface Autoname {
  readonly property: string;
  readonly prefix?: string;
  readonly separator: string;
  readonly maxLength?: number;
  readonly randomLength: number;
  readonly lowercase?: boolean;
  /** Random letters instead of hex digits. */
  readonly letters?: boolean;
  /** Two resources can't have the name at once, so a named one is deleted before it is replaced. */
  readonly unique: boolean;
}

/** A name that Pulumi's own settings of automatic naming want. */
export interface ProposedName {
  readonly name: string;
  readonly mode: "propose" | "enforce" | "disable";
}

/** Of Glue's databases and tables, which Athena wants without dashes. */
export const catalogAutonamed: Autoname = {
  property: "name",
  separator: "_",
  randomLength: 8,
  lowercase: true,
  letters: true,
  unique: false,
};

export const autonamed = (maxLength = 255): Autoname => ({
  property: "name",
  separator: "-",
  maxLength,
  randomLength: 7,
  unique: true,
});

/**
 * The automatic name. The same seed gives the same name.
 * @throws Error if the name would be too long, or if the user's settings turn naming off.
 */
export function automaticName(
  rule: Autoname,
  resourceName: string,
  seed: Uint8Array,
  proposed?: ProposedName,
): string {
  if (proposed?.mode === "disable") {
    throw new Error("automatic naming is disabled, so a name must be given");
  }
  if (proposed?.mode === "enforce") {
    return proposed.name;
  }
  const base = proposed?.name ?? resourceName;
  const stem = (rule.prefix ?? "") + (rule.lowercase ? base.toLowerCase() : base);
  const name =
    proposed || rule.randomLength === 0
      ? stem
      : `${stem}${rule.separator}${randomPart(rule, stem, seed)}`;
  if (rule.maxLength !== undefined && name.length > rule.maxLength) {
    throw new Error(`automatic name "${name}" is longer than ${rule.maxLength} characters`);
  }
  return name;
}

function randomPart(rule: Autoname, stem: string, seed: Uint8Array): string {
  const bytes =
    seed.length > 0 ? createHash("sha256").update(seed).update(stem).digest() : randomBytes(32);
  const characters = rule.letters
    ? [...bytes].map((byte) => String.fromCharCode(97 + (byte % 26))).join("")
    : bytes.toString("hex");
  return characters.slice(0, rule.randomLength);
}
