import { deepEqual, isRecord } from "./values";

function parsed(text: unknown): unknown {
  if (typeof text !== "string") {
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isJson(text: string): string | undefined {
  return parsed(text) === undefined ? "contains an invalid JSON document" : undefined;
}

/** Two JSON texts of the same content, whatever their spacing and order of keys. */
export function sameJson(left: unknown, right: unknown): boolean {
  const document = parsed(left);
  return document !== undefined && deepEqual(document, parsed(right));
}

/**
 * Two policies that IAM takes for the same: a lone value is a list of one, the order of lists and
 * statements doesn't count, and an account's number is its root user's ARN (IAM guide, "Grammar of
 * the IAM JSON policy language").
 */
export function samePolicy(left: unknown, right: unknown): boolean {
  const document = parsed(left);
  const other = parsed(right);
  return isRecord(document) && isRecord(other) && deepEqual(canonical(document), canonical(other));
}

const byText = (left: unknown, right: unknown) =>
  JSON.stringify(left) < JSON.stringify(right) ? -1 : 1;

function canonical(document: Record<string, unknown>): unknown {
  const statements = [document.Statement].flat().map(canonicalStatement).sort(byText);
  return { ...document, Statement: statements };
}

function canonicalStatement(statement: unknown): unknown {
  if (!isRecord(statement)) {
    return statement;
  }
  const entries = Object.entries(statement).map(([key, value]) => {
    switch (key) {
      case "Principal":
      case "NotPrincipal":
        return [key, canonicalPrincipal(value)];
      case "Condition":
        return [key, canonicalLists(value, 2)];
      case "Sid":
      case "Effect":
        return [key, value];
      default:
        return [key, sortedList(value)];
    }
  });
  return Object.fromEntries(entries.sort(byText));
}

function canonicalPrincipal(value: unknown): unknown {
  const principals = value === "*" ? { AWS: "*" } : value;
  const lists = canonicalLists(principals, 1);
  if (!isRecord(lists) || !Array.isArray(lists.AWS)) {
    return lists;
  }
  const accounts = lists.AWS.map((principal: unknown) => {
    const account = /^arn:aws[^:]*:iam::(\d{12}):root$/.exec(String(principal));
    return account?.[1] ?? principal;
  });
  return { ...lists, AWS: accounts.sort(byText) };
}

function canonicalLists(value: unknown, depth: number): unknown {
  if (depth === 0 || !isRecord(value)) {
    return sortedList(value);
  }
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    canonicalLists(item, depth - 1),
  ]);
  return Object.fromEntries(entries.sort(byText));
}

function sortedList(value: unknown): unknown[] {
  return [value].flat().map(String).sort();
}
