import { LogGroupClass } from "@aws-sdk/client-cloudwatch-logs";
import { autonamed } from "../autoname";
import { type Aws, found } from "../aws";
import { boolean, defaulted, type Inputs, integer, named, oneOf, string } from "../fields";
import { defineResource, regional, tagged } from "../resource";
import { tagChanges } from "../tags";
import { all, lengthBetween, matches } from "../validators";

const retentions = [
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
  3288, 3653,
];

const inputs = {
  ...regional,
  ...tagged,
  name: named(
    string({
      forceNew: true,
      check: all(
        lengthBetween(1, 512),
        matches(/^[\w\-/.#]+$/, "only letters, digits and _-/.# are allowed"),
      ),
    }),
  ),
  kmsKeyId: string(),
  logGroupClass: oneOf(Object.values(LogGroupClass), { forceNew: true, computed: true }),
  retentionInDays: defaulted(
    integer({
      check: (days) =>
        retentions.includes(days)
          ? undefined
          : `expected one of ${retentions.join(", ")}, got ${days}`,
    }),
    0,
  ),
  skipDestroy: defaulted(boolean({ unread: true }), false),
};

async function findGroup(aws: Aws, name: string) {
  let nextToken: string | undefined;
  do {
    const page = await aws.logs.describeLogGroups({ logGroupNamePrefix: name, nextToken });
    const group = page.logGroups?.find(({ logGroupName }) => logGroupName === name);
    if (group !== undefined) {
      return group;
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return undefined;
}

async function setRetention(aws: Aws, logGroupName: string, days: number): Promise<void> {
  if (days > 0) {
    await aws.logs.putRetentionPolicy({ logGroupName, retentionInDays: days });
  } else {
    await aws.logs.deleteRetentionPolicy({ logGroupName });
  }
}

async function setTags(aws: Aws, arn: string, { tagsAll }: Inputs<typeof inputs>): Promise<void> {
  const actual = await aws.logs.listTagsForResource({ resourceArn: arn });
  const { set, remove } = tagChanges(actual.tags ?? {}, tagsAll);
  if (remove.length > 0) {
    await aws.logs.untagResource({ resourceArn: arn, tagKeys: remove });
  }
  if (Object.keys(set).length > 0) {
    await aws.logs.tagResource({ resourceArn: arn, tags: set });
  }
}

export const logGroup = defineResource({
  token: "aws:cloudwatch/logGroup:LogGroup",
  inputs,
  outputs: ["arn"],
  unsupported: ["deletionProtectionEnabled", "namePrefix"],
  autoname: autonamed(),
  idOf: ({ name }) => name,
  async create(aws, group, created) {
    await aws.logs.createLogGroup({
      logGroupName: group.name,
      kmsKeyId: group.kmsKeyId,
      logGroupClass: group.logGroupClass,
      tags: group.tagsAll,
    });
    created(group.name);
    if (group.retentionInDays > 0) {
      await setRetention(aws, group.name, group.retentionInDays);
    }
  },
  async read(aws, id) {
    const group = await findGroup(aws, id);
    if (group === undefined) {
      return undefined;
    }
    const arn = await aws.arn("logs", `log-group:${id}`);
    const tags = await aws.logs.listTagsForResource({ resourceArn: arn });
    return {
      name: id,
      arn,
      kmsKeyId: group.kmsKeyId,
      logGroupClass: group.logGroupClass,
      retentionInDays: group.retentionInDays ?? 0,
      tagsAll: tags.tags ?? {},
    };
  },
  async update(aws, id, group, old) {
    await setRetention(aws, id, group.retentionInDays);
    if (group.kmsKeyId !== undefined && group.kmsKeyId !== old.kmsKeyId) {
      await aws.logs.associateKmsKey({ logGroupName: id, kmsKeyId: group.kmsKeyId });
    } else if (group.kmsKeyId === undefined && old.kmsKeyId !== undefined) {
      await aws.logs.disassociateKmsKey({ logGroupName: id });
    }
    await setTags(aws, await aws.arn("logs", `log-group:${id}`), group);
  },
  async delete(aws, id, { skipDestroy }) {
    if (!skipDestroy) {
      await found(aws.logs.deleteLogGroup({ logGroupName: id }));
    }
  },
});
