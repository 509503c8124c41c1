import { Event, FilterRuleName, type NotificationConfigurationFilter } from "@aws-sdk/client-s3";
import { type Aws, found } from "../aws";
import {
  boolean,
  defaulted,
  type Inputs,
  list,
  object,
  oneOf,
  required,
  set,
  string,
} from "../fields";
import { defineResource } from "../resource";
import { anArn } from "../validators";
import { ofBucket } from "./s3BucketSettings";

const notice = {
  events: required(set(oneOf(Object.values(Event)))),
  filterPrefix: string(),
  filterSuffix: string(),
  id: string({ computed: true }),
};

const inputs = {
  ...ofBucket,
  eventbridge: defaulted(boolean(), false),
  queues: list(object({ ...notice, queueArn: required(string({ check: anArn })) })),
  topics: list(object({ ...notice, topicArn: required(string({ check: anArn })) })),
};

type Notice = Inputs<typeof notice>;

function toNotice({ id, events, filterPrefix, filterSuffix }: Notice) {
  const rules = [
    { Name: FilterRuleName.prefix, Value: filterPrefix },
    { Name: FilterRuleName.suffix, Value: filterSuffix },
  ].filter(({ Value }) => Value);
  const Filter = rules.length > 0 ? { Key: { FilterRules: rules } } : undefined;
  return { Id: id, Events: events, Filter };
}

interface ApiNotice {
  readonly Id?: string;
  readonly Events?: readonly Event[];
  readonly Filter?: NotificationConfigurationFilter;
}

function fromNotice({ Id, Events, Filter }: ApiNotice) {
  // S3 answers with Prefix and Suffix, whatever the case in which they were put.
  const filter = (name: string) =>
    Filter?.Key?.FilterRules?.find(({ Name }) => Name?.toLowerCase() === name)?.Value;
  return {
    id: Id,
    events: Events,
    filterPrefix: filter(FilterRuleName.prefix),
    filterSuffix: filter(FilterRuleName.suffix),
  };
}

async function put(aws: Aws, target: Partial<Inputs<typeof inputs>> & { bucket: string }) {
  await aws.s3.putBucketNotificationConfiguration({
    Bucket: target.bucket,
    NotificationConfiguration: {
      EventBridgeConfiguration: target.eventbridge ? {} : undefined,
      QueueConfigurations: target.queues?.map(({ queueArn, ...queue }) => ({
        ...toNotice(queue),
        QueueArn: queueArn,
      })),
      TopicConfigurations: target.topics?.map(({ topicArn, ...topic }) => ({
        ...toNotice(topic),
        TopicArn: topicArn,
      })),
    },
  });
}

export const bucketNotification = defineResource({
  token: "aws:s3/bucketNotification:BucketNotification",
  inputs,
  unsupported: ["lambdaFunctions"],
  async create(aws, target, created) {
    await put(aws, target);
    created(target.bucket);
  },
  async read(aws, id) {
    const answer = await found(aws.s3.getBucketNotificationConfiguration({ Bucket: id }));
    return (
      answer && {
        bucket: id,
        eventbridge: answer.EventBridgeConfiguration !== undefined,
        queues: (answer.QueueConfigurations ?? []).map((queue) => ({
          ...fromNotice(queue),
          queueArn: queue.QueueArn,
        })),
        topics: (answer.TopicConfigurations ?? []).map((topic) => ({
          ...fromNotice(topic),
          topicArn: topic.TopicArn,
        })),
      }
    );
  },
  async update(aws, _, target) {
    await put(aws, target);
  },
  /** A bucket always has a configuration: an empty one says nothing to anybody. */
  async delete(aws, id) {
    await found(put(aws, { bucket: id }));
  },
});
