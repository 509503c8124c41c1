import { z } from "zod";

/**
 * Answers as IAM does whether policies allow an action (IAM guide, "Policy evaluation logic"), for what
 * the policies here are made of: a pattern or test that isn't known is an error, not a guess.
 */

const texts = z.union([z.string().transform((text) => [text]), z.array(z.string())]);
const statement = z.strictObject({
  Sid: z.string(),
  Effect: z.enum(["Allow", "Deny"]),
  Action: texts,
  Resource: texts,
  Condition: z.record(z.string(), z.record(z.string(), texts)).default({}),
});
export type PolicyStatement = z.infer<typeof statement>;
const policy = z.strictObject({
  Version: z.literal("2012-10-17"),
  Statement: z.array(statement),
});

/** What somebody asks for. */
export interface Question {
  /** `service:Action`. */
  action: string;
  /** ARN, or `*` where an action has no resource. Its own `*` stands for all that it may be. */
  resource: string;
  /** What AWS knows of the request, by condition key. */
  context?: Record<string, string>;
}

/** @throws Error where the text is no policy of an identity. */
export function statementsOf(text: unknown): PolicyStatement[] {
  return policy.parse(JSON.parse(String(text))).Statement;
}

/** Whether the statements together allow it: one does, and none denies. */
export function allows(statements: readonly PolicyStatement[], question: Question): boolean {
  const about = statements.filter((each) => speaksOf(each, question));
  return (
    about.some(({ Effect }) => Effect === "Allow") && !about.some(({ Effect }) => Effect === "Deny")
  );
}

function speaksOf(each: PolicyStatement, { action, resource, context = {} }: Question): boolean {
  return (
    each.Action.some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
    each.Resource.some((pattern) => matches(pattern, resource)) &&
    Object.entries(each.Condition).every(([operator, tests]) =>
      Object.entries(tests).every(([key, values]) => passes(operator, values, context[key])),
    )
  );
}

/** A key that the request hasn't fails, as IAM has it for all operators without `IfExists`. */
function passes(operator: string, values: string[], actual: string | undefined): boolean {
  if (actual === undefined) return false;
  switch (operator) {
    case "StringEquals":
      return values.includes(actual);
    case "StringLike":
    case "ArnLike":
      return values.some((value) => matches(value, actual));
    default:
      throw new Error(`the condition operator ${operator} isn't known here: add it`);
  }
}

const expressions = new Map<string, RegExp>();

/** `*` is any text and `?` any character. */
export function matches(pattern: string, text: string): boolean {
  let expression = expressions.get(pattern);
  if (!expression) {
    const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, "\\$&");
    const source = escaped.replaceAll("*", ".*").replaceAll("?", ".");
    expressions.set(pattern, (expression = new RegExp(`^${source}$`, "s")));
  }
  return expression.test(text);
}
