import { type Aws, found } from "../aws";
import { isJson, sameJson } from "../documents";
import { boolean, defaulted, type Inputs, integer, oneOf, required, string } from "../fields";
import { defineResource, regional } from "../resource";
import { anArn } from "../validators";

const protocols = [
  "application",
  "email",
  "email-json",
  "firehose",
  "http",
  "https",
  "lambda",
  "sms",
  "sqs",
] as const;

const inputs = {
  ...regional,
  confirmationTimeoutInMinutes: defaulted(integer({ unread: true }), 1),
  endpoint: required(string({ forceNew: true })),
  endpointAutoConfirms: defaulted(boolean({ unread: true }), false),
  filterPolicy: string({ check: isJson, same: sameJson }),
  filterPolicyScope: oneOf(["MessageAttributes", "MessageBody"], { computed: true }),
  protocol: required(oneOf(protocols, { forceNew: true })),
  rawMessageDelivery: defaulted(boolean(), false),
  topic: required(string({ forceNew: true, check: anArn })),
};

type Subscription = Inputs<typeof inputs>;

/** In the order in which SNS takes them: a policy is judged by the scope that is set. */
function attributes(subscription: Subscription): [string, string][] {
  const { filterPolicy, filterPolicyScope: scope, rawMessageDelivery } = subscription;
  const scopes: [string, string][] = scope === undefined ? [] : [["FilterPolicyScope", scope]];
  // Taking a policy away is done by an empty one (SNS guide, "Removing a subscription filter policy").
  const policy: [string, string] = ["FilterPolicy", filterPolicy ?? "{}"];
  const raw: [string, string] = ["RawMessageDelivery", String(rawMessageDelivery)];
  return scope === "MessageBody" ? [...scopes, policy, raw] : [policy, raw, ...scopes];
}

async function isConfirmed(aws: Aws, SubscriptionArn: string): Promise<boolean> {
  const { Attributes } = await aws.sns.getSubscriptionAttributes({ SubscriptionArn });
  return Attributes?.PendingConfirmation !== "true";
}

/** Whether an answer comes by itself; people and most web servers take their time. */
function confirmsItself({ protocol, endpointAutoConfirms }: Subscription): boolean {
  return !protocol.startsWith("email") && (endpointAutoConfirms || !protocol.startsWith("http"));
}

export const topicSubscription = defineResource({
  token: "aws:sns/topicSubscription:TopicSubscription",
  inputs,
  outputs: ["arn", "confirmationWasAuthenticated", "ownerId", "pendingConfirmation"],
  unsupported: ["deliveryPolicy", "redrivePolicy", "replayPolicy", "subscriptionRoleArn"],
  async create(aws, subscription, created) {
    const given = attributes(subscription).filter(
      ([name]) => name !== "FilterPolicy" || subscription.filterPolicy !== undefined,
    );
    const { SubscriptionArn: arn } = await aws.sns.subscribe({
      TopicArn: subscription.topic,
      Protocol: subscription.protocol,
      Endpoint: subscription.endpoint,
      Attributes: Object.fromEntries(given),
      ReturnSubscriptionArn: true,
    });
    if (arn === undefined || anArn(arn) !== undefined) {
      throw new Error(`SNS gave no ARN of the subscription, but "${arn}"`);
    }
    created(arn);
    if (confirmsItself(subscription)) {
      await aws.waitUntil(`${subscription.endpoint} to confirm`, () => isConfirmed(aws, arn));
    }
  },
  async read(aws, id) {
    const answer = await found(aws.sns.getSubscriptionAttributes({ SubscriptionArn: id }));
    const actual = answer?.Attributes;
    return (
      actual && {
        arn: id,
        topic: actual.TopicArn,
        protocol: actual.Protocol,
        endpoint: actual.Endpoint,
        filterPolicy: actual.FilterPolicy === "{}" ? undefined : actual.FilterPolicy,
        filterPolicyScope: actual.FilterPolicyScope,
        rawMessageDelivery: actual.RawMessageDelivery === "true",
        confirmationWasAuthenticated: actual.ConfirmationWasAuthenticated === "true",
        ownerId: actual.Owner,
        pendingConfirmation: actual.PendingConfirmation === "true",
      }
    );
  },
  async update(aws, id, subscription) {
    for (const [AttributeName, AttributeValue] of attributes(subscription)) {
      await aws.sns.setSubscriptionAttributes({
        SubscriptionArn: id,
        AttributeName,
        AttributeValue,
      });
    }
  },
  async delete(aws, id) {
    try {
      await found(aws.sns.unsubscribe({ SubscriptionArn: id }));
    } catch (error) {
      // SNS drops such a subscription by itself after two days.
      if (!(error instanceof Error) || !error.message.includes("pending confirmation")) {
        throw error;
      }
    }
  },
});
