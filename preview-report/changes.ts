import type { EngineEvent, Step } from "./events";
import { isDefaultProvider, isStack, type Resource, resourceOf } from "./urn";

/** What can happen to a resource, in the order in which a report counts it. */
export const actions = ["create", "update", "replace", "delete", "import"] as const;
export type Action = (typeof actions)[number];

export interface Change {
  readonly action: Action;
  readonly resource: Resource;
  /** The outermost component that the resource is part of; none for one on its own. */
  readonly component: Resource | undefined;
  /** Paths of the properties that change, those that force a replacement first. */
  readonly properties: readonly { path: string; forcesReplacement: boolean }[];
}

/**
 * What becomes of each resource. The engine takes a replacement in steps of their own besides the
 * one named `replace`, which are left out, as its own summary leaves them out.
 */
export function changesOf(events: readonly EngineEvent[]): {
  changes: Change[];
  unchanged: number;
} {
  const steps = events.flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata ?? []);
  const parents = new Map(
    steps.map((step) => [step.urn, step.new?.parent ?? step.old?.parent ?? ""]),
  );
  const counted = steps.filter(({ urn }) => !isDefaultProvider(urn));
  const changes = counted.flatMap((step) => {
    const action = actions.find((name) => name === step.op);
    if (!action) return [];
    const component = outermost(step.urn, parents);
    return {
      action,
      resource: resourceOf(step.urn),
      component: component === undefined ? undefined : resourceOf(component),
      properties: propertiesOf(step),
    };
  });
  return {
    changes: changes.sort((a, b) => sortKey(a).localeCompare(sortKey(b))),
    unchanged: counted.filter(({ op }) => op === "same").length,
  };
}

/** The URN just below the stack, or undefined where that is the resource and it has no children. */
function outermost(urn: string, parents: ReadonlyMap<string, string>): string | undefined {
  if (isStack(urn)) return undefined;
  let top = urn;
  for (let up = parents.get(top); up && !isStack(up); up = parents.get(top)) top = up;
  return top !== urn || [...parents.values()].includes(urn) ? top : undefined;
}

function propertiesOf({ keys, diffs, detailedDiff }: Step): Change["properties"] {
  const forcing = new Set(keys ?? []);
  const detailed = Object.entries(detailedDiff ?? {}).map(([path, { diffKind }]) => ({
    path,
    forcesReplacement: diffKind.endsWith("-replace"),
  }));
  const named = [...new Set([...forcing, ...(diffs ?? [])])].map((path) => ({
    path,
    forcesReplacement: forcing.has(path),
  }));
  return (detailed.length > 0 ? detailed : named).sort(
    (a, b) =>
      Number(b.forcesReplacement) - Number(a.forcesReplacement) || a.path.localeCompare(b.path),
  );
}

function sortKey({ component, resource }: Change): string {
  return [component?.name ?? "\u{10ffff}", component?.type, resource.type, resource.name].join(" ");
}
