import { automaticName, type ProposedName } from "./autoname";
import type { AnyField, Fields } from "./fields";
import type { Failure, ResourceType } from "./resource";
import { mergedTags } from "./tags";
import {
  containsUnknown,
  isAsset,
  isRecord,
  isUnknown,
  type Path,
  pathText,
  type Properties,
} from "./values";

/** The key under which inputs list the properties that the provider chose; the engine hides it. */
export const defaultsKey = "__defaults";

export interface CheckRequest {
  /** The resource's name in the program. */
  readonly name: string;
  readonly news: Properties;
  /** Inputs of the last update; empty for a resource that is made. */
  readonly olds: Properties;
  readonly seed: Uint8Array;
  readonly proposed?: ProposedName;
  readonly defaultTags: Readonly<Record<string, string>>;
  readonly region: string;
}

export interface Checked {
  readonly inputs: Properties;
  readonly failures: Failure[];
}

/** Fills in names, defaults and default tags, and refuses what the official provider refuses. */
export function checkInputs(type: ResourceType, request: CheckRequest): Checked {
  const failures: Failure[] = [];
  const fail = (path: Path, reason: string) => {
    failures.push({ property: pathText(path), reason });
  };
  const walk = new Walk(type, fail);
  const given = Object.fromEntries(
    Object.entries(request.news).filter(([key]) => key !== defaultsKey),
  );
  const chosen = { ...given, ...name(type, request, fail) };
  const inputs = walk.object(type.inputs, chosen, []);
  if ("region" in type.inputs && inputs.region !== undefined && inputs.region !== request.region) {
    fail(["region"], `the local platform serves ${request.region} only, not ${inputs.region}`);
  }
  if ("tagsAll" in type.inputs) {
    inputs.tagsAll = mergedTags(request.defaultTags, inputs.tags);
  }
  if (failures.length === 0) {
    failures.push(...type.check(inputs));
  }
  const defaults = Object.keys(inputs)
    .filter((key) => !(key in request.news))
    .sort();
  return { inputs: { ...inputs, [defaultsKey]: defaults }, failures };
}

function name(
  type: ResourceType,
  request: CheckRequest,
  fail: (path: Path, reason: string) => void,
): Properties {
  const rule = type.autoname;
  const alternative = rule && [`${rule.property}Prefix`].find((key) => key in request.news);
  if (rule === undefined || alternative !== undefined || rule.property in request.news) {
    return {};
  }
  const before = request.olds[defaultsKey];
  if (Array.isArray(before) && before.includes(rule.property)) {
    return { [rule.property]: request.olds[rule.property] };
  }
  try {
    const { seed, proposed } = request;
    return { [rule.property]: automaticName(rule, request.name, seed, proposed) };
  } catch (error) {
    fail([rule.property], error instanceof Error ? error.message : String(error));
    return {};
  }
}

/** Checks values against their fields, converts what Terraform would, and fills in defaults. */
class Walk {
  constructor(
    private readonly type: ResourceType,
    private readonly fail: (path: Path, reason: string) => void,
  ) {}

  object(fields: Fields, value: Properties, path: Path): Properties {
    for (const key of Object.keys(value)) {
      if (fields[key] === undefined || fields[key].internal) {
        this.refuse([...path, key]);
      }
    }
    const entries = Object.entries(fields).map(([key, field]) => [
      key,
      this.value(field, value[key], [...path, key]),
    ]);
    return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
  }

  private refuse(path: Path): void {
    const name = path.filter((part) => typeof part === "string").join(".");
    const reason = this.type.unsupported?.includes(name)
      ? "is not supported by the local provider"
      : `is not a property of ${this.type.token}`;
    this.fail(path, `"${name}" ${reason}`);
  }

  private value(field: AnyField, value: unknown, path: Path): unknown {
    if (value === undefined || value === null) {
      if (field.needed) {
        this.fail(path, `"${String(path.at(-1))}" is required`);
      }
      return field.defaultValue;
    }
    if (isUnknown(value)) {
      return value;
    }
    switch (field.kind) {
      case "object":
        return isRecord(value)
          ? this.object(field.fields ?? {}, value, path)
          : this.wrongType(field, value, path);
      case "map":
      case "list":
      case "set":
        return this.collection(field, value, path);
      case "asset":
        return isAsset(value) ? value : this.wrongType(field, value, path);
      default:
        return this.scalar(field, value, path);
    }
  }

  private collection(field: AnyField, value: unknown, path: Path): unknown {
    const { element } = field;
    if (element !== undefined && field.kind === "map" && isRecord(value)) {
      const entries = Object.entries(value).map(([key, item]) => [
        key,
        this.value(element, item, [...path, key]),
      ]);
      return this.rule(field, Object.fromEntries(entries), path);
    }
    if (element !== undefined && field.kind !== "map" && Array.isArray(value)) {
      const items = value.map((item, index) => this.value(element, item, [...path, index]));
      return this.rule(field, items, path);
    }
    return this.wrongType(field, value, path);
  }

  private scalar(field: AnyField, value: unknown, path: Path): unknown {
    const converted = convert(field, value);
    if (converted === undefined) {
      return this.wrongType(field, value, path);
    }
    if (field.values !== undefined && !field.values.includes(converted)) {
      const allowed = field.values.map((item) => `"${String(item)}"`).join(", ");
      this.fail(path, `expected one of ${allowed}, got "${String(converted)}"`);
    }
    return this.rule(field, converted, path);
  }

  private rule(field: AnyField, value: unknown, path: Path): unknown {
    const check: ((checked: never) => string | undefined) | undefined = field.check;
    const problem = check === undefined || containsUnknown(value) ? undefined : apply(check, value);
    if (problem !== undefined) {
      this.fail(path, problem);
    }
    return value;
  }

  private wrongType(field: AnyField, value: unknown, path: Path): undefined {
    const got = Array.isArray(value) ? "list" : isAsset(value) ? "asset" : typeof value;
    this.fail(path, `expected ${field.kind}, got ${got}`);
    return undefined;
  }
}

function apply(check: (value: never) => string | undefined, value: unknown): string | undefined {
  const result: unknown = Reflect.apply(check, undefined, [value]);
  return typeof result === "string" ? result : undefined;
}

/** Terraform's conversions between text, numbers and booleans; undefined where there is none. */
function convert(field: AnyField, value: unknown): unknown {
  switch (field.kind) {
    case "string":
      return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
        ? String(value)
        : undefined;
    case "boolean":
      return value === "true"
        ? true
        : value === "false"
          ? false
          : typeof value === "boolean"
            ? value
            : undefined;
    default: {
      const parsed = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
      const valid = field.kind === "integer" ? Number.isInteger(parsed) : Number.isFinite(parsed);
      return valid ? parsed : undefined;
    }
  }
}
