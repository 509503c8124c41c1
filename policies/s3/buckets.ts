import { Properties, whenKnown } from "../properties";
import { StackFinding } from "../rule";
import { References, Stack, StackResource } from "../stack";

export const bucketTypes = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"];

/** A setting of buckets: a resource that points to its bucket, or properties of the bucket itself. */
export interface Setting {
  /** Types of the resources that make it, of current and older versions of the provider. */
  readonly types: readonly string[];
  /** Properties of a bucket that hold it. */
  readonly inline: readonly string[];
  /** What a bucket without it is told. */
  readonly missing: string;
  /** The value to set, as an order. */
  readonly fix: string;
}

/** What is wrong with a setting, as a clause, by the properties of what holds it. */
export type Problem = (holder: Properties, type: string) => string | undefined;

/**
 * A finding for each bucket that the stack makes and that no setting makes right. Whatever isn't
 * known yet counts as right.
 */
export function settingFindings(stack: Stack, setting: Setting, problem: Problem): StackFinding[] {
  const buckets = stack.made(...bucketTypes);
  const references = referencesTo(buckets, stack.all(...setting.types), "bucket");
  if (references.incomplete) return [];
  return buckets.flatMap((bucket) => {
    const inline = setting.inline.some((property) => isGiven(bucket, property)) ? [bucket] : [];
    const holders = [...references.to(bucket), ...inline];
    const problems = holders.map((holder) => problemOf(holder, problem));
    if (problems.includes(undefined)) return [];
    const found = problems[0] ?? setting.missing;
    return [{ resource: bucket, field: "", found, fix: setting.fix }];
  });
}

/** Which of `sources` point to which bucket. */
export function referencesTo(
  buckets: readonly StackResource[],
  sources: readonly StackResource[],
  property: string,
): References {
  return new References(sources, property, buckets, ["id", "bucket"]);
}

/** Whether the program gives a bucket a property; what the provider reads back doesn't count. */
export function isGiven({ inputs }: StackResource, property: string): boolean {
  if (!inputs.isKnown(property)) return true;
  return Boolean(inputs.text(property)) || inputs.keys(property).length > 0;
}

function problemOf(holder: StackResource, problem: Problem): string | undefined {
  const inline = bucketTypes.includes(holder.type);
  const properties = inline ? holder.inputs : holder.properties;
  const found = whenKnown(() => problem(properties, holder.type));
  if (found === undefined || inline) return found;
  return `${found} (see \`${holder.name}\`)`;
}
