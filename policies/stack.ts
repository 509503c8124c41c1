import { PolicyResource } from "@pulumi/policy";
import { Properties, whenKnown } from "./properties";

/** A resource of the stack, with the outputs that are known and what it depends on. */
export interface StackResource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** Outputs, which hold AWS's own settings, too. */
  readonly properties: Properties;
  /** What the program sets. */
  readonly inputs: Properties;
  /** URNs of the resources whose outputs went into a top-level property. */
  dependencies(property: string): readonly string[];
}

/** All resources of a stack. */
export class Stack {
  private readonly byType = new Map<string, StackResource[]>();

  constructor(
    resources: readonly PolicyResource[],
    private readonly inputs: ReadonlyMap<string, Properties>,
  ) {
    for (const resource of resources) {
      const one = stackResource(resource, inputs.get(resource.urn));
      const same = this.byType.get(resource.type);
      if (same) same.push(one);
      else this.byType.set(resource.type, [one]);
    }
  }

  /** Resources of these types, adopted ones included. */
  all(...types: string[]): StackResource[] {
    return types.flatMap((type) => this.byType.get(type) ?? []);
  }

  /**
   * Resources of these types that the program makes. Where no rule about single resources is on,
   * none can be told from adopted ones, and all count.
   */
  made(...types: string[]): StackResource[] {
    return this.all(...types).filter(({ urn }) => this.inputs.size === 0 || this.inputs.has(urn));
  }
}

function stackResource(resource: PolicyResource, inputs?: Properties): StackResource {
  const properties = new Properties(resource.props);
  return {
    type: resource.type,
    name: resource.name,
    urn: resource.urn,
    properties,
    inputs: inputs ?? properties,
    dependencies: (property) =>
      (resource.propertyDependencies[property] ?? []).map(({ urn }) => urn),
  };
}

/** Which resources point to which, by a property that holds the other's id or name. */
export class References {
  private readonly bySource = new Map<string, string[]>();
  private readonly byTarget = new Map<string, StackResource[]>();
  private readonly urnOf = new Map<string, string>();
  private readonly targets: ReadonlySet<string>;
  /** Targets of which an id or a name isn't known yet. */
  private readonly unnamed = new Set<string>();
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
    this.targets = new Set(targets.map(({ urn }) => urn));
    for (const target of targets) this.index(target, names);
    const pointing = sources.filter((source) => source.properties.has(property));
    for (const source of pointing) this.link(source, property);
    this.incomplete = pointing.some(
      ({ urn, properties }) => !properties.isKnown(property) && !this.bySource.has(urn),
    );
  }

  /** The sources that point to a target. */
  to(target: StackResource): readonly StackResource[] {
    return this.byTarget.get(target.urn) ?? [];
  }

  private index({ urn, properties }: StackResource, names: readonly string[]): void {
    for (const name of names) {
      const value = whenKnown(() => properties.text(name));
      if (value !== undefined) this.urnOf.set(value, urn);
      else if (properties.has(name)) this.unnamed.add(urn);
    }
  }

  private link(source: StackResource, property: string): void {
    const value = whenKnown(() => source.properties.text(property));
    const named = value === undefined ? undefined : this.urnOf.get(value);
    const urns = named === undefined ? this.dependenciesOf(source, property, value) : [named];
    if (urns.length > 0) this.bySource.set(source.urn, urns);
    for (const urn of urns) {
      const same = this.byTarget.get(urn);
      if (same) same.push(source);
      else this.byTarget.set(urn, [source]);
    }
  }

  /** What stands in for a value, or for a name, that isn't known yet. */
  private dependenciesOf(source: StackResource, property: string, value?: string): string[] {
    const targets = value === undefined ? this.targets : this.unnamed;
    const top = property.split(".")[0] ?? "";
    return source.dependencies(top).filter((urn) => targets.has(urn));
  }
}
