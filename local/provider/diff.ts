import { defaultsKey } from "./check";
import type { AnyField, Fields } from "./fields";
import type { ResourceType } from "./resource";
import {
  deepEqual,
  isAsset,
  isEmpty,
  isRecord,
  isUnknown,
  type Path,
  pathText,
  type Properties,
  valueAt,
} from "./values";

/** One changed property. */
export interface Change {
  readonly path: Path;
  readonly kind: "add" | "delete" | "update";
  readonly replace: boolean;
  /** The program changed it, rather than somebody behind the program's back. */
  readonly input: boolean;
}

export interface Difference {
  readonly changes: Change[];
  readonly deleteBeforeReplace: boolean;
}

/** What an update from a state (with the inputs that led to it) to new inputs would change. */
export function difference(
  type: ResourceType,
  state: Properties,
  oldInputs: Properties,
  news: Properties,
  ignored: readonly string[] = [],
): Difference {
  const comparison = new Comparison(oldInputs, news);
  comparison.objects(type.inputs, state, news, [], false);
  const changed = comparison.changes.filter(({ path }) => !isIgnored(pathText(path), ignored));
  const changes = replacedByKind(type, changed);
  return {
    changes,
    deleteBeforeReplace: changes.some(({ replace }) => replace) && hasGivenName(type, news),
  };
}

/** A resource that becomes another kind of resource is a new one. */
function replacedByKind({ kinds = [] }: ResourceType, changes: Change[]): Change[] {
  const changed = kinds.filter((kind) => changes.some(({ path }) => path[0] === kind));
  return changed.length < 2
    ? changes
    : changes.map((change) => ({
        ...change,
        replace: change.replace || changed.includes(String(change.path[0])),
      }));
}

function isIgnored(path: string, ignored: readonly string[]): boolean {
  return ignored.some(
    (prefix) => path === prefix || path.startsWith(`${prefix}.`) || path.startsWith(`${prefix}[`),
  );
}

/** A name that the program gives can't be had twice, so the old resource has to go first. */
function hasGivenName(type: ResourceType, news: Properties): boolean {
  const defaults = news[defaultsKey];
  return (
    type.autoname?.unique === true &&
    news[type.autoname.property] !== undefined &&
    Array.isArray(defaults) &&
    !defaults.includes(type.autoname.property)
  );
}

/** Whether AWS would see no difference between the two values. */
export function equivalent(field: AnyField, old: unknown, wanted: unknown): boolean {
  if (isEmpty(old) && isEmpty(wanted)) {
    return true;
  }
  if (isUnknown(wanted) || isUnknown(old)) {
    return false;
  }
  if (field.same?.(old, wanted)) {
    return true;
  }
  if (isAsset(old) && isAsset(wanted)) {
    return old.hash !== undefined && old.hash === wanted.hash;
  }
  const { element, fields } = field;
  if (field.kind === "set" && Array.isArray(old) && Array.isArray(wanted)) {
    return (
      element !== undefined &&
      unmatched(element, old, wanted).length === 0 &&
      unmatched(element, wanted, old).length === 0
    );
  }
  if (element !== undefined && Array.isArray(old) && Array.isArray(wanted)) {
    return (
      old.length === wanted.length &&
      old.every((item, index) => equivalent(element, item, wanted[index]))
    );
  }
  if (fields !== undefined && isRecord(old) && isRecord(wanted)) {
    return Object.entries(fields).every(
      ([name, inner]) =>
        (wanted[name] === undefined && inner.computed) ||
        equivalent(inner, old[name], wanted[name]),
    );
  }
  return deepEqual(old, wanted);
}

/** Indices of the items on the left that have no equal on the right. */
function unmatched(element: AnyField, left: unknown[], right: unknown[]): number[] {
  const free = [...right];
  return left.flatMap((item, index) => {
    const match = free.findIndex((other) => equivalent(element, other, item));
    if (match >= 0) {
      free.splice(match, 1);
      return [];
    }
    return [index];
  });
}

class Comparison {
  readonly changes: Change[] = [];

  constructor(
    private readonly oldInputs: Properties,
    private readonly newInputs: Properties,
  ) {}

  objects(fields: Fields, old: Properties, news: Properties, path: Path, replace: boolean): void {
    for (const [name, field] of Object.entries(fields)) {
      const wanted = news[name];
      if (wanted !== undefined || !field.computed) {
        this.values(field, old[name], wanted, [...path, name], replace);
      }
    }
  }

  private values(field: AnyField, old: unknown, wanted: unknown, path: Path, inherited: boolean) {
    const replace = inherited || field.forceNew === true;
    if (equivalent(field, old, wanted)) {
      return;
    }
    if (field.fields !== undefined && isRecord(old) && isRecord(wanted)) {
      this.objects(field.fields, old, wanted, path, replace);
    } else if (field.kind === "map" && isRecord(old) && isRecord(wanted)) {
      for (const key of new Set([...Object.keys(old), ...Object.keys(wanted)])) {
        if (!deepEqual(old[key], wanted[key])) {
          this.add(old[key], wanted[key], [...path, key], replace);
        }
      }
    } else if (Array.isArray(old) && Array.isArray(wanted)) {
      this.lists(field, old, wanted, path, replace);
    } else {
      this.add(old, wanted, path, replace);
    }
  }

  private lists(field: AnyField, old: unknown[], wanted: unknown[], path: Path, replace: boolean) {
    const { element } = field;
    if (element === undefined) {
      return;
    }
    if (field.kind === "list") {
      for (let index = 0; index < Math.max(old.length, wanted.length); index++) {
        this.values(element, old[index], wanted[index], [...path, index], replace);
      }
      return;
    }
    const removed = unmatched(element, old, wanted);
    const added = unmatched(element, wanted, old);
    for (const index of new Set([...removed, ...added])) {
      const from = removed.includes(index) ? old[index] : undefined;
      const to = added.includes(index) ? wanted[index] : undefined;
      this.add(from, to, [...path, index], replace);
    }
  }

  private add(old: unknown, wanted: unknown, path: Path, replace: boolean): void {
    const kind =
      isEmpty(old) && old !== false && old !== 0
        ? "add"
        : wanted === undefined
          ? "delete"
          : "update";
    const input = !deepEqual(valueAt(this.oldInputs, path), valueAt(this.newInputs, path));
    this.changes.push({ path, kind, replace, input });
  }
}
