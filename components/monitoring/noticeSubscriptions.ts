import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentChecks } from "../checks/arguments";
import { RoleArgs, serviceRole } from "../access/roles";

/** A Slack channel that Amazon Q Developer in chat applications may write to. */
export interface SlackChannel {
  /** Id of the workspace, for example T0AB1CDEF; it is allowed once by hand, in the service's console. */
  teamId: string;
  /** Id of the channel, for example C0AB1CDEF. A private channel must have invited the app. */
  channelId: string;
}

/** Who gets the notices of a topic. */
interface Subscribers {
  notificationEmails?: string[];
  queueArns?: pulumi.Input<string>[];
  slack?: SlackChannel;
}

export function subscribe(name: string, args: Subscribers & RoleArgs, topic: aws.sns.Topic): void {
  for (const endpoint of args.notificationEmails ?? []) {
    new aws.sns.TopicSubscription(
      `${name}-${endpoint}`,
      { topic: topic.arn, protocol: "email", endpoint },
      { parent: topic },
    );
  }
  (args.queueArns ?? []).forEach((endpoint, index) => {
    new aws.sns.TopicSubscription(
      `${name}-queue-${index}`,
      { topic: topic.arn, protocol: "sqs", endpoint },
      { parent: topic },
    );
  });
  if (args.slack !== undefined) {
    const { teamId, channelId } = args.slack;
    const role = serviceRole(
      `${name}-slack`,
      "chatbot.amazonaws.com",
      "Has no permissions: the channel gets notices, and runs no commands",
      args,
      topic,
    );
    new aws.chatbot.SlackChannelConfiguration(
      `${name}-slack`,
      {
        configurationName: `${name}-${pulumi.getStack()}`,
        iamRoleArn: role.arn,
        slackTeamId: teamId,
        slackChannelId: channelId,
        snsTopicArns: [topic.arn],
        loggingLevel: "ERROR",
        tags: args.tags,
      },
      { parent: topic },
    );
  }
}

export function checkSubscriptions(check: ArgumentChecks, args: Subscribers): void {
  const emails = args.notificationEmails ?? [];
  if (emails.length > 0) {
    check.distinct("notificationEmails", emails);
  }
  for (const email of emails) {
    if (!/^[^@\s]+@[^@\s]+$/.test(email)) {
      check.fail("notificationEmails", `has "${email}"`, "Write name@domain");
    }
  }
  for (const queueArn of args.queueArns ?? []) {
    if (typeof queueArn === "string" && !/^arn:[^:]+:sqs:/.test(queueArn)) {
      check.fail("queueArns", `has "${queueArn}"`, "Write the ARN of an SQS queue");
    }
  }
}
