import { PolicyResource } from "@pulumi/policy";
import { Properties, whenKnown } from "./properties";

/** A resource of the stack, with the outputs that are known and what it depends on. */
export interface StackResource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly properties: Properties;
  /** URNs of the resources whose outputs went into a top-level property. */
  dependencies(property: string): readonly string[];
}

/** All resources of a stack. */
export class Stack {
  private readonly byType = new Map<string, StackResource[]>();

  constructor(
    resources: readonly PolicyResource[],
    private readonly registered: ReadonlySet<string>,
  ) {
    for (const resource of resources) {
      const same = this.byType.get(resource.type);
      if (same) same.push(stackResource(resource));
      else this.byType.set(resource.type, [stackResource(resource)]);
    }
  }

  /** Resources of these types, adopted ones included. */
  all(...types: string[]): StackResource[] {
    return types.flatMap((type) => this.byType.get(type) ?? []);
  }

  /** Resources of these types that the program makes. */
  made(...types: string[]): StackResource[] {
    return this.all(...types).filter(({ urn }) => this.registered.has(urn));
  }
}

function stackResource(resource: PolicyResource): StackResource {
  return {
    type: resource.type,
    name: resource.name,
    urn: resource.urn,
    properties: new Properties(resource.props),
    dependencies: (property) =>
      (resource.propertyDependencies[property] ?? []).map(({ urn }) => urn),
  };
}

/** Which resources point to which, by a property that holds the other's id or name. */
export class References {
  private readonly byTarget = new Map<string, StackResource[]>();
  /** Whether some of them can't be told yet. */
  readonly incomplete: boolean;

  /**
   * @param property path of the property of `sources` that points to one of `targets`.
   * @param names properties of a target that may stand in it.
   */
  constructor(
    sources: readonly StackResource[],
    property: string,
    targets: readonly StackResource[],
    names: readonly string[],
  ) {
    const urns = new Set(targets.map(({ urn }) => urn));
    const byName = new Map(
      targets.flatMap((target) =>
        names.flatMap((name) => {
          const value = whenKnown(() => target.properties.text(name));
          return value === undefined ? [] : [[value, target.urn] as const];
        }),
      ),
    );
    let incomplete = false;
    for (const source of sources) {
      const value = whenKnown(() => source.properties.text(property));
      const named = value === undefined ? undefined : byName.get(value);
      const urnsOfSource =
        named === undefined
          ? source.dependencies(property.split(".")[0] ?? "").filter((urn) => urns.has(urn))
          : [named];
      if (value === undefined && urnsOfSource.length === 0) incomplete = true;
      for (const urn of urnsOfSource) {
        this.byTarget.set(urn, [...(this.byTarget.get(urn) ?? []), source]);
      }
    }
    this.incomplete = incomplete;
  }

  /** The sources that point to a target. */
  to(target: StackResource): readonly StackResource[] {
    return this.byTarget.get(target.urn) ?? [];
  }
}
