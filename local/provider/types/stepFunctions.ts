import { EncryptionType, LogLevel, StateMachineType } from "@aws-sdk/client-sfn";
import { type Aws, found } from "../aws";
import { autonamed } from "../autoname";
import {
  boolean,
  defaulted,
  type Inputs,
  integer,
  named,
  object,
  oneOf,
  required,
  string,
} from "../fields";
import { defineResource, regional, tagged } from "../resource";
import { tagChanges, type Tags } from "../tags";
import { all, anArn, between, lengthBetween, matches } from "../validators";

const inputs = {
  ...regional,
  ...tagged,
  name: named(
    string({
      forceNew: true,
      check: all(
        lengthBetween(1, 80),
        matches(/^[0-9A-Za-z_-]+$/, "only letters, digits, _ and - are allowed"),
      ),
    }),
  ),
  definition: required(string({ check: lengthBetween(0, 1_048_576) })),
  encryptionConfiguration: object(
    {
      kmsDataKeyReusePeriodSeconds: integer({ computed: true, check: between(60, 900) }),
      kmsKeyId: string(),
      type: oneOf(Object.values(EncryptionType)),
    },
    { computed: true },
  ),
  loggingConfiguration: object(
    {
      includeExecutionData: boolean(),
      level: oneOf(Object.values(LogLevel)),
      logDestination: string(),
    },
    { computed: true },
  ),
  roleArn: required(string({ check: anArn })),
  // The emulator takes it and forgets it.
  tracingConfiguration: object({ enabled: boolean() }, { computed: true, unread: true }),
  type: defaulted(
    oneOf(Object.values(StateMachineType), { forceNew: true }),
    StateMachineType.STANDARD,
  ),
};

type StateMachine = Inputs<typeof inputs>;

function settings(machine: StateMachine) {
  const { encryptionConfiguration: encryption, loggingConfiguration: logging } = machine;
  const { logDestination } = logging ?? {};
  return {
    definition: machine.definition,
    roleArn: machine.roleArn,
    encryptionConfiguration: encryption && {
      ...encryption,
      type: encryption.type ?? EncryptionType.AWS_OWNED_KEY,
    },
    loggingConfiguration: logging && {
      level: logging.level,
      includeExecutionData: logging.includeExecutionData,
      destinations: logDestination
        ? [{ cloudWatchLogsLogGroup: { logGroupArn: logDestination } }]
        : [],
    },
    tracingConfiguration: machine.tracingConfiguration && {
      enabled: machine.tracingConfiguration.enabled,
    },
  };
}

async function tagsOf(aws: Aws, resourceArn: string): Promise<Tags> {
  const { tags } = await aws.sfn.listTagsForResource({ resourceArn });
  return Object.fromEntries((tags ?? []).map(({ key, value }) => [key ?? "", value ?? ""]));
}

const tagList = (tags: Tags | undefined) =>
  Object.entries(tags ?? {}).map(([key, value]) => ({ key, value }));

export const stateMachine = defineResource({
  token: "aws:sfn/stateMachine:StateMachine",
  inputs,
  outputs: ["arn", "creationDate", "description", "revisionId", "status"],
  unsupported: ["namePrefix", "publish"],
  autoname: autonamed(80),
  volatile: {
    revisionId: [
      "definition",
      "roleArn",
      "loggingConfiguration",
      "encryptionConfiguration",
      "tracingConfiguration",
    ],
  },
  async create(aws, target, created) {
    const { stateMachineArn } = await aws.sfn.createStateMachine({
      ...settings(target),
      name: target.name,
      type: target.type,
      tags: tagList(target.tagsAll),
    });
    if (stateMachineArn === undefined) {
      throw new Error("Step Functions gave no ARN of the state machine");
    }
    created(stateMachineArn);
  },
  async read(aws, id) {
    const actual = await found(aws.sfn.describeStateMachine({ stateMachineArn: id }));
    if (actual === undefined) {
      return undefined;
    }
    const { encryptionConfiguration: encryption, loggingConfiguration: logging } = actual;
    const [destination] = logging?.destinations ?? [];
    return {
      arn: id,
      name: actual.name,
      creationDate: actual.creationDate?.toISOString(),
      definition: actual.definition,
      description: actual.description,
      revisionId: actual.revisionId,
      roleArn: actual.roleArn,
      status: actual.status,
      type: actual.type,
      encryptionConfiguration: encryption && { ...encryption },
      loggingConfiguration: logging && {
        level: logging.level,
        includeExecutionData: logging.includeExecutionData,
        logDestination: destination?.cloudWatchLogsLogGroup?.logGroupArn,
      },
      tracingConfiguration: actual.tracingConfiguration && {
        enabled: actual.tracingConfiguration.enabled,
      },
      tagsAll: await tagsOf(aws, id),
    };
  },
  async update(aws, id, target) {
    await aws.sfn.updateStateMachine({ ...settings(target), stateMachineArn: id });
    const { set, remove } = tagChanges(await tagsOf(aws, id), target.tagsAll);
    if (remove.length > 0) {
      await aws.sfn.untagResource({ resourceArn: id, tagKeys: remove });
    }
    if (Object.keys(set).length > 0) {
      await aws.sfn.tagResource({ resourceArn: id, tags: tagList(set) });
    }
  },
  async delete(aws, id) {
    await found(aws.sfn.deleteStateMachine({ stateMachineArn: id }));
  },
});
