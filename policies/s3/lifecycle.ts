import { Properties } from "../properties";

/** A lifecycle rule, whatever version of the provider it is written for. */
interface LifecycleRule {
  readonly enabled: boolean;
  /** Whether it is about all objects. */
  readonly everywhere: boolean;
  readonly abortsUploads: boolean;
  /** Whether it deletes or moves objects, or old versions of them. */
  readonly tidies: boolean;
}

/** What is wrong with the lifecycle rules of a configuration, or of a bucket of an older type. */
export function lifecycleProblem(holder: Properties): string | undefined {
  const rules = [
    ...holder.list("rules").map(configuredRule),
    ...holder.list("lifecycleRules").map(inlineRule),
  ].filter(({ enabled }) => enabled);
  if (!rules.some(({ abortsUploads, everywhere }) => abortsUploads && everywhere)) {
    return "has no lifecycle rule that aborts unfinished uploads of all objects";
  }
  if (!rules.some(({ tidies }) => tidies)) {
    return "has no lifecycle rule that deletes or moves anything";
  }
  return undefined;
}

function configuredRule(rule: Properties): LifecycleRule {
  const filter = rule.object("filter");
  const narrowed =
    Boolean(rule.text("prefix")) ||
    Boolean(filter.text("prefix")) ||
    filter.keys("tag").length > 0 ||
    filter.keys("and").length > 0 ||
    isSet(filter.number("objectSizeGreaterThan")) ||
    isSet(filter.number("objectSizeLessThan"));
  return {
    enabled: rule.text("status") === "Enabled",
    everywhere: !narrowed,
    abortsUploads: isSet(rule.number("abortIncompleteMultipartUpload.daysAfterInitiation")),
    tidies:
      expires(rule.object("expiration")) ||
      isSet(rule.number("noncurrentVersionExpiration.noncurrentDays")) ||
      rule.list("transitions").length > 0 ||
      rule.list("noncurrentVersionTransitions").length > 0,
  };
}

function inlineRule(rule: Properties): LifecycleRule {
  const old = [
    rule.object("noncurrentVersionExpiration"),
    ...rule.list("noncurrentVersionExpirations"),
  ];
  return {
    enabled: rule.flag("enabled") ?? false,
    everywhere: !rule.text("prefix") && rule.keys("tags").length === 0,
    abortsUploads: isSet(rule.number("abortIncompleteMultipartUploadDays")),
    tidies:
      [rule.object("expiration"), ...rule.list("expirations")].some(expires) ||
      old.some((one) => isSet(one.number("days"))) ||
      rule.list("transitions").length > 0 ||
      rule.list("noncurrentVersionTransitions").length > 0,
  };
}

const expires = (expiration: Properties): boolean =>
  isSet(expiration.number("days")) || Boolean(expiration.text("date"));

/** The provider reads 0 for what isn't set. */
const isSet = (value: number | undefined): boolean => (value ?? 0) > 0;
