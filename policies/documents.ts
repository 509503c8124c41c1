import { jsonProperties } from "./json";
import { Properties } from "./properties";

/** One statement of an IAM-style policy document; lists are empty where it has no such element. */
export interface Statement {
  /** `Allow` or `Deny`. */
  readonly effect: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly notResources: readonly string[];
  /** ARNs, accounts, services or `*`, whatever kind of principal they stand under. */
  readonly principals: readonly string[];
  readonly notPrincipals: readonly string[];
  readonly conditions: readonly Condition[];
}

/** One key of a statement's conditions. */
export interface Condition {
  /** Operator in small letters, as IAM doesn't mind: `stringequals`, `foranyvalue:stringlike`. */
  readonly operator: string;
  /** Condition key in small letters, as IAM doesn't mind: `aws:securetransport`. */
  readonly key: string;
  readonly values: readonly string[];
}

/** The statements of a document; none where it isn't JSON. */
export function statementsOf(text: string): Statement[] {
  return entries(jsonProperties(text), "Statement").map(statement);
}

/**
 * The statements of the document that a property holds, as JSON text or, as the SDK's
 * `PolicyDocument`, as an object.
 */
export function statementsAt(properties: Properties, path: string): Statement[] {
  const text = properties.text(path);
  return text === undefined
    ? entries(properties, `${path}.Statement`).map(statement)
    : statementsOf(text);
}

function statement(element: Properties): Statement {
  return {
    effect: element.text("Effect") ?? "",
    actions: texts(element, ["Action"]),
    notActions: texts(element, ["NotAction"]),
    resources: texts(element, ["Resource"]),
    notResources: texts(element, ["NotResource"]),
    principals: principals(element, "Principal"),
    notPrincipals: principals(element, "NotPrincipal"),
    conditions: conditions(element.object("Condition")),
  };
}

/** A principal is `*`, or stands under its kind: `AWS`, `Service`, `Federated`, `CanonicalUser`. */
function principals(element: Properties, name: string): string[] {
  const everyone = element.text(name);
  if (everyone !== undefined) return [everyone];
  return element.keys(name).flatMap((kind) => texts(element, [name, kind]));
}

function conditions(block: Properties): Condition[] {
  return block.keys().flatMap((operator) =>
    block.keys([operator]).map((key) => ({
      operator: operator.toLowerCase(),
      key: key.toLowerCase(),
      values: texts(block, [operator, key]),
    })),
  );
}

/** The entries of a list, or the one value that stands in place of a list. */
function entries(element: Properties, path: string | readonly string[]): Properties[] {
  const list = element.list(path);
  return list.length > 0 || element.keys(path).length === 0 ? list : [element.object(path)];
}

/** The texts of a list, or the one in place of a list; flags and numbers as JSON writes them. */
function texts(element: Properties, path: readonly string[]): string[] {
  const list = element.list(path);
  const values = list.length > 0 ? list : [element.object(path)];
  return values.flatMap((value) => {
    const plain = value.text("") ?? value.flag("") ?? value.number("");
    return plain === undefined ? [] : [String(plain)];
  });
}
