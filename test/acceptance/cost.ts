import { BillLine, crawls, total, workerJob } from "../../local/report/cost/glueCost";
import { hoursOfMonth, prices } from "../../local/report/cost/prices";
import { items } from "./items";

/** Crawls of all checks: three of each of two runs, two and then one of the one that is resumed. */
const workflowCrawls = 3 + 3 + 2 + 1;
const questionCrawls = 2;
/** Runs of the job that do some work, and minutes that each is billed for at most. */
const jobRuns = 3;
const jobMinutes = 3;
const sessionMinutes = 5;
/** Hours for which the stack is there. */
const hours = 1;

/** What the acceptance run is likely to cost, by AWS's list prices in us-west-2. */
export function estimate(resources: Map<string, number>): BillLine[] {
  const asked = items.some(({ name }) => name === "event-crawl") ? questionCrawls : 0;
  const workers = {
    numberOfWorkers: 2,
    workerType: "G.1X",
    executionClass: "STANDARD",
    glueVersion: "5.1",
  };
  return [
    crawls(workflowCrawls + asked),
    workerJob(workers, jobRuns, jobMinutes),
    { ...workerJob(workers, 1, sessionMinutes), what: "interactive session" },
    standing("KMS key", resources.get("aws:kms/key:Key"), prices.keyMonth),
    standing("alarms", resources.get("aws:cloudwatch/metricAlarm:MetricAlarm"), prices.alarmMonth),
    standing(
      "dashboard",
      resources.get("aws:cloudwatch/dashboard:Dashboard"),
      prices.dashboardMonth,
    ),
  ];
}

function standing(what: string, things = 0, price: number): BillLine {
  return {
    what,
    formula: `${things} × ${hours} h × $${price} ÷ ${hoursOfMonth}`,
    dollars: (things * hours * price) / hoursOfMonth,
  };
}

const cents = (dollars: number): string => (dollars * 100).toFixed(dollars < 0.01 ? 1 : 0);

/** A line each, the sum last. */
export function describeCost(bill: BillLine[]): string[] {
  return [
    ...bill.map(({ what, formula, dollars }) => `${what}: ${formula} = ${cents(dollars)} cents`),
    `together about ${cents(total(bill))} cents`,
  ];
}
