import { defaultsKey } from "./check";
import { equivalent } from "./diff";
import type { AnyField, Fields } from "./fields";
import type { ResourceType } from "./resource";
import { type Tags, ownTags } from "./tags";
import { deepEqual, isEmpty, isRecord, isUnknown, type Properties, unknownValue } from "./values";

/**
 * The state to record: what AWS has, in the program's own spelling wherever AWS means the same
 * (order of sets, JSON formatting, a role's name for its ARN), and what AWS never shows as given.
 */
export function recordedState(
  type: ResourceType,
  actual: Properties,
  inputs: Properties,
  defaultTags: Readonly<Tags>,
): Properties {
  const tags = isTags(actual.tagsAll) && {
    tags: ownTags(actual.tagsAll, defaultTags, inputs.tags),
  };
  const spelled = respell(type.inputs, { ...actual, ...tags }, inputs);
  return { ...actual, ...spelled };
}

function isTags(value: unknown): value is Tags {
  return isRecord(value) && Object.values(value).every((item) => typeof item === "string");
}

function respell(fields: Fields, actual: Properties, inputs: Properties): Properties {
  const entries = Object.entries(fields).flatMap(([name, field]) => {
    const value =
      field.unread && actual[name] === undefined
        ? inputs[name]
        : respellValue(field, actual[name], inputs[name]);
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(entries);
}

function respellValue(field: AnyField, actual: unknown, input: unknown): unknown {
  if (input === undefined) {
    return actual;
  }
  if (field.fields !== undefined && isRecord(actual) && isRecord(input)) {
    return respell(field.fields, actual, input);
  }
  const { element } = field;
  if (
    field.kind === "list" &&
    element !== undefined &&
    Array.isArray(actual) &&
    Array.isArray(input)
  ) {
    return actual.map((item, index) => respellValue(element, item, input[index]));
  }
  if (field.kind !== "map" && equivalent(field, actual, input)) {
    return input;
  }
  return actual;
}

/**
 * The inputs that would lead to a state. With the inputs of the last update they keep its shape;
 * without (an import) they are everything that isn't empty, a default or AWS's own choice.
 */
export function inputsOf(type: ResourceType, state: Properties, before: Properties): Properties {
  const imported = Object.keys(before).length === 0;
  const inputs = trim(type.inputs, state, imported ? undefined : before);
  return { ...inputs, [defaultsKey]: before[defaultsKey] ?? [] };
}

function trim(fields: Fields, state: Properties, before: Properties | undefined): Properties {
  const entries = Object.entries(fields).flatMap(([name, field]) => {
    const value = trimValue(field, state[name], before?.[name], before === undefined);
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(entries);
}

function trimValue(field: AnyField, value: unknown, before: unknown, imported: boolean): unknown {
  const { fields, element } = field;
  if (before === undefined) {
    const own =
      field.computed || field.internal || isEmpty(value) || deepEqual(value, field.defaultValue);
    if (!imported || (own && !field.needed)) {
      return undefined;
    }
  }
  if (fields !== undefined && isRecord(value)) {
    return trim(fields, value, isRecord(before) ? before : undefined);
  }
  if (element?.fields !== undefined && Array.isArray(value)) {
    return value.map((item, index) =>
      trimValue(
        element,
        item,
        Array.isArray(before) ? before[index] : undefined,
        imported || before !== undefined,
      ),
    );
  }
  return value;
}

/** Outputs of a preview: what is known already, and unknown for what AWS is going to choose. */
export function plannedState(
  type: ResourceType,
  inputs: Properties,
  old: Properties | undefined,
): Properties {
  const planned: Properties = {};
  for (const [name, field] of Object.entries(type.inputs)) {
    if (inputs[name] !== undefined) {
      planned[name] = plannedValue(field, inputs[name], old?.[name], old === undefined);
    } else if (field.computed) {
      planned[name] = old === undefined ? unknownValue : old[name];
    }
  }
  for (const name of type.outputs ?? []) {
    const causes = type.volatile?.[name] ?? [];
    const changed = causes.some((cause) => {
      const field = type.inputs[cause];
      return field !== undefined && !equivalent(field, old?.[cause], inputs[cause]);
    });
    planned[name] = old === undefined || changed ? unknownValue : old[name];
  }
  return planned;
}

function plannedValue(field: AnyField, input: unknown, old: unknown, creating: boolean): unknown {
  if (field.fields === undefined || !isRecord(input) || isUnknown(input)) {
    return input;
  }
  const before = isRecord(old) ? old : {};
  const entries = Object.entries(field.fields).flatMap(([name, inner]) => {
    if (input[name] !== undefined) {
      return [[name, plannedValue(inner, input[name], before[name], creating)]];
    }
    const chosen = creating ? unknownValue : before[name];
    return inner.computed && chosen !== undefined ? [[name, chosen]] : [];
  });
  return Object.fromEntries(entries);
}
