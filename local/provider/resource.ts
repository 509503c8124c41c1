import type { Autoname } from "./autoname";
import type { Aws } from "./aws";
import { conforms, type Fields, hasType, type Inputs, map, string } from "./fields";
import type { Properties } from "./values";

/** Why Check refuses a property. */
export interface Failure {
  readonly property: string;
  readonly reason: string;
}

/** One row of the provider's table: a resource type, as its author writes it. */
export interface ResourceRow<F extends Fields> {
  /** Pulumi's type token, for example `aws:glue/job:Job`. */
  readonly token: string;
  readonly inputs: F;
  /** Properties that AWS alone sets. */
  readonly outputs?: readonly string[];
  /** Inputs of the official provider that this one refuses, as the local platform lacks them. */
  readonly unsupported?: readonly string[];
  readonly autoname?: Autoname;
  /** Inputs of which one is set: another one of them makes another kind of resource, a new one. */
  readonly kinds?: readonly (keyof F & string)[];
  /** Outputs that AWS sets anew when one of the named inputs changes. */
  readonly volatile?: Readonly<Record<string, readonly string[]>>;
  /** What is wrong with inputs that are right one by one. Inputs not known yet are left out. */
  check?(inputs: Partial<Inputs<F>>, isSet: (name: keyof F) => boolean): Failure[];
  /**
   * The id that a resource with these inputs gets, where they decide it: so one is found again whose
   * creation was cut off before the id was told. Needless where creating twice does no harm.
   */
  idOf?(inputs: Partial<Inputs<F>>, accountId: string): string | undefined;
  /** Calls `created` with the id as soon as the resource exists, before anything else can fail. */
  create(aws: Aws, inputs: Inputs<F>, created: (id: string) => void): Promise<void>;
  /** All properties as AWS has them; undefined if the resource is gone. */
  read(aws: Aws, id: string, inputs: Partial<Inputs<F>>): Promise<Properties | undefined>;
  /** Makes AWS agree with the inputs, whatever state an earlier failure left. */
  update?(aws: Aws, id: string, inputs: Inputs<F>, old: Properties): Promise<void>;
  delete(aws: Aws, id: string, state: Partial<Inputs<F>>): Promise<void>;
}

/** A row of the table as the host uses it: properties are checked against the row's fields. */
export interface ResourceType extends Omit<
  ResourceRow<Fields>,
  "check" | "idOf" | "create" | "read" | "update" | "delete"
> {
  check(inputs: Properties): Failure[];
  idOf(inputs: Properties, accountId: string): string | undefined;
  create(aws: Aws, inputs: Properties, created: (id: string) => void): Promise<void>;
  read(aws: Aws, id: string, inputs: Properties): Promise<Properties | undefined>;
  update(aws: Aws, id: string, inputs: Properties, old: Properties): Promise<void>;
  delete(aws: Aws, id: string, state: Properties): Promise<void>;
}

/** The tags of a resource: its own, and those with the provider's default tags. */
export const tagged = { tags: map(), tagsAll: map({ internal: true }) };

/** Every resource with a region can be asked for it; the provider serves one. */
export const regional = { region: string({ forceNew: true, computed: true, unread: true }) };

export function defineResource<F extends Fields>(row: ResourceRow<F>): ResourceType {
  const whole = (properties: Properties): Inputs<F> => {
    if (!conforms(row.inputs, properties)) {
      throw new Error(`inputs of ${row.token} are incomplete or not of the right type`);
    }
    return properties;
  };
  const partly = (properties: Properties): Partial<Inputs<F>> => known(row.inputs, properties);
  return {
    ...row,
    check: (inputs) =>
      row.check?.(partly(inputs), (name) => inputs[String(name)] !== undefined) ?? [],
    idOf: (inputs, accountId) => row.idOf?.(partly(inputs), accountId),
    create: (aws, inputs, created) => row.create(aws, whole(inputs), created),
    read: (aws, id, inputs) => row.read(aws, id, partly(inputs)),
    update: async (aws, id, inputs, old) => row.update?.(aws, id, whole(inputs), old),
    delete: (aws, id, state) => row.delete(aws, id, partly(state)),
  };
}

/** The properties that are known and of the right type. */
function known<F extends Fields>(fields: F, properties: Properties): Partial<Inputs<F>> {
  const kept: Properties = Object.fromEntries(
    Object.entries(properties).filter(([name, value]) => {
      const field = fields[name];
      return field !== undefined && hasType(field, value);
    }),
  );
  return isPartial(fields, kept) ? kept : {};
}

function isPartial<F extends Fields>(
  fields: F,
  properties: Properties,
): properties is Properties & Partial<Inputs<F>> {
  return Object.entries(properties).every(([name, value]) => {
    const field = fields[name];
    return field === undefined || hasType(field, value);
  });
}
