import { isAsset, isRecord, isUnknown, type Properties } from "./values";

export type Kind =
  "string" | "integer" | "number" | "boolean" | "asset" | "list" | "set" | "map" | "object";

/** How the official provider treats a property beyond its type. */
export interface Traits {
  /** A change makes a new resource. */
  readonly forceNew?: boolean;
  /** When the program leaves it out, the value that AWS chose stays. */
  readonly computed?: boolean;
  /** Written by the provider alone; a program that sets it is refused. */
  readonly internal?: boolean;
  /** Never read back from AWS: only the provider's own behaviour, or not returned by any call. */
  readonly unread?: boolean;
  /** Whether two spellings mean the same to AWS. */
  readonly same?: (left: unknown, right: unknown) => boolean;
  /** What is wrong with a value of the right type; undefined if nothing is. */
  readonly check?: (value: never) => string | undefined;
}

/** One property of a resource. `T` is the type of a checked value, `R` whether it is always there. */
export interface Field<T, R extends boolean = boolean> extends Traits {
  readonly kind: Kind;
  readonly required: R;
  readonly needed: boolean;
  readonly defaultValue?: T;
  readonly values?: readonly unknown[];
  readonly element?: AnyField;
  readonly fields?: Fields;
}

export type AnyField = Field<unknown>;
export type Fields = Readonly<Record<string, AnyField>>;

type Known<F> = F extends Field<infer T> ? T : never;
type RequiredKeys<F extends Fields> = {
  [K in keyof F]: F[K] extends Field<unknown, true> ? K : never;
}[keyof F];

/** Checked inputs by the table of their fields: required and defaulted ones are there. */
export type Inputs<F extends Fields> = { -readonly [K in RequiredKeys<F>]: Known<F[K]> } & {
  -readonly [K in Exclude<keyof F, RequiredKeys<F>>]?: Known<F[K]>;
};

const optional = { required: false, needed: false } as const;

interface TextTraits extends Traits {
  readonly check?: (value: string) => string | undefined;
}
interface NumberTraits extends Traits {
  readonly check?: (value: number) => string | undefined;
}

export function string(traits: TextTraits = {}): Field<string, false> {
  return { kind: "string", ...optional, ...traits };
}

export function integer(traits: NumberTraits = {}): Field<number, false> {
  return { kind: "integer", ...optional, ...traits };
}

export function number(traits: NumberTraits = {}): Field<number, false> {
  return { kind: "number", ...optional, ...traits };
}

export function boolean(traits: Traits = {}): Field<boolean, false> {
  return { kind: "boolean", ...optional, ...traits };
}

/** A file, a text or an archive that the program hands over. */
export function asset(traits: Traits = {}): Field<Properties, false> {
  return { kind: "asset", ...optional, ...traits };
}

/** A string out of a fixed list, usually one of the AWS SDK's enumerations. */
export function oneOf<const V extends string>(
  values: readonly V[],
  traits: TextTraits = {},
): Field<V, false> {
  return { kind: "string", ...optional, ...traits, values };
}

export function list<T>(element: Field<T>, traits: Traits = {}): Field<T[], false> {
  return { kind: "list", ...optional, ...traits, element };
}

/** A list whose order doesn't count. */
export function set<T>(element: Field<T>, traits: Traits = {}): Field<T[], false> {
  return { kind: "set", ...optional, ...traits, element };
}

export function map(traits: Traits = {}): Field<Record<string, string>, false> {
  return { kind: "map", ...optional, ...traits, element: string() };
}

export function object<F extends Fields>(fields: F, traits: Traits = {}): Field<Inputs<F>, false> {
  return { kind: "object", ...optional, ...traits, fields };
}

export function required<T>(field: Field<T>): Field<T, true> {
  return { ...field, required: true, needed: true };
}

/** The value that the official provider sets when the program sets none. */
export function defaulted<T>(field: Field<T>, value: T): Field<T, true> {
  return { ...field, required: true, needed: false, defaultValue: value };
}

/** A property that is always there when AWS is called, as the provider itself names the resource. */
export function named<T>(field: Field<T>): Field<T, true> {
  return { ...field, required: true, needed: false };
}

/** Whether a value has the field's type all the way down; unknown values have not. */
export function hasType(field: AnyField, value: unknown): boolean {
  switch (field.kind) {
    case "string":
      return typeof value === "string" && !isUnknown(value);
    case "integer":
      return Number.isInteger(value);
    case "number":
    case "boolean":
      return typeof value === field.kind;
    case "asset":
      return isAsset(value);
    case "list":
    case "set":
      return (
        Array.isArray(value) &&
        value.every((item) => field.element === undefined || hasType(field.element, item))
      );
    case "map":
      return isRecord(value) && Object.values(value).every((item) => typeof item === "string");
    case "object":
      return isRecord(value) && conforms(field.fields ?? {}, value);
  }
}

/** Whether checked properties are complete and of the right types. */
export function conforms<F extends Fields>(
  fields: F,
  properties: Properties,
): properties is Properties & Inputs<F> {
  return Object.entries(fields).every(([name, field]) => {
    const value = properties[name];
    return value === undefined ? !field.required : hasType(field, value);
  });
}
