import { Properties } from "./properties";

/** An event as far as it can be foretold. */
export interface KnownEvent {
  readonly [field: string]: string | KnownEvent;
}

/**
 * Whether an EventBridge pattern lets an event pass (EventBridge guide, "Comparison operators").
 * Fields that can't be foretold, and operators on other things than text, count as passed.
 */
export function matches(pattern: Properties, event: KnownEvent): boolean {
  return pattern.keys().every((field) => {
    if (field === "$or") return pattern.list("$or").some((branch) => matches(branch, event));
    const value = event[field];
    if (value === undefined) return true;
    if (typeof value !== "string") return matches(pattern.object([field]), value);
    return pattern.list([field]).some((matcher) => matchesText(matcher, value));
  });
}

function matchesText(matcher: Properties, value: string): boolean {
  const exact = matcher.text("");
  if (exact !== undefined) return exact === value;
  return matcher.keys().every((operator) => {
    const operand = matcher.text([operator]);
    return operand === undefined
      ? matchesOther(operator, matcher, value)
      : (textOperators[operator]?.(value, operand) ?? true);
  });
}

function matchesOther(operator: string, matcher: Properties, value: string): boolean {
  if (operator === "exists") return matcher.flag("exists") ?? true;
  if (operator !== "anything-but") return true;
  const texts = matcher.texts("anything-but");
  return texts.length > 0
    ? !texts.includes(value)
    : !matchesText(matcher.object("anything-but"), value);
}

const textOperators: Record<string, (value: string, operand: string) => boolean> = {
  prefix: (value, operand) => value.startsWith(operand),
  suffix: (value, operand) => value.endsWith(operand),
  "anything-but": (value, operand) => value !== operand,
  "equals-ignore-case": (value, operand) => value.toLowerCase() === operand.toLowerCase(),
  wildcard: (value, operand) =>
    new RegExp(`^${operand.split("*").map(escaped).join(".*")}$`, "s").test(value),
};

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
