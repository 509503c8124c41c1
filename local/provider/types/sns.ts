import { type Aws, found } from "../aws";
import { autonamed } from "../autoname";
import { isJson, sameJson, samePolicy } from "../documents";
import { type Inputs, named, required, string } from "../fields";
import { defineResource, regional, tagged } from "../resource";
import { tagChanges, tagList, tagMap } from "../tags";
import { anArn, matches } from "../validators";

const topicInputs = {
  ...regional,
  ...tagged,
  name: named(
    string({
      forceNew: true,
      check: matches(/^[0-9A-Za-z_-]{1,256}$/, "only letters, digits, _ and - are allowed"),
    }),
  ),
  deliveryPolicy: string({ check: isJson, same: sameJson }),
  displayName: string(),
  kmsMasterKeyId: string(),
  policy: string({ computed: true, check: isJson, same: samePolicy }),
};

/** SNS's names of the attributes that are properties. */
function attributes(topic: Partial<Inputs<typeof topicInputs>>): Record<string, string> {
  const all = {
    DeliveryPolicy: topic.deliveryPolicy ?? "",
    DisplayName: topic.displayName ?? "",
    KmsMasterKeyId: topic.kmsMasterKeyId ?? "",
  };
  return topic.policy === undefined ? all : { ...all, Policy: topic.policy };
}

async function topicAttributes(aws: Aws, TopicArn: string) {
  return (await found(aws.sns.getTopicAttributes({ TopicArn })))?.Attributes;
}

async function setAttributes(
  aws: Aws,
  TopicArn: string,
  wanted: Record<string, string>,
  actual: Record<string, string>,
): Promise<void> {
  for (const [AttributeName, AttributeValue] of Object.entries(wanted)) {
    if (AttributeValue !== (actual[AttributeName] ?? "")) {
      await aws.sns.setTopicAttributes({ TopicArn, AttributeName, AttributeValue });
    }
  }
}

/** Kinds of delivery whose successes and failures SNS can log. */
const feedback = ["application", "firehose", "http", "lambda", "sqs"].flatMap((kind) => [
  `${kind}FailureFeedbackRoleArn`,
  `${kind}SuccessFeedbackRoleArn`,
  `${kind}SuccessFeedbackSampleRate`,
]);

export const topic = defineResource({
  token: "aws:sns/topic:Topic",
  inputs: topicInputs,
  outputs: ["arn", "owner"],
  unsupported: [
    ...feedback,
    "archivePolicy",
    "contentBasedDeduplication",
    "fifoThroughputScope",
    "fifoTopic",
    "namePrefix",
    "signatureVersion",
    "tracingConfig",
  ],
  autoname: autonamed(),
  async create(aws, target, created) {
    const { TopicArn } = await aws.sns.createTopic({
      Name: target.name,
      Tags: tagList(target.tagsAll),
    });
    if (TopicArn === undefined) {
      throw new Error("SNS gave no ARN of the topic");
    }
    created(TopicArn);
    await setAttributes(aws, TopicArn, attributes(target), {});
  },
  async read(aws, id) {
    const actual = await topicAttributes(aws, id);
    if (actual === undefined) {
      return undefined;
    }
    const { Tags } = await aws.sns.listTagsForResource({ ResourceArn: id });
    return {
      arn: id,
      name: id.split(":").at(-1),
      owner: actual.Owner,
      deliveryPolicy: actual.DeliveryPolicy,
      displayName: actual.DisplayName,
      kmsMasterKeyId: actual.KmsMasterKeyId,
      policy: actual.Policy,
      tagsAll: tagMap(Tags),
    };
  },
  async update(aws, id, target) {
    await setAttributes(aws, id, attributes(target), (await topicAttributes(aws, id)) ?? {});
    const { Tags } = await aws.sns.listTagsForResource({ ResourceArn: id });
    const { set, remove } = tagChanges(tagMap(Tags), target.tagsAll);
    if (remove.length > 0) {
      await aws.sns.untagResource({ ResourceArn: id, TagKeys: remove });
    }
    if (Object.keys(set).length > 0) {
      await aws.sns.tagResource({ ResourceArn: id, Tags: tagList(set) });
    }
  },
  async delete(aws, id) {
    await found(aws.sns.deleteTopic({ TopicArn: id }));
  },
});

async function putPolicy(aws: Aws, TopicArn: string, AttributeValue: string): Promise<void> {
  await aws.sns.setTopicAttributes({ TopicArn, AttributeName: "Policy", AttributeValue });
}

/** What a topic has that was given no policy: its account may do everything with it. */
function defaultPolicy(topicArn: string): string {
  return JSON.stringify({
    Version: "2008-10-17",
    Id: "__default_policy_ID",
    Statement: [
      {
        Sid: "__default_statement_ID",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: [
          "GetTopicAttributes",
          "SetTopicAttributes",
          "AddPermission",
          "RemovePermission",
          "DeleteTopic",
          "Subscribe",
          "ListSubscriptionsByTopic",
          "Publish",
          "Receive",
        ].map((action) => `SNS:${action}`),
        Resource: topicArn,
        Condition: { StringEquals: { "AWS:SourceOwner": topicArn.split(":")[4] } },
      },
    ],
  });
}

export const topicPolicy = defineResource({
  token: "aws:sns/topicPolicy:TopicPolicy",
  inputs: {
    ...regional,
    arn: required(string({ forceNew: true, check: anArn })),
    policy: required(string({ check: isJson, same: samePolicy })),
  },
  outputs: ["owner"],
  async create(aws, { arn, policy }, created) {
    await putPolicy(aws, arn, policy);
    created(arn);
  },
  async read(aws, id) {
    const actual = await topicAttributes(aws, id);
    return actual && { arn: id, owner: actual.Owner, policy: actual.Policy };
  },
  async update(aws, id, { policy }) {
    await putPolicy(aws, id, policy);
  },
  /** SNS can't be without a policy: the default one comes back. */
  async delete(aws, id) {
    await found(putPolicy(aws, id, defaultPolicy(id)));
  },
});
