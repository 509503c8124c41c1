import * as fs from "node:fs";

/** A component was given an argument that can't work. The message names component, field and fix. */
export class ArgumentError extends Error {
  constructor(component: string, field: string, problem: string, fix: string) {
    super(`${component}: \`${field}\` ${problem}. ${fix}.`);
    this.name = "ArgumentError";
  }
}

/** Checks the arguments of one component instance; every check throws an {@link ArgumentError}. */
export class ArgumentChecks {
  /** @param component how messages name the instance, for example `CrawledSource "segmentlogs-IOS"`. */
  constructor(private readonly component: string) {}

  fail(field: string, problem: string, fix: string): never {
    throw new ArgumentError(this.component, field, problem, fix);
  }

  /** `value` is one of `allowed`. */
  oneOf(field: string, value: string, allowed: readonly string[]): void {
    if (!allowed.includes(value)) {
      this.fail(field, `is "${value}"`, `Set one of ${allowed.join(", ")}`);
    }
  }

  /** `key` is a key of `values`. @returns its value. */
  keyOf<T>(field: string, key: string, values: Record<string, T>): T {
    const value = Object.hasOwn(values, key) ? values[key] : undefined;
    return value ?? this.fail(field, `is "${key}"`, `Set one of ${Object.keys(values).join(", ")}`);
  }

  /** `value` is a whole number from `min` to `max`. */
  wholeNumber(field: string, value: number, min: number, max: number): void {
    if (!Number.isInteger(value) || value < min || value > max) {
      this.fail(field, `is ${value}`, `Set a whole number from ${min} to ${max}`);
    }
  }

  /** `value` is a number above 0, and at most `max`. */
  positive(field: string, value: number, max = Number.MAX_VALUE): void {
    if (!(value > 0 && value <= max)) {
      const limit = max === Number.MAX_VALUE ? "" : `, at most ${max}`;
      this.fail(field, `is ${value}`, `Set a number above 0${limit}`);
    }
  }

  /** An S3 prefix is folders that each end with a slash: `segment-logs/ios/`. */
  prefix(field: string, value: string): void {
    if (!/^([^/]+\/)+$/.test(value)) {
      this.fail(
        field,
        `is "${value}"`,
        `End it with a slash and start it without one: "${value.split("/").filter(Boolean).join("/")}/"`,
      );
    }
  }

  /** `value` is a name that Glue takes: one line of 1 to 255 bytes (AWS Glue API, "Trigger"). */
  glueName(field: string, value: string): void {
    const bytes = Buffer.byteLength(value);
    if (bytes < 1 || bytes > 255) {
      this.fail(field, `has ${bytes} bytes: "${value}"`, "Set a name of 1 to 255 bytes");
    }
    if (/[\r\n]/.test(value)) {
      this.fail(field, `has a line break: "${value}"`, "Set a name of one line");
    }
  }

  /** The list has at least one entry and no entry twice. */
  distinct(field: string, values: readonly string[]): void {
    if (values.length === 0) {
      this.fail(field, "is empty", "Name at least one");
    }
    const repeated = values.find((value, index) => values.indexOf(value) !== index);
    if (repeated !== undefined) {
      this.fail(field, `has "${repeated}" twice`, "Name each once");
    }
  }

  /** At least one crawler or job is named. */
  crawlersOrJobs(args: { crawlerNames: readonly unknown[]; jobNames: readonly unknown[] }): void {
    if (args.crawlerNames.length + args.jobNames.length === 0) {
      this.fail("crawlerNames", "is empty, as is `jobNames`", "Name at least one crawler or job");
    }
  }

  /** Database names that Athena and Spark take without quotes. */
  databaseName(field: string, value: string): void {
    if (!/^[a-z0-9_]+$/.test(value)) {
      this.fail(field, `is "${value}"`, "Use small letters, digits and `_` only");
    }
  }

  /** The path exists. */
  file(field: string, path: string): void {
    if (!fs.existsSync(path)) {
      this.fail(field, `is "${path}", which isn't there`, "Name a file or folder of the project");
    }
  }

  /** `value` is a zone of the tz database. */
  timeZone(field: string, value: string): void {
    try {
      new Intl.DateTimeFormat("en", { timeZone: value });
    } catch {
      this.fail(field, `is "${value}"`, "Set an IANA zone, for example America/Los_Angeles");
    }
  }
}
