/** Where a value stands: `configuration.engineVersion`, or a list of names that may have dots. */
type Path = string | readonly string[];

/**
 * Properties of a resource as a rule reads them, by their paths.
 *
 * Reading a value that isn't known yet at preview throws the error of `@pulumi/policy` for it,
 * which ends the rule for this resource without a finding: it is judged in the update.
 */
export class Properties {
  constructor(private readonly value: unknown) {}

  /** Whether something is there; an unknown value is. */
  has(path: Path): boolean {
    return !this.isKnown(path) || this.at(path) !== undefined;
  }

  /** Whether the value can be read. */
  isKnown(path: Path): boolean {
    return whenKnown(() => ({ value: this.at(path) })) !== undefined;
  }

  text(path: Path): string | undefined {
    const value = this.at(path);
    return typeof value === "string" ? value : undefined;
  }

  number(path: Path): number | undefined {
    const value = this.at(path);
    return typeof value === "number" ? value : undefined;
  }

  flag(path: Path): boolean | undefined {
    const value = this.at(path);
    return typeof value === "boolean" ? value : undefined;
  }

  /** The entries of a list; empty where there is none. */
  list(path: Path): Properties[] {
    const value = this.at(path);
    return Array.isArray(value)
      ? Array.from({ length: value.length }, (_, index) => new Properties(value[index]))
      : [];
  }

  /** The texts of a list, others left out. */
  texts(path: Path): string[] {
    return this.list(path).flatMap((entry) => entry.text("") ?? []);
  }

  object(path: Path): Properties {
    return new Properties(this.at(path));
  }

  /** The names of an object's fields, known or not; none where there is no object. */
  keys(path: Path = ""): string[] {
    const value = this.at(path);
    return isObject(value) ? Object.keys(value) : [];
  }

  private at(path: Path): unknown {
    const keys = typeof path === "string" ? path.split(".").filter(Boolean) : path;
    return keys.reduce<unknown>(
      (value, key) => (isObject(value) ? value[key] : undefined),
      this.value,
    );
  }
}

/** A path as people write it: `actions[0].timeout` for `actions.0.timeout`. */
export const shown = (path: string): string => path.replace(/\.(\d+)/g, "[$1]");

/** What `read` gives, or undefined where it reads a value that isn't known yet. */
export function whenKnown<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isUnknownValue(error)) return undefined;
    throw error;
  }
}

/** Whether this is the error by which `@pulumi/policy` keeps unknown values from being read. */
function isUnknownValue(error: unknown): boolean {
  return error instanceof Error && "unknownTypeSentinel" in error;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
