import type { Described } from "../pack/packHost";
import { tags } from "./tags";

const after = (type: "job" | "crawler", name: string) => ({
  logical: "AND",
  conditions: [
    {
      logicalOperator: "EQUALS",
      ...(type === "job"
        ? { jobName: name, state: "SUCCEEDED" }
        : { crawlerName: name, crawlState: "SUCCEEDED" }),
    },
  ],
});

const notice = (name: string, detailType: string, detail: object): Described[] => [
  {
    type: "aws:cloudwatch/eventRule:EventRule",
    name,
    props: {
      name,
      eventPattern: JSON.stringify({
        source: ["aws.glue"],
        "detail-type": [detailType],
        detail,
      }),
      state: "ENABLED",
      tags,
    },
  },
  {
    type: "aws:cloudwatch/eventTarget:EventTarget",
    name,
    props: { rule: name, arn: "arn:aws:sns:us-west-2:123456789012:failures" },
    dependencies: { rule: [name] },
  },
];

/** A workflow: a crawler, then a job, then a crawler, with notices of their failures. */
export const glueWorkflow: readonly Described[] = [
  {
    type: "aws:glue/workflow:Workflow",
    name: "workflow",
    props: { name: "daily", maxConcurrentRuns: 1, tags },
  },
  {
    type: "aws:glue/trigger:Trigger",
    name: "start",
    props: {
      name: "start",
      type: "SCHEDULED",
      schedule: "cron(0 13 * * ? *)",
      workflowName: "daily",
      actions: [{ crawlerName: "raw" }],
      enabled: true,
      startOnCreation: true,
      tags,
    },
    dependencies: { workflowName: ["workflow"], actions: ["raw"] },
  },
  {
    type: "aws:glue/trigger:Trigger",
    name: "etl",
    props: {
      name: "etl",
      type: "CONDITIONAL",
      workflowName: "daily",
      predicate: after("crawler", "raw"),
      actions: [{ jobName: "job" }],
      enabled: true,
      tags,
    },
    dependencies: { workflowName: ["workflow"], actions: ["job"], predicate: ["raw"] },
  },
  {
    type: "aws:glue/trigger:Trigger",
    name: "publish",
    props: {
      name: "publish",
      type: "CONDITIONAL",
      workflowName: "daily",
      predicate: after("job", "job"),
      actions: [{ crawlerName: "curated" }],
      enabled: true,
      tags,
    },
    dependencies: { workflowName: ["workflow"], actions: ["curated"], predicate: ["job"] },
  },
  ...notice("failed-jobs", "Glue Job State Change", {
    jobName: ["job"],
    state: ["FAILED", "TIMEOUT", "STOPPED"],
  }),
  ...notice("failed-crawls", "Glue Crawler State Change", {
    crawlerName: ["raw", "curated"],
    state: ["Failed"],
  }),
];
