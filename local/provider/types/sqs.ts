import { type Aws, found } from "../aws";
import { autonamed } from "../autoname";
import { isJson, sameJson, samePolicy } from "../documents";
import { boolean, defaulted, type Inputs, integer, named, required, string } from "../fields";
import { defineResource, regional, tagged } from "../resource";
import { tagChanges } from "../tags";
import { between, matches } from "../validators";

const queueInputs = {
  ...regional,
  ...tagged,
  name: named(
    string({
      forceNew: true,
      check: matches(/^[0-9A-Za-z_-]{1,80}$/, "only 1 to 80 letters, digits, _ and - are allowed"),
    }),
  ),
  delaySeconds: defaulted(integer({ check: between(0, 900) }), 0),
  kmsDataKeyReusePeriodSeconds: integer({ computed: true, check: between(60, 86_400) }),
  kmsMasterKeyId: string(),
  maxMessageSize: defaulted(integer({ check: between(1024, 1_048_576) }), 262_144),
  messageRetentionSeconds: defaulted(integer({ check: between(60, 1_209_600) }), 345_600),
  policy: string({ computed: true, check: isJson, same: samePolicy }),
  receiveWaitTimeSeconds: defaulted(integer(), 0),
  redriveAllowPolicy: string({ computed: true, check: isJson, same: sameJson }),
  redrivePolicy: string({ computed: true, check: isJson, same: sameJson }),
  sqsManagedSseEnabled: boolean({ computed: true }),
  visibilityTimeoutSeconds: defaulted(integer({ check: between(0, 43_200) }), 30),
};

/** SQS's attributes, as text; what is computed only where the program sets it. */
function attributes(queue: Inputs<typeof queueInputs>): Record<string, string> {
  const all = {
    DelaySeconds: queue.delaySeconds,
    KmsDataKeyReusePeriodSeconds: queue.kmsDataKeyReusePeriodSeconds,
    KmsMasterKeyId: queue.kmsMasterKeyId,
    MaximumMessageSize: queue.maxMessageSize,
    MessageRetentionPeriod: queue.messageRetentionSeconds,
    Policy: queue.policy,
    ReceiveMessageWaitTimeSeconds: queue.receiveWaitTimeSeconds,
    RedriveAllowPolicy: queue.redriveAllowPolicy,
    RedrivePolicy: queue.redrivePolicy,
    SqsManagedSseEnabled: queue.sqsManagedSseEnabled,
    VisibilityTimeout: queue.visibilityTimeoutSeconds,
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    ),
  );
}

async function queueAttributes(aws: Aws, QueueUrl: string) {
  const answer = await found(aws.sqs.getQueueAttributes({ QueueUrl, AttributeNames: ["All"] }));
  return answer?.Attributes;
}

export const queue = defineResource({
  token: "aws:sqs/queue:Queue",
  inputs: queueInputs,
  outputs: ["arn", "url"],
  unsupported: [
    "contentBasedDeduplication",
    "deduplicationScope",
    "fifoQueue",
    "fifoThroughputLimit",
    "namePrefix",
  ],
  autoname: autonamed(80),
  check: (_, isSet) =>
    isSet("kmsMasterKeyId") && isSet("sqsManagedSseEnabled")
      ? [{ property: "kmsMasterKeyId", reason: "conflicts with sqsManagedSseEnabled" }]
      : [],
  async create(aws, target, created) {
    const { QueueUrl } = await aws.sqs.createQueue({
      QueueName: target.name,
      Attributes: attributes(target),
      tags: target.tagsAll,
    });
    if (QueueUrl === undefined) {
      throw new Error("SQS gave no URL of the queue");
    }
    created(QueueUrl);
  },
  async read(aws, id) {
    const actual = await queueAttributes(aws, id);
    if (actual === undefined) {
      return undefined;
    }
    const { Tags } = await aws.sqs.listQueueTags({ QueueUrl: id });
    return {
      arn: actual.QueueArn,
      name: id.split("/").at(-1),
      url: id,
      delaySeconds: Number(actual.DelaySeconds),
      // SQS tells it of encrypted queues only.
      kmsDataKeyReusePeriodSeconds: Number(actual.KmsDataKeyReusePeriodSeconds ?? 300),
      kmsMasterKeyId: actual.KmsMasterKeyId || undefined,
      maxMessageSize: Number(actual.MaximumMessageSize),
      messageRetentionSeconds: Number(actual.MessageRetentionPeriod),
      policy: actual.Policy,
      receiveWaitTimeSeconds: Number(actual.ReceiveMessageWaitTimeSeconds),
      redriveAllowPolicy: actual.RedriveAllowPolicy,
      redrivePolicy: actual.RedrivePolicy,
      sqsManagedSseEnabled: actual.SqsManagedSseEnabled === "true",
      visibilityTimeoutSeconds: Number(actual.VisibilityTimeout),
      tagsAll: Tags ?? {},
    };
  },
  async update(aws, id, target) {
    await aws.sqs.setQueueAttributes({
      QueueUrl: id,
      // An empty key takes the encryption away.
      Attributes: { KmsMasterKeyId: "", ...attributes(target) },
    });
    const { Tags } = await aws.sqs.listQueueTags({ QueueUrl: id });
    const { set, remove } = tagChanges(Tags ?? {}, target.tagsAll);
    if (remove.length > 0) {
      await aws.sqs.untagQueue({ QueueUrl: id, TagKeys: remove });
    }
    if (Object.keys(set).length > 0) {
      await aws.sqs.tagQueue({ QueueUrl: id, Tags: set });
    }
  },
  async delete(aws, id) {
    await found(aws.sqs.deleteQueue({ QueueUrl: id }));
  },
});

async function putPolicy(aws: Aws, QueueUrl: string, Policy: string): Promise<void> {
  await aws.sqs.setQueueAttributes({ QueueUrl, Attributes: { Policy } });
}

export const queuePolicy = defineResource({
  token: "aws:sqs/queuePolicy:QueuePolicy",
  inputs: {
    ...regional,
    policy: required(string({ check: isJson, same: samePolicy })),
    queueUrl: required(string({ forceNew: true })),
  },
  async create(aws, { queueUrl, policy }, created) {
    await putPolicy(aws, queueUrl, policy);
    created(queueUrl);
  },
  async read(aws, id) {
    const policy = (await queueAttributes(aws, id))?.Policy;
    return policy ? { queueUrl: id, policy } : undefined;
  },
  async update(aws, id, { policy }) {
    await putPolicy(aws, id, policy);
  },
  async delete(aws, id) {
    await found(putPolicy(aws, id, ""));
  },
});
