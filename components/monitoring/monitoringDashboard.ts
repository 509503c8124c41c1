import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { metricNamespace } from "./jobMetrics";
import { Arns } from "../access/policyDocuments";

/** What a dashboard shows. */
export interface DashboardContent {
  jobNames: pulumi.Input<string>[];
  workflowName: pulumi.Input<string> | undefined;
  /** Names of the rules whose count of events is the count of failures. */
  failureRules: pulumi.Input<string>[];
  alarms: aws.cloudwatch.MetricAlarm[];
}

/** Columns of a dashboard, of 24 in all, and rows that a widget takes. */
const width = 8;
const height = 6;

/** The body of a dashboard (CloudWatch API reference, "Dashboard body structure and syntax"). */
export function dashboardBody(to: Arns, content: DashboardContent): pulumi.Output<string> {
  const { jobNames, workflowName, failureRules } = content;
  const perJob = (metrics: string[], stat: string) =>
    jobNames.flatMap((jobName) =>
      metrics.map((metric) => [metricNamespace, metric, "JobName", jobName, { stat }]),
    );
  const charts: [title: string, metrics: unknown[][]][] = [
    ["Runs that have published", perJob(["RunSeconds"], "SampleCount")],
    ["Seconds of a run", perJob(["RunSeconds"], "Maximum")],
    ["Records and rows", perJob(["RecordsRead", "RowsWritten", "Duplicates"], "Sum")],
    ["Share of quarantined records", perJob(["QuarantinedShare"], "Maximum")],
    ["Age of the newest event, hours", perJob(["NewestEventAgeHours"], "Minimum")],
    [
      "Failures of crawlers and jobs",
      failureRules.map((rule) => [
        "AWS/Events",
        "TriggeredRules",
        "RuleName",
        rule,
        { stat: "Sum" },
      ]),
    ],
    [
      "Days without a success",
      workflowName === undefined
        ? []
        : [[metricNamespace, "MissedDays", "WorkflowName", workflowName, { stat: "Maximum" }]],
    ],
  ];
  const widgets = charts
    .filter(([, metrics]) => metrics.length > 0)
    .map(([title, metrics], index) => ({
      type: "metric",
      x: (index % 3) * width,
      y: height / 2 + Math.floor(index / 3) * height,
      width,
      height,
      properties: { title, metrics, region: to.region, view: "timeSeries", period: 3600 },
    }));
  const alarms = {
    type: "alarm",
    x: 0,
    y: 0,
    width: 3 * width,
    height: height / 2,
    properties: { title: "Alarms", alarms: content.alarms.map(({ arn }) => arn) },
  };
  return pulumi.jsonStringify({ widgets: [alarms, ...widgets] });
}
