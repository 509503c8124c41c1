import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentChecks } from "./arguments";
import { policyDocument } from "./policyDocuments";

/** Arguments of {@link PipelineMonitoring}. */
export interface PipelineMonitoringArgs {
  /** Names of the crawlers whose failures are told. Together with `jobNames`, at least one. */
  crawlerNames: pulumi.Input<string>[];
  /** Names of the jobs whose failures are told. */
  jobNames: pulumi.Input<string>[];
  /** KMS key of the notices; its policy must let `events.amazonaws.com` use it. */
  kmsKeyArn: pulumi.Input<string>;
  /** E-mail addresses that get the notices, once each has confirmed. Default: none. */
  notificationEmails?: string[];
  /** Tags of every resource that takes tags. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** The states that are told (AWS Glue guide, "Automating AWS Glue with EventBridge"). */
const jobFailures = ["FAILED", "TIMEOUT", "STOPPED"];
const crawlerFailures = ["Failed"];

/**
 * Tells of crawlers and jobs that fail: an encrypted topic, event rules for exactly these names, and
 * subscriptions by e-mail.
 *
 * ```ts
 * new PipelineMonitoring("daily", {
 *   crawlerNames: ["segmentlogs-IOS"],
 *   jobNames: ["mobile-user-daily"],
 *   kmsKeyArn: lake.kmsKeyArn,
 *   notificationEmails: ["data@example.com"],
 * });
 * ```
 */
export class PipelineMonitoring extends pulumi.ComponentResource {
  /** The topic of the notices, for subscriptions of other kinds. */
  public readonly topicArn: pulumi.Output<string>;

  constructor(name: string, args: PipelineMonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("glue-etl:index:PipelineMonitoring", name, {}, opts);
    checkArguments(name, args);
    const topic = this.createTopic(name, args);
    const { crawlerNames, jobNames, tags } = args;
    if (crawlerNames.length > 0) {
      this.tell(`${name}-crawlers`, topic, tags, "Glue Crawler State Change", {
        crawlerName: crawlerNames,
        state: crawlerFailures,
      });
    }
    if (jobNames.length > 0) {
      this.tell(`${name}-jobs`, topic, tags, "Glue Job State Change", {
        jobName: jobNames,
        state: jobFailures,
      });
    }
    for (const endpoint of args.notificationEmails ?? []) {
      new aws.sns.TopicSubscription(
        `${name}-${endpoint}`,
        { topic: topic.arn, protocol: "email", endpoint },
        { parent: topic },
      );
    }
    this.topicArn = topic.arn;
    this.registerOutputs({ topicArn: this.topicArn });
  }

  private createTopic(name: string, { kmsKeyArn, tags }: PipelineMonitoringArgs): aws.sns.Topic {
    const topic = new aws.sns.Topic(name, { kmsMasterKeyId: kmsKeyArn, tags }, { parent: this });
    const publish = { Action: ["sns:Publish"], Resource: topic.arn };
    const policy = policyDocument([
      {
        // No condition: EventBridge can't be held to one (EventBridge guide, "Using resource-based
        // policies for Amazon EventBridge", Amazon SNS permissions).
        Sid: "Events",
        Principal: { Service: "events.amazonaws.com" },
        ...publish,
      },
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        ...publish,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
    new aws.sns.TopicPolicy(name, { arn: topic.arn, policy }, { parent: topic });
    return topic;
  }

  /** Sends events of one kind to the topic. */
  private tell(
    name: string,
    topic: aws.sns.Topic,
    tags: PipelineMonitoringArgs["tags"],
    detailType: string,
    detail: Record<string, pulumi.Input<string>[]>,
  ): void {
    const rule = new aws.cloudwatch.EventRule(
      name,
      {
        description: `${detailType}: failures`,
        eventPattern: pulumi.jsonStringify({
          source: ["aws.glue"],
          "detail-type": [detailType],
          detail,
        }),
        tags,
      },
      { parent: this },
    );
    new aws.cloudwatch.EventTarget(name, { rule: rule.name, arn: topic.arn }, { parent: rule });
  }
}

function checkArguments(name: string, args: PipelineMonitoringArgs): void {
  const check = new ArgumentChecks(`PipelineMonitoring "${name}"`);
  if (args.crawlerNames.length + args.jobNames.length === 0) {
    check.fail("crawlerNames", "is empty, as is `jobNames`", "Name at least one crawler or job");
  }
  const emails = args.notificationEmails ?? [];
  if (emails.length > 0) {
    check.distinct("notificationEmails", emails);
  }
  for (const email of emails) {
    if (!/^[^@\s]+@[^@\s]+$/.test(email)) {
      check.fail("notificationEmails", `has "${email}"`, "Write name@domain");
    }
  }
}
