import type { AnyField, Fields, Inputs } from "./fields";
import { isRecord, type Properties } from "./values";

/** The shape of the AWS SDK's arguments: the same names with a capital, maps left as they are. */
export type Api<T> = T extends readonly (infer E)[]
  ? Api<E>[]
  : T extends object
    ? string extends keyof T
      ? T
      : { [K in keyof T as Capitalize<K & string>]: Api<T[K]> }
    : T;

const capital = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

/** Inputs under the names of AWS's API. */
export function toApi<F extends Fields>(fields: F, inputs: Inputs<F>): Api<Inputs<F>>;
export function toApi(fields: Fields, inputs: Properties): unknown {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => inputs[name] !== undefined)
      .map(([name, field]) => [capital(name), valueToApi(field, inputs[name])]),
  );
}

function valueToApi(field: AnyField, value: unknown): unknown {
  if (field.fields !== undefined && isRecord(value)) {
    return toApi(field.fields, value);
  }
  const { element } = field;
  return element?.fields !== undefined && Array.isArray(value)
    ? value.map((item) => valueToApi(element, item))
    : value;
}

/** The properties of the table that an answer of AWS's API holds. */
export function fromApi(fields: Fields, answer: object | undefined): Properties {
  if (answer === undefined) {
    return {};
  }
  const entries = Object.entries(fields).flatMap(([name, field]) => {
    const value: unknown = Reflect.get(answer, capital(name));
    return value === undefined || value === null ? [] : [[name, valueFromApi(field, value)]];
  });
  return Object.fromEntries(entries);
}

function valueFromApi(field: AnyField, value: unknown): unknown {
  if (field.fields !== undefined && isRecord(value)) {
    return fromApi(field.fields, value);
  }
  const { element } = field;
  return element?.fields !== undefined && Array.isArray(value)
    ? value.map((item) => valueFromApi(element, item))
    : value;
}
