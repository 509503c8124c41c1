import { Properties, whenKnown } from "../properties";

/** A value that ought to stand in a secret's store. */
export interface Leak {
  readonly name: string;
  /** Why it's taken for a secret, as a clause that doesn't quote it. */
  readonly why: string;
}

/**
 * The first field of an object of texts that holds a secret, told by its value's form or its name.
 * A value that isn't known yet hides none of the others.
 * @param allowed names of fields that hold none.
 */
export function findLeak(texts: Properties, allowed: readonly string[] = []): Leak | undefined {
  for (const name of texts.keys().filter((key) => !allowed.includes(key))) {
    const why = whenKnown(() => leakIn(name, texts.text([name])));
    if (why !== undefined) return { name, why };
  }
  return undefined;
}

const forms: readonly (readonly [string, RegExp])[] = [
  ["an AWS access key", /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/],
  ["a private key", /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/],
  ["a JSON web token", /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+/],
  ["a token of GitHub", /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{22})/],
  ["a token of Slack", /\bxox[abeoprs]-[A-Za-z0-9-]{10}/],
  ["a key of Google", /\bAIza[\w-]{35}/],
  ["a key of Stripe", /\b[rs]k_live_[A-Za-z0-9]{16}/],
  ["a URL with a password", /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]+:(?![${])[^\s/@]+@/i],
  ["a text with a password", /\b(?:password|passwd|pwd)=(?![${])[^\s&;,]+/i],
];

function leakIn(name: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const form = forms.find(([, pattern]) => pattern.test(value));
  if (form !== undefined) return `holds what looks like ${form[0]}`;
  const words = wordsOf(name);
  if (pointing.test(words) || /\bencrypted\b/.test(words) || isReference(value)) return undefined;
  return strong.test(words) || (weak.test(words) && !isSecretsName(value))
    ? "is named like a secret and holds a value"
    : undefined;
}

/** `clientSecret2` as `client secret`. */
const wordsOf = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/[^A-Za-z0-9]+|(?<=[A-Za-z])\d+/g, " ")
    .trim()
    .toLowerCase();

/** Names that speak of a secret wherever in a name they stand. */
const strong =
  /(?:password|passwd|passphrase|pwd|(?:api|access|secret|private|account|signing) ?key|client ?secret)s?(?: |$)/;
/** Names that do so at its end only: `auth token`, but not `max tokens` or `secret region`. */
const weak = /(?:secret|token|credentials?)$/;
/** Last words of the names of what only points to a secret, or tells something of it. */
const pointing =
  /(?: |^)(?:alias|arn|bucket|column|enabled|expiry|field|file|header|ids?|label|length|location|names?|param|parameter|path|policy|prefix|provider|ref|reference|region|ttl|type|ur[il]|version)$/;

/** Whether a value only says where a secret is, by an ARN, a dynamic reference or a path; or is a switch. */
const isReference = (value: string): boolean =>
  /^(?:arn:|s3:\/\/|\$\{|\{\{|true$|false$|none$|null$|$)/i.test(value) ||
  /^\/?[a-z][a-z0-9_.-]*(?:\/[a-z0-9_.-]+)+$/.test(value);

/** Whether a value reads as the name of a secret in Secrets Manager, such as `etl-orders-db`. */
const isSecretsName = (value: string): boolean => /^[a-z]+(?:[-_.][a-z0-9]+)+$/.test(value);
