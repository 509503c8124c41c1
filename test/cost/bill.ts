import { z } from "zod";
import { awsCron } from "../../components/checks/schedule";
import { BillLine, crawls, glueJob, workerJob } from "../../local/report/cost/glueCost";
import { daysOfMonth, hoursOfMonth, prices } from "../../local/report/cost/prices";
import { Recorded } from "../components/recorder";
import { minutesOfDay } from "./workload";

/** What a day of a stack costs whose workflow runs once without failure. */
export function billOf(made: Recorded[]): BillLine[] {
  const count = (type: string) => made.filter((resource) => resource.type === type).length;
  const monthly = (what: string, things: number, price: number): BillLine => ({
    what,
    formula: `${things} × $${price} ÷ ${daysOfMonth.toFixed(1)}`,
    dollars: (things * price) / daysOfMonth,
  });
  const runs = runsOfDay(made);
  return [
    crawls(count("aws:glue/crawler:Crawler") * runs),
    job(made, runs),
    monthly("KMS keys", count("aws:kms/key:Key"), prices.keyMonth),
    monthly("alarms", count("aws:cloudwatch/metricAlarm:MetricAlarm"), prices.alarmMonth),
    monthly("dashboards", count("aws:cloudwatch/dashboard:Dashboard"), prices.dashboardMonth),
    metrics(made),
    transitions(made),
  ];
}

/** The design that this one came from, for the same day: its parts by themselves. */
export function oldBill(): Record<"crawlers" | "job" | "endpoint", BillLine> {
  const [dpus, endpointDpus] = [10, 5];
  return {
    crawlers: crawls(3),
    job: glueJob("job of 10 DPUs, the default then", 1, dpus, minutesOfDay(dpus), prices.dpuHour),
    endpoint: {
      what: "dev endpoint, idle",
      formula: `${endpointDpus} DPU × 24 h × $${prices.dpuHour}`,
      dollars: endpointDpus * 24 * prices.dpuHour,
    },
  };
}

const jobInputs = z.object({
  numberOfWorkers: z.number(),
  workerType: z.string(),
  executionClass: z.string(),
  glueVersion: z.string(),
});

function job(made: Recorded[], runs: number): BillLine {
  const found = made.find(({ type }) => type === "aws:glue/job:Job");
  const capacity = jobInputs.parse(found?.inputs);
  return workerJob(capacity, runs, minutesOfDay(capacity.numberOfWorkers));
}

/** Our own metrics: those that alarms and dashboards look at, each sent in one hour of the day. */
function metrics(made: Recorded[]): BillLine {
  const watched = made.flatMap(({ type, inputs }) =>
    type === "aws:cloudwatch/metricAlarm:MetricAlarm"
      ? [[inputs["namespace"], inputs["metricName"], inputs["dimensions"]]]
      : [],
  );
  const shown = made.flatMap(({ type, inputs }) =>
    type === "aws:cloudwatch/dashboard:Dashboard"
      ? dashboard
          .parse(JSON.parse(String(inputs["dashboardBody"])))
          .widgets.flatMap(({ properties }) => properties.metrics ?? [])
          .map(([namespace, name, dimension, value]) => [
            namespace,
            name,
            { [String(dimension)]: value },
          ])
      : [],
  );
  const own = [...watched, ...shown].filter(([namespace]) => namespace === "GlueEtl");
  const things = new Set(own.map((metric) => JSON.stringify(metric))).size;
  return {
    what: "metrics of the runs",
    formula: `${things} × 1 h × $${prices.metricMonth} ÷ ${hoursOfMonth}`,
    dollars: (things * prices.metricMonth) / hoursOfMonth,
  };
}

const dashboard = z.object({
  widgets: z.array(
    z.object({ properties: z.object({ metrics: z.array(z.array(z.unknown())).optional() }) }),
  ),
});

/** State machines that start by a schedule: each state once, as where there is nothing to do. */
function transitions(made: Recorded[]): BillLine {
  const count = made
    .filter(({ type }) => type === "aws:sfn/stateMachine:StateMachine")
    .map(({ name, inputs }) => {
      const states = Object.keys(JSON.parse(String(inputs["definition"])).States).length;
      return states * startsOfDay(made, `arn:aws:test:::${name}-id`);
    })
    .reduce((sum, each) => sum + each, 0);
  return {
    what: "state machines",
    formula: `${count} transitions × $${prices.transition * 1000} ÷ 1000`,
    dollars: count * prices.transition,
  };
}

/** Times a day that a schedule of EventBridge starts the target. */
function startsOfDay(made: Recorded[], target: string): number {
  const rules = made
    .filter(({ type, inputs }) => /eventTarget:/.test(type) && inputs["arn"] === target)
    .map(({ inputs }) => inputs["rule"]);
  return made
    .filter(({ type, name }) => /eventRule:/.test(type) && rules.includes(`${name}-id`))
    .map(({ inputs }) => timesOfDay(inputs["scheduleExpression"]))
    .reduce((sum, each) => sum + each, 0);
}

function runsOfDay(made: Recorded[]): number {
  return made
    .filter(({ type, inputs }) => /glue\/trigger:/.test(type) && inputs["enabled"] !== false)
    .map(({ inputs }) => timesOfDay(inputs["schedule"]))
    .reduce((sum, each) => sum + each, 0);
}

/** Times that a `cron(…)` of AWS fires on a common day; none where there is no schedule. */
function timesOfDay(schedule: unknown): number {
  if (typeof schedule !== "string") return 0;
  const cron = awsCron(schedule);
  const [from, to] = [Date.UTC(2026, 0, 6) - 1000, Date.UTC(2026, 0, 7)];
  let times = 0;
  for (let at = cron.nextRun(new Date(from)); at && at.getTime() < to; at = cron.nextRun(at)) {
    times++;
  }
  return times;
}
