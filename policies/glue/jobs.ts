import { z } from "zod";
import { inProduction, productionStacks } from "../production";
import { Properties } from "../properties";
import { Finding, Resource, resourceRule, Rule } from "../rule";
import { commandOf, jobArgument } from "./jobArguments";

const types = ["aws:glue/job:Job"];
const spark = ["glueetl", "gluestreaming"];

/** Rules for how Glue jobs run, but for what they cost. */
export const jobRules: readonly Rule[] = [
  resourceRule({
    name: "glue-version",
    level: "mandatory",
    severity: "medium",
    description: "A Spark job says which Glue version it runs on, and that isn't an old one",
    reason:
      "Old versions get no fixes and then end, and what AWS picks where none is set changes from year to year",
    fix: "Set `glueVersion` to the newest version that the script was tested on",
    references: ["Security Hub Glue.4"],
    url: "https://docs.aws.amazon.com/glue/latest/dg/glue-version-support-policy.html",
    config: {
      minVersion: z
        .string()
        .regex(/^\d+\.\d+$/)
        .default("5.0")
        .describe("The oldest Glue version that a job may run on"),
    },
    types,
    check: ({ properties }, { minVersion }) => {
      if (!spark.includes(commandOf(properties))) return undefined;
      const version = properties.text("glueVersion");
      if (version !== undefined && !isOlder(version, minVersion)) return undefined;
      const found = version === undefined ? "isn't set" : `is ${version}`;
      return { field: "glueVersion", found, fix: `set ${minVersion} or newer` };
    },
  }),
  resourceRule({
    name: "glue-job-retries",
    level: "advisory",
    severity: "low",
    description: "A failed job run is tried again, a few times",
    reason:
      "A spot of bad luck shouldn't cost a day's data, and a script that is wrong shouldn't be paid for ten times",
    fix: "Set `maxRetries`; without it a job isn't tried again",
    references: [],
    url: "https://docs.aws.amazon.com/glue/latest/dg/add-job.html",
    config: {
      min: z.number().int().min(0).default(1).describe("Tries after a failed one, at least"),
      max: z.number().int().min(0).max(10).default(3).describe("Tries after a failed one, at most"),
    },
    types,
    check: ({ properties }, { min, max }) => {
      const retries = properties.number("maxRetries");
      if ((retries ?? 0) >= min && (retries ?? 0) <= max) return undefined;
      const found = retries === undefined ? "isn't set" : `is ${retries}`;
      return { field: "maxRetries", found, fix: `set ${min} to ${max}` };
    },
  }),
  resourceRule({
    name: "glue-job-concurrency",
    level: "mandatory",
    severity: "high",
    description: "Runs of a job don't overlap",
    reason:
      "Two runs with one bookmark read the same data twice, and two that replace one output leave a mix of both; a job's definition doesn't tell where it writes, so every job is judged but those that config names",
    fix: "Set `executionProperty.maxConcurrentRuns` to 1, or name the job in `concurrentJobs` where each run writes somewhere else and bookmarks are off",
    references: [],
    url: "https://docs.aws.amazon.com/glue/latest/dg/monitor-continuations.html",
    config: {
      concurrentJobs: z
        .array(z.string().min(1))
        .default([])
        .describe("Names of jobs whose runs may overlap, as each writes somewhere else"),
    },
    types,
    check: concurrencyFinding,
  }),
  resourceRule({
    name: "glue-job-flex",
    level: "advisory",
    severity: "low",
    description: "A Spark job outside of production runs on spare capacity",
    reason: "Flex runs cost about a third less, and nobody waits for a test's start",
    fix: "Set `executionClass` to FLEX",
    references: [],
    url: "https://docs.aws.amazon.com/glue/latest/dg/add-job.html",
    config: productionStacks,
    types,
    check: (resource, config) => {
      const { properties } = resource;
      if (inProduction(resource, config) || !canFlex(properties)) return undefined;
      const given = properties.text("executionClass");
      if (given === "FLEX") return undefined;
      const found = given === undefined ? "isn't set" : `is ${given}`;
      return { field: "executionClass", found, fix: "set FLEX" };
    },
  }),
  resourceRule({
    name: "glue-job-logging",
    level: "mandatory",
    severity: "medium",
    description: "A Spark job writes its logs as it goes on, and metrics",
    reason: "Of a run that hangs or is killed there is else nothing to see why",
    fix: "Set the default arguments `--enable-continuous-cloudwatch-log` and `--enable-metrics` to true",
    references: ["AWS Config glue-job-logging-enabled", "prowler glue_etl_jobs_logging_enabled"],
    url: "https://docs.aws.amazon.com/glue/latest/dg/monitor-continuous-logging-enable.html",
    config: {},
    types,
    check: ({ properties }) => {
      if (!spark.includes(commandOf(properties))) return undefined;
      return (
        switchFinding(properties, "--enable-continuous-cloudwatch-log", ["true"]) ??
        // Glue goes by its presence: people leave it empty (AWS Glue guide, "Job parameters").
        switchFinding(properties, "--enable-metrics", ["true", ""])
      );
    },
  }),
];

/** Whether a version such as `4.0` is older than another; not a number is as old as can be. */
function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [minMajor = 0, minMinor = 0] = than.split(".").map(Number);
  return !(major > minMajor || (major === minMajor && minor >= minMinor));
}

function concurrencyFinding(
  { name, properties }: Resource,
  { concurrentJobs }: { concurrentJobs: string[] },
): Finding | undefined {
  const field = "executionProperty.maxConcurrentRuns";
  const runs = properties.number(field) ?? 1;
  if (runs <= 1) return undefined;
  const found = `is ${runs}`;
  const bookmark = jobArgument(properties, "--job-bookmark-option") ?? "job-bookmark-disable";
  if (bookmark !== "job-bookmark-disable") {
    return { field, found: `${found} with ${bookmark}`, fix: "set 1" };
  }
  const names = [name, properties.text("name")];
  return names.some((one) => one !== undefined && concurrentJobs.includes(one))
    ? undefined
    : { field, found, fix: "set 1" };
}

/** Flex is for Spark jobs that aren't streams, from Glue 3.0 on (AWS Glue web API, `CreateJob`). */
function canFlex(properties: Properties): boolean {
  const version = properties.text("glueVersion");
  return commandOf(properties) === "glueetl" && (version === undefined || !isOlder(version, "3.0"));
}

function switchFinding(
  properties: Properties,
  name: string,
  on: readonly string[],
): Finding | undefined {
  const value = jobArgument(properties, name);
  if (value !== undefined && on.includes(value.toLowerCase())) return undefined;
  return {
    field: `defaultArguments["${name}"]`,
    found: value === undefined ? "isn't set" : `is "${value}"`,
    fix: 'set "true"',
  };
}
