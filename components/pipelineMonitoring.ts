import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { alarm, AlarmTarget } from "./monitoring/alarms";
import { ArgumentChecks } from "./checks/arguments";
import { deadlineCheck } from "./reactions/deadlineCheck";
import { eventRule } from "./events/eventRule";
import { jobAlarms, JobThresholds } from "./monitoring/jobAlarms";
import { dashboardBody } from "./monitoring/monitoringDashboard";
import { checkSubscriptions, SlackChannel, subscribe } from "./monitoring/noticeSubscriptions";
import { noticeTopic } from "./monitoring/noticeTopic";
import { Arns, arns } from "./access/policyDocuments";
import { checkSchedule } from "./checks/schedule";

/** Arguments of {@link PipelineMonitoring}. */
export interface PipelineMonitoringArgs {
  /** Names of the crawlers that are watched. Together with `jobNames`, at least one. */
  crawlerNames: pulumi.Input<string>[];
  /** Names of the jobs that are watched. Each must be a `PartitionedEtlJob`, which puts the metrics. */
  jobNames: pulumi.Input<string>[];
  /** Names of queues in which nothing should be: `unreadQueueName` of sources. Default: none. */
  unreadQueueNames?: pulumi.Input<string>[];
  /** Name of the workflow that must succeed each day. Default: no deadline is watched. */
  workflowName?: pulumi.Input<string>;
  /**
   * When a run of the workflow must have succeeded within the last 24 hours, UTC, in AWS's cron
   * dialect. Default: `cron(0 16 * * ? *)`, daily at 16:00.
   */
  deadline?: string;
  /** Whether the deadline is watched; not where the workflow has no schedule. Default: true. */
  deadlineEnabled?: boolean;
  /** Minutes that a run of a job may take before an alarm, above 0; less than the time after which the
   * job is stopped. Default: 30. */
  maxRunMinutes?: number;
  /** Rows that a job must write in a day, 0 (no alarm) or more. Default: 1. */
  minRows?: number;
  /** Share of a run's records that may be quarantined before an alarm, above 0 and at most 1. Default: 0.05. */
  maxQuarantinedShare?: number;
  /**
   * KMS key of the notices and logs; its policy must let `events.amazonaws.com`,
   * `cloudwatch.amazonaws.com` and CloudWatch Logs use it.
   */
  kmsKeyArn: pulumi.Input<string>;
  /** E-mail addresses that get the notices, once each has confirmed. Default: none. */
  notificationEmails?: string[];
  /**
   * ARNs of SQS queues that get the notices. The policy of each must let `sns.amazonaws.com` send, on
   * condition that `aws:SourceArn` is the topic. Default: none.
   */
  queueArns?: pulumi.Input<string>[];
  /** Slack channel that gets the notices. Default: none. */
  slack?: SlackChannel;
  /** Days that logs are kept. Default: 30. */
  logRetentionDays?: pulumi.Input<number>;
  /** ARN of the policy that bounds the roles. Default: none. */
  permissionsBoundaryArn?: pulumi.Input<string>;
  /** Tags of every resource that takes tags. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** The states that are told (AWS Glue guide, "Automating AWS Glue with EventBridge"). */
const jobFailures = ["FAILED", "TIMEOUT", "STOPPED"];
const crawlerFailures = ["Failed"];

/**
 * Tells of what goes wrong in a pipeline, and shows how it goes. An encrypted topic gets the failures
 * of exactly these crawlers and jobs, and alarms: on failures, run time, rows, quarantined records, and
 * a day without a success, which needs no event to be noticed. A dashboard shows the same.
 *
 * ```ts
 * new PipelineMonitoring("mobile-user", {
 *   crawlerNames: [ios.crawlerName],
 *   jobNames: [job.jobName],
 *   workflowName: workflow.workflowName,
 *   kmsKeyArn: lake.kmsKeyArn,
 *   notificationEmails: ["data@example.com"],
 * });
 * ```
 */
export class PipelineMonitoring extends pulumi.ComponentResource {
  /** ARN of the topic of the notices, for subscriptions of other kinds. */
  public readonly topicArn: pulumi.Output<string>;
  /** Name of the dashboard. */
  public readonly dashboardName: pulumi.Output<string>;

  constructor(name: string, args: PipelineMonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("glue-etl:index:PipelineMonitoring", name, {}, opts);
    const settings = normalize(name, args);
    const to = arns({ parent: this });
    const topic = noticeTopic(name, args, to, this);
    subscribe(name, args, topic);
    const target = { topicArn: topic.arn, tags: args.tags };
    const failures = [
      ...watchFailures(`${name}-crawlers`, "crawlerName", args.crawlerNames, target, this),
      ...watchFailures(`${name}-jobs`, "jobName", args.jobNames, target, this),
    ];
    const unread = (args.unreadQueueNames ?? []).map((queueName, index) =>
      watchUnread(`${name}-unread-${index + 1}`, queueName, target, this),
    );
    const perJob = jobAlarms(name, args.jobNames, settings, target, this);
    const missed = this.watchDeadline(name, args, settings.deadline, to, topic);
    const dashboard = new aws.cloudwatch.Dashboard(
      name,
      {
        dashboardName: `${name}-${pulumi.getStack()}`,
        dashboardBody: dashboardBody(to, {
          jobNames: args.jobNames,
          workflowName: args.workflowName,
          failureRules: failures.map(({ rule }) => rule.name),
          alarms: [...missed, ...failures.map(({ failed }) => failed), ...unread, ...perJob],
        }),
      },
      { parent: this },
    );
    this.topicArn = topic.arn;
    this.dashboardName = dashboard.dashboardName;
    this.registerOutputs({ topicArn: this.topicArn, dashboardName: this.dashboardName });
  }

  private watchDeadline(
    name: string,
    args: PipelineMonitoringArgs,
    deadline: string,
    to: Arns,
    topic: aws.sns.Topic,
  ): aws.cloudwatch.MetricAlarm[] {
    const { workflowName, deadlineEnabled } = args;
    if (workflowName === undefined) {
      return [];
    }
    const check = {
      ...args,
      topicArn: topic.arn,
      workflowName,
      deadline,
      enabled: deadlineEnabled,
    };
    return [deadlineCheck(`${name}-deadline`, check, to, this)];
  }
}

/** Sends the failures of one kind to the topic, and counts them for an alarm. */
function watchFailures(
  name: string,
  field: "crawlerName" | "jobName",
  names: pulumi.Input<string>[],
  target: AlarmTarget,
  parent: pulumi.Resource,
) {
  if (names.length === 0) {
    return [];
  }
  const kind = field === "jobName" ? "Job" : "Crawler";
  const rule = eventRule(
    name,
    {
      description: `Glue ${kind} State Change: failures`,
      pattern: {
        source: ["aws.glue"],
        "detail-type": [`Glue ${kind} State Change`],
        detail: { [field]: names, state: kind === "Job" ? jobFailures : crawlerFailures },
      },
      targetArn: target.topicArn,
    },
    target,
    parent,
  );
  // Glue has no metric of failed runs; the rule's own counts exactly those that are told.
  const failed = alarm(
    `${name}-failed`,
    {
      description: `A ${kind.toLowerCase()} has failed in the last day. The notice of it names the run; read its log.`,
      namespace: "AWS/Events",
      metricName: "TriggeredRules",
      dimensions: { RuleName: rule.name },
      statistic: "Sum",
      period: 86_400,
      comparison: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      missingData: "notBreaching",
    },
    target,
    rule,
  );
  return [{ rule, failed }];
}

/** Raises an alarm while a queue has messages. */
function watchUnread(
  name: string,
  queueName: pulumi.Input<string>,
  target: AlarmTarget,
  parent: pulumi.Resource,
): aws.cloudwatch.MetricAlarm {
  return alarm(
    name,
    {
      description:
        "A crawler wasn't told of objects, or can't read what it was told. The messages of the queue name them; keys with `%` or `+` need another recrawl behavior. Purge the queue once they are crawled.",
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: queueName },
      statistic: "Maximum",
      period: 300,
      comparison: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      missingData: "notBreaching",
    },
    target,
    parent,
  );
}

function normalize(
  name: string,
  args: PipelineMonitoringArgs,
): JobThresholds & { deadline: string } {
  const check = new ArgumentChecks(`PipelineMonitoring "${name}"`);
  const settings = {
    deadline: args.deadline ?? "cron(0 16 * * ? *)",
    maxRunMinutes: args.maxRunMinutes ?? 30,
    minRows: args.minRows ?? 1,
    maxQuarantinedShare: args.maxQuarantinedShare ?? 0.05,
  };
  check.crawlersOrJobs(args);
  if (args.deadline !== undefined && args.workflowName === undefined) {
    check.fail(
      "deadline",
      "is set without `workflowName`",
      "Name the workflow that has to meet it",
    );
  }
  checkSchedule(check, "deadline", settings.deadline);
  check.positive("maxRunMinutes", settings.maxRunMinutes);
  check.wholeNumber("minRows", settings.minRows, 0, Number.MAX_SAFE_INTEGER);
  check.positive("maxQuarantinedShare", settings.maxQuarantinedShare, 1);
  checkSubscriptions(check, args);
  return settings;
}
