/** Rules for values, as terraform-plugin-sdk's validators word them. */

type Rule<T> = (value: T) => string | undefined;

export const lengthBetween =
  (min: number, max: number): Rule<string> =>
  (value) =>
    value.length < min || value.length > max
      ? `expected a length of ${min} to ${max} characters, got ${value.length}`
      : undefined;

export const between =
  (min: number, max: number): Rule<number> =>
  (value) =>
    value < min || value > max ? `expected ${min} to ${max}, got ${value}` : undefined;

export const atLeast =
  (min: number): Rule<number> =>
  (value) =>
    value < min ? `expected at least ${min}, got ${value}` : undefined;

export const matches =
  (pattern: RegExp, rule: string): Rule<string> =>
  (value) =>
    pattern.test(value) ? undefined : `"${value}": ${rule}`;

export const all =
  <T>(...rules: Rule<T>[]): Rule<T> =>
  (value) =>
    rules.map((rule) => rule(value)).find((problem) => problem !== undefined);

export const anArn = matches(
  /^arn:[a-z0-9-]+:[a-z0-9-]+:[a-z0-9-]*:(\d{12}|aws)?:.+$/,
  "is not a valid ARN",
);

export const notEmpty = lengthBetween(1, Number.MAX_SAFE_INTEGER);
