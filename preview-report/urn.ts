/** A resource, as a report names it. */
export interface Resource {
  readonly name: string;
  /** `aws:glue:Job`: without the file within its module, as the engine shows it. */
  readonly type: string;
}

/** The resource that a URN names: `urn:pulumi:<stack>::<project>::<parents' types>$<type>::<name>`. */
export function resourceOf(urn: string): Resource {
  const [, , types = "", ...name] = urn.split("::");
  const type = types.split("$").at(-1) ?? "";
  return { name: name.join("::"), type: type.replace(/^([^:]+:[^:/]+)\/[^:]*:/, "$1:") };
}

/** Whether it's the stack itself, the parent of all that has no other. */
export function isStack(urn: string): boolean {
  return resourceOf(urn).type === "pulumi:pulumi:Stack";
}

/** Whether it's a provider that the engine makes by itself; its own summary doesn't count those. */
export function isDefaultProvider(urn: string): boolean {
  const { name, type } = resourceOf(urn);
  return type.startsWith("pulumi:providers:") && name.startsWith("default");
}
