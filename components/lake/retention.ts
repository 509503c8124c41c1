import { ArgumentChecks } from "../checks/arguments";
import { ObjectLifecycle } from "../privateBucket";
import { quarantinePrefix } from "../glue/quarantineTable";

/** How long objects of a bucket of a `DataLake` are kept, and when they move to cheaper storage. */
export interface LakeRetention {
  /** Which of the lake's buckets: `raw`, `curated`, `results` or `logs`. */
  bucket: string;
  /**
   * Folder of the objects, with a final slash, for example `segment-logs/`. Default: the whole bucket.
   * Needed for `curated`, and the folder of a dataset there: what the job keeps of its work, in folders
   * that begin with `_`, must stay.
   */
  prefix?: string;
  /**
   * Days after which an object expires, counted from when it was written; 1 to 36500. Where rules
   * overlap, the shortest time counts. Default: what `temporaryDays` says for `results`, `logs` and
   * `quarantine/` of `curated`, and for ever for all else.
   */
  days?: number;
  /**
   * Days after which an object moves to `storageClass`; 30 to 36500, and fewer than `days`.
   * Default: never.
   */
  transitionDays?: number;
  /**
   * Storage class to move to: `STANDARD_IA`, `INTELLIGENT_TIERING` or `GLACIER_IR`. The others must be
   * restored before they can be read, so crawlers, jobs and queries would fail. Default:
   * `STANDARD_IA`.
   */
  storageClass?: string;
}

const buckets = ["raw", "curated", "results", "logs"];
const storageClasses = ["STANDARD_IA", "INTELLIGENT_TIERING", "GLACIER_IR"];
const mostDays = 36_500;

/** The lifecycle of each bucket of a lake: what is temporary, and what `retention` says of it and all else. */
export function lakeLifecycles(
  check: ArgumentChecks,
  retention: LakeRetention[],
  { temporaryDays, rawIsAdopted }: { temporaryDays: number; rawIsAdopted: boolean },
): Record<string, ObjectLifecycle[]> {
  if (retention.length > 0) {
    check.distinct("retention", retention.map(placeOf));
  }
  retention.forEach((rule, index) => {
    checkRule(check, `retention[${index}]`, rule, rawIsAdopted);
  });
  const places = new Map<string, LakeRetention>();
  for (const rule of [
    { bucket: "curated", prefix: quarantinePrefix },
    { bucket: "results" },
    { bucket: "logs" },
  ]) {
    places.set(placeOf(rule), { ...rule, days: temporaryDays });
  }
  for (const rule of retention) {
    const known = places.get(placeOf(rule));
    places.set(placeOf(rule), { ...rule, days: rule.days ?? known?.days });
  }
  const lifecycles: Record<string, ObjectLifecycle[]> = {};
  for (const { bucket, prefix, days, transitionDays, storageClass } of places.values()) {
    (lifecycles[bucket] ??= []).push({ prefix, expireDays: days, transitionDays, storageClass });
  }
  return lifecycles;
}

const placeOf = ({ bucket, prefix = "" }: LakeRetention) => `${bucket}/${prefix}`;

function checkRule(
  check: ArgumentChecks,
  field: string,
  { bucket, prefix, days, transitionDays, storageClass }: LakeRetention,
  rawIsAdopted: boolean,
): void {
  check.oneOf(`${field}.bucket`, bucket, buckets);
  if (bucket === "raw" && rawIsAdopted) {
    check.fail(
      `${field}.bucket`,
      'is "raw", which is a bucket that exists (`rawBucketName`)',
      "Leave the entry out: such a bucket keeps its own lifecycle",
    );
  }
  if (prefix !== undefined) {
    check.prefix(`${field}.prefix`, prefix);
  }
  if (bucket === "curated" && (prefix === undefined || prefix.startsWith("_"))) {
    check.fail(
      `${field}.prefix`,
      prefix === undefined ? "isn't set" : `is "${prefix}"`,
      "Name the folder of a dataset: the job needs what it keeps in folders that begin with `_`",
    );
  }
  if (days === undefined && transitionDays === undefined) {
    check.fail(field, "says nothing", "Set `days`, `transitionDays` or both");
  }
  if (days !== undefined) {
    check.wholeNumber(`${field}.days`, days, 1, mostDays);
  }
  if (transitionDays !== undefined) {
    check.wholeNumber(`${field}.transitionDays`, transitionDays, 30, (days ?? mostDays + 1) - 1);
  }
  if (storageClass !== undefined) {
    check.oneOf(`${field}.storageClass`, storageClass, storageClasses);
    if (transitionDays === undefined) {
      check.fail(`${field}.storageClass`, "is set alone", "Set `transitionDays`, too");
    }
  }
}
