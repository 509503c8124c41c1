import { z } from "zod";
import { Properties } from "../properties";
import { Finding, Resource, resourceRule, Rule } from "../rule";
import { commandOf } from "./jobArguments";

const job = "aws:glue/job:Job";
const trigger = "aws:glue/trigger:Trigger";

/** Rules for what a run of a Glue job can cost at most: time, and capacity. */
export const jobCostRules: readonly Rule[] = [
  resourceRule({
    name: "glue-job-timeout",
    level: "mandatory",
    severity: "high",
    description: "A job run that hangs is stopped soon, whether job or trigger says so",
    reason:
      "A run that hangs bills until its timeout, which AWS sets to 8 hours, and to 48 hours before Glue 5.0",
    fix: "Set `timeout` to a little more than the longest run takes; streaming and Ray jobs need none",
    references: [],
    url: "https://docs.aws.amazon.com/glue/latest/dg/add-job.html",
    config: {
      maxMinutes: z.number().int().min(1).default(120).describe("Minutes at most"),
    },
    types: [job, trigger],
    check: ({ type, properties }, { maxMinutes }) =>
      type === trigger
        ? actionTimeoutFinding(properties, maxMinutes)
        : jobTimeoutFinding(properties, maxMinutes),
  }),
  resourceRule({
    name: "glue-job-capacity",
    level: "mandatory",
    severity: "high",
    description: "A job takes workers of an allowed type, and no more of them than allowed",
    reason:
      "Each worker is billed by the second: a few digits more in a number can cost a month's budget in a night",
    fix: "Set `workerType` and `numberOfWorkers` to what the job needs; with auto scaling that's the most it takes",
    references: [],
    url: "https://docs.aws.amazon.com/glue/latest/dg/worker-types.html",
    config: {
      maxDpus: z
        .number()
        .positive()
        .default(20)
        .describe("DPUs at most: number of workers × DPUs of their type; M-DPUs count as DPUs"),
      workerTypes: z
        .array(z.string().min(1))
        .default(["G.025X", "G.1X", "G.2X", "G.4X", "R.1X", "R.2X", "R.4X", "Z.2X"])
        .describe("Worker types that a job may take"),
    },
    types: [job],
    check: capacityFinding,
  }),
];

/** A stream runs until it's stopped; Ray jobs take no timeout (`aws.glue.Job`). */
function jobTimeoutFinding(properties: Properties, max: number): Finding | undefined {
  if (["gluestreaming", "glueray"].includes(commandOf(properties))) return undefined;
  const timeout = properties.number("timeout");
  if (timeout !== undefined && timeout > 0 && timeout <= max) return undefined;
  return {
    field: "timeout",
    found: timeout === undefined ? "isn't set" : `is ${timeout}`,
    fix: `set ${max} or less, in minutes`,
  };
}

/** A trigger's timeout goes before that of the job. */
function actionTimeoutFinding(properties: Properties, max: number): Finding | undefined {
  const timeouts = properties.list("actions").map((action) => action.number("timeout"));
  const index = timeouts.findIndex((timeout) => timeout !== undefined && timeout > max);
  if (index < 0) return undefined;
  return {
    field: `actions[${index}].timeout`,
    found: `is ${timeouts[index]}, which goes before the job's`,
    fix: `set ${max} or less, in minutes, or leave it out`,
  };
}

function capacityFinding(
  { properties }: Resource,
  { maxDpus, workerTypes }: { maxDpus: number; workerTypes: string[] },
): Finding | undefined {
  const capacity = properties.number("maxCapacity");
  if (capacity !== undefined && capacity > maxDpus) {
    return { field: "maxCapacity", found: `is ${capacity}`, fix: `set ${maxDpus} or less` };
  }
  if (capacity !== undefined || commandOf(properties) === "pythonshell") return undefined;
  const given = properties.text("workerType");
  if (given !== undefined && !workerTypes.includes(given)) {
    return { field: "workerType", found: `is ${given}`, fix: `set ${anyOf(workerTypes)}` };
  }
  const workerType = given ?? "G.1X";
  const dpus = dpusOf(workerType);
  const workers = properties.number("numberOfWorkers");
  const total = (workers ?? defaultWorkers) * dpus;
  if (total <= maxDpus) return undefined;
  const count = workers === undefined ? "isn't set" : `is ${workers}`;
  return {
    field: "numberOfWorkers",
    found: `${count}, which makes ${total} DPUs of ${workerType}`,
    fix: `set ${Math.floor(maxDpus / dpus)} or less`,
  };
}

/** What a Spark job takes that says nothing: 10 DPUs (AWS Glue web API, `CreateJob`). */
const defaultWorkers = 10;

/**
 * DPUs of a worker, which its type is named by: 4 for `G.4X`, a quarter for `G.025X` (AWS Glue guide,
 * "AWS Glue worker types"). The one type that isn't, `Standard`, is 1.
 */
function dpusOf(workerType: string): number {
  const size = /^[A-Z]\.(\d+)X$/.exec(workerType)?.[1] ?? "1";
  return Number(size.replace(/^0/, "0."));
}

const anyOf = (names: readonly string[]): string =>
  names.length === 1 ? names.join("") : `one of ${names.join(", ")}`;
