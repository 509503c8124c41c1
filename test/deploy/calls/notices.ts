import { account, arn, Made, text } from "../stackResources";
import { on, passes, TypeCalls, withTags } from "./call";

const dashboardArn = ({ inputs }: Made) =>
  `arn:aws:cloudwatch::${account.id}:dashboard/${text(inputs, "dashboardName")}`;
const queueArn = (url: string) => arn("sqs", url.split("/").at(-1) ?? "");

export const noticeCalls: Record<string, TypeCalls> = {
  "aws:sns/topic:Topic": {
    source: "sns/topic.go",
    note:
      "Pulumi's own patch looks before it creates whether the topic is there (pulumi-aws, " +
      "patches/0017-non-idempotent-sns-topic-creation.patch).",
    calls: (made) => ({
      create: [
        ...on(made.arn, "sns:GetTopicAttributes", "sns:CreateTopic", "sns:SetTopicAttributes"),
        ...withTags(made, made.arn, "sns:TagResource"),
      ],
      read: on(made.arn, "sns:GetTopicAttributes", "sns:ListTagsForResource"),
      update: on(made.arn, "sns:SetTopicAttributes", "sns:TagResource", "sns:UntagResource"),
      delete: on(made.arn, "sns:DeleteTopic"),
    }),
  },
  "aws:sns/topicPolicy:TopicPolicy": {
    source: "sns/topic_policy.go",
    calls: ({ inputs }) => {
      const topic = text(inputs, "arn");
      const put = on(topic, "sns:SetTopicAttributes", "sns:GetTopicAttributes");
      return { create: put, read: on(topic, "sns:GetTopicAttributes"), update: put, delete: put };
    },
  },
  "aws:sns/topicSubscription:TopicSubscription": {
    source: "sns/topic_subscription.go",
    note:
      "A subscription has no resource of its own. 5.94.0 also listed the topic's subscriptions " +
      "(terraform-provider-aws#42093), which cost those who might not their deployment (#42116).",
    calls: ({ inputs }) => {
      const topic = text(inputs, "topic");
      return {
        create: [...on(topic, "sns:Subscribe"), ...on("*", "sns:GetSubscriptionAttributes")],
        read: [
          ...on("*", "sns:GetSubscriptionAttributes"),
          ...on(topic, "sns:ListSubscriptionsByTopic"),
        ],
        update: on("*", "sns:SetSubscriptionAttributes"),
        delete: on("*", "sns:Unsubscribe", "sns:GetSubscriptionAttributes"),
      };
    },
  },
  "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": {
    source: "chatbot/slack_channel_configuration.go",
    note:
      "The service's own role in the account subscribes it to the topic; it is there once a workspace " +
      'was allowed in the console (Chatbot guide, "Using service-linked roles").',
    calls: (made) => {
      const role = passes(made, "iamRoleArn", "chatbot");
      return {
        create: [
          ...on("*", "chatbot:CreateSlackChannelConfiguration"),
          ...withTags(made, made.arn, "chatbot:TagResource"),
          ...role,
        ],
        read: on("*", "chatbot:DescribeSlackChannelConfigurations", "chatbot:ListTagsForResource"),
        update: [
          ...on(made.arn, "chatbot:UpdateSlackChannelConfiguration"),
          ...on(made.arn, "chatbot:TagResource", "chatbot:UntagResource"),
          ...role,
        ],
        delete: on(made.arn, "chatbot:DeleteSlackChannelConfiguration"),
      };
    },
  },
  "aws:sqs/queue:Queue": {
    source: "sqs/queue.go",
    calls: (made) => ({
      create: [
        ...on(made.arn, "sqs:CreateQueue", "sqs:GetQueueAttributes"),
        ...withTags(made, made.arn, "sqs:TagQueue"),
      ],
      read: on(made.arn, "sqs:GetQueueAttributes", "sqs:ListQueueTags"),
      update: on(made.arn, "sqs:SetQueueAttributes", "sqs:TagQueue", "sqs:UntagQueue"),
      delete: on(made.arn, "sqs:DeleteQueue", "sqs:GetQueueAttributes"),
    }),
  },
  "aws:sqs/queuePolicy:QueuePolicy": {
    source: "sqs/queue_policy.go",
    calls: ({ inputs }) => {
      const queue = queueArn(text(inputs, "queueUrl"));
      const put = on(queue, "sqs:SetQueueAttributes", "sqs:GetQueueAttributes");
      return { create: put, read: on(queue, "sqs:GetQueueAttributes"), update: put, delete: put };
    },
  },
  "aws:cloudwatch/eventRule:EventRule": {
    source: "events/rule.go",
    calls: (made) => ({
      create: [
        ...on(made.arn, "events:PutRule"),
        ...withTags(made, made.arn, "events:TagResource"),
      ],
      read: on(made.arn, "events:DescribeRule", "events:ListTagsForResource"),
      update: on(made.arn, "events:PutRule", "events:TagResource", "events:UntagResource"),
      delete: on(made.arn, "events:DeleteRule"),
    }),
  },
  "aws:cloudwatch/eventTarget:EventTarget": {
    source: "events/target.go",
    calls: (made) => {
      const rule = arn("events", `rule/${text(made.inputs, "rule")}`);
      const put = [...on(rule, "events:PutTargets"), ...passes(made, "roleArn", "events")];
      return {
        create: put,
        read: on(rule, "events:ListTargetsByRule"),
        update: put,
        delete: on(rule, "events:RemoveTargets"),
      };
    },
  },
  "aws:sfn/stateMachine:StateMachine": {
    source: "sfn/state_machine.go",
    note: "stateMachineDefinitionValidate, of CustomizeDiff, asks Step Functions while it plans.",
    calls: (made) => {
      const role = passes(made, "roleArn", "states");
      return {
        plan: on("*", "states:ValidateStateMachineDefinition"),
        create: [
          ...on(made.arn, "states:CreateStateMachine"),
          ...withTags(made, made.arn, "states:TagResource"),
          ...role,
        ],
        read: [
          ...on(made.arn, "states:DescribeStateMachine", "states:ListStateMachineVersions"),
          ...on(made.arn, "states:ListTagsForResource"),
        ],
        update: [
          ...on(made.arn, "states:UpdateStateMachine", "states:DescribeStateMachine"),
          ...on(made.arn, "states:TagResource", "states:UntagResource"),
          ...role,
        ],
        delete: on(made.arn, "states:DeleteStateMachine", "states:DescribeStateMachine"),
      };
    },
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    source: "cloudwatch/metric_alarm.go",
    note: "Alarms are described by names, which CloudWatch checks by `alarm:*`, whatever the names.",
    calls: (made) => ({
      create: [
        ...on(made.arn, "cloudwatch:PutMetricAlarm"),
        ...withTags(made, made.arn, "cloudwatch:TagResource"),
      ],
      read: [
        ...on(arn("cloudwatch", "alarm:*"), "cloudwatch:DescribeAlarms"),
        ...on(made.arn, "cloudwatch:ListTagsForResource"),
      ],
      update: on(
        made.arn,
        "cloudwatch:PutMetricAlarm",
        "cloudwatch:TagResource",
        "cloudwatch:UntagResource",
      ),
      delete: on(made.arn, "cloudwatch:DeleteAlarms"),
    }),
  },
  "aws:cloudwatch/dashboard:Dashboard": {
    source: "cloudwatch/dashboard.go",
    calls: (made) => ({
      create: on(dashboardArn(made), "cloudwatch:PutDashboard"),
      read: on(dashboardArn(made), "cloudwatch:GetDashboard"),
      update: on(dashboardArn(made), "cloudwatch:PutDashboard"),
      delete: on(dashboardArn(made), "cloudwatch:DeleteDashboards"),
    }),
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    source: "logs/group.go",
    calls: (made) => ({
      create: [
        ...on(made.arn, "logs:CreateLogGroup", "logs:PutRetentionPolicy"),
        ...withTags(made, made.arn, "logs:TagResource"),
      ],
      read: [...on("*", "logs:DescribeLogGroups"), ...on(made.arn, "logs:ListTagsForResource")],
      update: [
        ...on(made.arn, "logs:PutRetentionPolicy", "logs:AssociateKmsKey"),
        ...on(made.arn, "logs:TagResource", "logs:UntagResource"),
      ],
      delete: on(made.arn, "logs:DeleteLogGroup"),
    }),
  },
};
