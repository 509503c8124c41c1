import { Cron } from "croner";
import { ArgumentChecks } from "./arguments";

/**
 * Refuses a schedule that AWS would refuse or that never fires (AWS Glue guide, "Time-based
 * schedules for jobs and crawlers").
 */
export function checkSchedule(check: ArgumentChecks, field: string, schedule: string): void {
  const problem = scheduleProblem(schedule);
  if (problem !== undefined) {
    check.fail(
      field,
      `is "${schedule}": ${problem}`,
      "Write cron(minutes hours day-of-month month day-of-week year), for example cron(0 13 * * ? *)",
    );
  }
}

function scheduleProblem(schedule: string): string | undefined {
  const expression = /^cron\((.*)\)$/.exec(schedule)?.[1];
  if (expression === undefined) {
    return "it isn't cron(…)";
  }
  const fields = expression.split(" ");
  if (fields.length !== 6) {
    return `it has ${fields.length} fields, not 6`;
  }
  if ((fields[2] === "?") === (fields[4] === "?")) {
    return "exactly one of day-of-month and day-of-week must be ?";
  }
  try {
    return awsCron(schedule).nextRun() ? undefined : "it never fires";
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^CronPattern: /, "") : String(error);
  }
}

/**
 * The times of a `cron(…)` of AWS, in UTC. In its dialect 1 is Sunday, and a step may begin at a number
 * (EventBridge guide, "Cron expressions"); seconds, which it doesn't name, are 0.
 * @throws Error for a field that can't be.
 */
export function awsCron(schedule: string): Cron {
  return new Cron(schedule.replace(/^cron\((.*)\)$/, "0 $1"), {
    mode: "7-part",
    timezone: "UTC",
    alternativeWeekdays: true,
    sloppyRanges: true,
  });
}
