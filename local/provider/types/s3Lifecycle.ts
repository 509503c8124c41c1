import {
  ExpirationStatus,
  type LifecycleRule,
  type LifecycleRuleFilter,
  TransitionDefaultMinimumObjectSize,
  TransitionStorageClass,
} from "@aws-sdk/client-s3";
import { fromApi, toApi } from "../api";
import { found } from "../aws";
import {
  boolean,
  type Inputs,
  integer,
  list,
  map,
  object,
  oneOf,
  required,
  set,
  string,
} from "../fields";
import { defineResource } from "../resource";
import { tagList, tagMap } from "../tags";
import { atLeast, lengthBetween } from "../validators";
import type { Properties } from "../values";
import { ofBucket, owned } from "./s3BucketSettings";

const storageClass = required(oneOf(Object.values(TransitionStorageClass)));
const sizes = {
  objectSizeGreaterThan: integer({ check: atLeast(0) }),
  objectSizeLessThan: integer({ check: atLeast(1) }),
};

const rule = {
  id: required(string({ check: lengthBetween(1, 255) })),
  status: required(oneOf(Object.values(ExpirationStatus))),
  prefix: string(),
  filter: object({
    prefix: string(),
    ...sizes,
    tag: object({ key: required(string()), value: required(string()) }),
    and: object({ prefix: string(), ...sizes, tags: map() }),
  }),
  abortIncompleteMultipartUpload: object({ daysAfterInitiation: integer() }),
  expiration: object({
    date: string({ same: sameInstant }),
    days: integer(),
    expiredObjectDeleteMarker: boolean(),
  }),
  noncurrentVersionExpiration: object({
    noncurrentDays: required(integer({ check: atLeast(1) })),
    newerNoncurrentVersions: integer({ check: atLeast(1) }),
  }),
  noncurrentVersionTransitions: set(
    object({
      noncurrentDays: required(integer({ check: atLeast(0) })),
      newerNoncurrentVersions: integer({ check: atLeast(1) }),
      storageClass,
    }),
  ),
  transitions: set(
    object({
      date: string({ same: sameInstant }),
      days: integer({ check: atLeast(0) }),
      storageClass,
    }),
  ),
};

const inputs = {
  ...ofBucket,
  ...owned,
  rules: list(object(rule), { check: atLeastOne }),
  transitionDefaultMinimumObjectSize: oneOf(Object.values(TransitionDefaultMinimumObjectSize), {
    computed: true,
  }),
};

function atLeastOne(rules: unknown[]): string | undefined {
  return rules.length > 0 ? undefined : "must have at least one rule";
}

function sameInstant(left: unknown, right: unknown): boolean {
  return Date.parse(String(left)) === Date.parse(String(right));
}

const instant = (text: string | undefined) => (text === undefined ? undefined : new Date(text));

function toRule(given: Inputs<typeof rule>): LifecycleRule {
  const { Id, Filter, Expiration, Transitions, ...same } = toApi(rule, given);
  return {
    ...same,
    ID: Id,
    Filter: Filter && {
      ...Filter,
      And: Filter.And && {
        ...Filter.And,
        Tags: Filter.And.Tags && tagList(Filter.And.Tags),
      },
    },
    Expiration: Expiration && { ...Expiration, Date: instant(Expiration.Date) },
    Transitions: Transitions?.map((transition) => ({
      ...transition,
      Date: instant(transition.Date),
    })),
  };
}

function fromFilter(filter: LifecycleRuleFilter | undefined) {
  return (
    filter && { ...filter, And: filter.And && { ...filter.And, Tags: tagMap(filter.And.Tags) } }
  );
}

function fromRule(actual: LifecycleRule): Properties {
  const date = (value: Date | undefined) => value?.toISOString();
  return fromApi(rule, {
    ...actual,
    Id: actual.ID,
    Filter: fromFilter(actual.Filter),
    Expiration: actual.Expiration && {
      ...actual.Expiration,
      Date: date(actual.Expiration.Date),
    },
    Transitions: actual.Transitions?.map((transition) => ({
      ...transition,
      Date: date(transition.Date),
    })),
  });
}

export const bucketLifecycle = defineResource({
  token: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  inputs,
  unsupported: ["timeouts"],
  async create(aws, settings, created) {
    await aws.s3.putBucketLifecycleConfiguration({
      Bucket: settings.bucket,
      ExpectedBucketOwner: settings.expectedBucketOwner,
      TransitionDefaultMinimumObjectSize: settings.transitionDefaultMinimumObjectSize,
      LifecycleConfiguration: { Rules: (settings.rules ?? []).map(toRule) },
    });
    created(settings.bucket);
  },
  async read(aws, id) {
    const answer = await found(aws.s3.getBucketLifecycleConfiguration({ Bucket: id }));
    return (
      answer && {
        bucket: id,
        rules: (answer.Rules ?? []).map(fromRule),
        transitionDefaultMinimumObjectSize: answer.TransitionDefaultMinimumObjectSize,
      }
    );
  },
  async update(aws, id, settings) {
    await aws.s3.putBucketLifecycleConfiguration({
      Bucket: id,
      TransitionDefaultMinimumObjectSize: settings.transitionDefaultMinimumObjectSize,
      LifecycleConfiguration: { Rules: (settings.rules ?? []).map(toRule) },
    });
  },
  async delete(aws, id) {
    await found(aws.s3.deleteBucketLifecycle({ Bucket: id }));
  },
});
