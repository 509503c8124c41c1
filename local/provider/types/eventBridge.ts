import { RuleState, type Target } from "@aws-sdk/client-eventbridge";
import { type Aws, found } from "../aws";
import { autonamed } from "../autoname";
import { isJson, sameJson } from "../documents";
import {
  boolean,
  defaulted,
  type Inputs,
  integer,
  map,
  named,
  object,
  oneOf,
  required,
  string,
} from "../fields";
import { defineResource, regional, tagged } from "../resource";
import { tagChanges, tagList, tagMap } from "../tags";
import { all, anArn, between, lengthBetween, matches } from "../validators";

const ruleName = matches(/^[0-9A-Za-z_.-]{1,64}$/, "only letters, digits and _.- are allowed");
const onBus = { eventBusName: defaulted(string({ forceNew: true }), "default") };

const ruleInputs = {
  ...regional,
  ...tagged,
  ...onBus,
  name: named(string({ forceNew: true, check: ruleName })),
  description: string({ check: lengthBetween(0, 512) }),
  eventPattern: string({ check: all(isJson, lengthBetween(0, 4096)), same: sameJson }),
  forceDestroy: defaulted(boolean({ unread: true }), false),
  roleArn: string({ check: anArn }),
  scheduleExpression: string({ check: lengthBetween(0, 256) }),
  state: oneOf(Object.values(RuleState), { computed: true }),
};

const ruleId = (bus: string, name: string) => (bus === "default" ? name : `${bus}/${name}`);

/** The bus and the rest of an id that begins with a bus unless that is the default one. */
function onWhichBus(id: string, parts: number): string[] {
  const found = id.split("/");
  return found.length === parts ? ["default", ...found] : found;
}

function rule(id: string): { Name: string; EventBusName: string } {
  const [EventBusName, Name] = onWhichBus(id, 1);
  if (EventBusName === undefined || Name === undefined) {
    throw new Error(`the id of a rule is <rule> or <bus>/<rule>, not "${id}"`);
  }
  return { Name, EventBusName };
}

async function putRule(aws: Aws, target: Inputs<typeof ruleInputs>, tags?: Record<string, string>) {
  await aws.events.putRule({
    Name: target.name,
    EventBusName: target.eventBusName,
    Description: target.description,
    EventPattern: target.eventPattern,
    RoleArn: target.roleArn,
    ScheduleExpression: target.scheduleExpression,
    State: target.state,
    Tags: tags && tagList(tags),
  });
}

export const eventRule = defineResource({
  token: "aws:cloudwatch/eventRule:EventRule",
  inputs: ruleInputs,
  outputs: ["arn"],
  unsupported: ["isEnabled", "namePrefix"],
  autoname: autonamed(64),
  check: (_, isSet) =>
    isSet("eventPattern") || isSet("scheduleExpression")
      ? []
      : [{ property: "eventPattern", reason: "this or scheduleExpression is required" }],
  idOf: ({ name, eventBusName }) => name && ruleId(eventBusName ?? "default", name),
  async create(aws, target, created) {
    await putRule(aws, target, target.tagsAll);
    created(ruleId(target.eventBusName, target.name));
  },
  async read(aws, id) {
    const key = rule(id);
    const actual = await found(aws.events.describeRule(key));
    if (actual === undefined) {
      return undefined;
    }
    const { Tags } = await aws.events.listTagsForResource({ ResourceARN: actual.Arn });
    return {
      name: key.Name,
      eventBusName: key.EventBusName,
      arn: actual.Arn,
      description: actual.Description,
      eventPattern: actual.EventPattern,
      roleArn: actual.RoleArn,
      scheduleExpression: actual.ScheduleExpression,
      state: actual.State,
      tagsAll: tagMap(Tags),
    };
  },
  async update(aws, id, target) {
    await putRule(aws, target);
    const { Arn } = await aws.events.describeRule(rule(id));
    const { Tags } = await aws.events.listTagsForResource({ ResourceARN: Arn });
    const { set, remove } = tagChanges(tagMap(Tags), target.tagsAll);
    if (remove.length > 0) {
      await aws.events.untagResource({ ResourceARN: Arn, TagKeys: remove });
    }
    if (Object.keys(set).length > 0) {
      await aws.events.tagResource({ ResourceARN: Arn, Tags: tagList(set) });
    }
  },
  async delete(aws, id, { forceDestroy }) {
    await found(aws.events.deleteRule({ ...rule(id), Force: forceDestroy }));
  },
});

const targetInputs = {
  ...regional,
  ...onBus,
  arn: required(string({ check: anArn })),
  deadLetterConfig: object({ arn: string({ check: anArn }) }),
  forceDestroy: defaulted(boolean({ unread: true }), false),
  input: string({ check: all(isJson, lengthBetween(0, 8192)) }),
  inputPath: string({ check: lengthBetween(0, 256) }),
  inputTransformer: object({
    inputPaths: map(),
    inputTemplate: required(string({ check: lengthBetween(1, 8192) })),
  }),
  retryPolicy: object({
    maximumEventAgeInSeconds: integer({ check: between(0, 86_400) }),
    maximumRetryAttempts: integer({ check: between(0, 185) }),
  }),
  roleArn: string({ check: anArn }),
  rule: required(string({ forceNew: true, check: ruleName })),
  targetId: named(
    string({
      forceNew: true,
      check: matches(/^[0-9A-Za-z_.-]{1,64}$/, "only letters, digits and _.- are allowed"),
    }),
  ),
};

type TargetInputs = Inputs<typeof targetInputs>;

/** As `pulumi import` takes it: with slashes, where the official provider's own ids have dashes. */
const targetIdOf = (bus: string, rule: string, target: string) => `${ruleId(bus, rule)}/${target}`;

function target(id: string): { EventBusName: string; Rule: string; Id: string } {
  const [EventBusName, Rule, Id] = onWhichBus(id, 2);
  if (EventBusName === undefined || Rule === undefined || Id === undefined) {
    throw new Error(`the id of a target is <rule>/<target> or <bus>/<rule>/<target>, not "${id}"`);
  }
  return { EventBusName, Rule, Id };
}

async function putTarget(aws: Aws, inputs: TargetInputs): Promise<void> {
  const { deadLetterConfig: dead, inputTransformer: transformer, retryPolicy: retry } = inputs;
  const wanted: Target = {
    Id: inputs.targetId,
    Arn: inputs.arn,
    DeadLetterConfig: dead && { Arn: dead.arn },
    Input: inputs.input,
    InputPath: inputs.inputPath,
    InputTransformer: transformer && {
      InputPathsMap: transformer.inputPaths,
      InputTemplate: transformer.inputTemplate,
    },
    RetryPolicy: retry && {
      MaximumEventAgeInSeconds: retry.maximumEventAgeInSeconds,
      MaximumRetryAttempts: retry.maximumRetryAttempts,
    },
    RoleArn: inputs.roleArn,
  };
  const { FailedEntries } = await aws.events.putTargets({
    Rule: inputs.rule,
    EventBusName: inputs.eventBusName,
    Targets: [wanted],
  });
  throwFailed(FailedEntries);
}

function throwFailed(failed: { ErrorCode?: string; ErrorMessage?: string }[] | undefined): void {
  const [first] = failed ?? [];
  if (first !== undefined) {
    throw new Error(`${first.ErrorCode}: ${first.ErrorMessage}`);
  }
}

async function findTarget(aws: Aws, id: string): Promise<Target | undefined> {
  const { Rule, EventBusName, Id } = target(id);
  let NextToken: string | undefined;
  do {
    const page = await found(aws.events.listTargetsByRule({ Rule, EventBusName, NextToken }));
    const match = page?.Targets?.find((candidate) => candidate.Id === Id);
    if (match !== undefined) {
      return match;
    }
    NextToken = page?.NextToken;
  } while (NextToken !== undefined);
  return undefined;
}

export const eventTarget = defineResource({
  token: "aws:cloudwatch/eventTarget:EventTarget",
  inputs: targetInputs,
  unsupported: [
    "appsyncTarget",
    "batchTarget",
    "ecsTarget",
    "httpTarget",
    "kinesisTarget",
    "redshiftTarget",
    "runCommandTargets",
    "sagemakerPipelineTarget",
    "sqsTarget",
  ],
  // The official provider names it by the clock, so that a creation cut off leaves a second target.
  autoname: { property: "targetId", separator: "-", maxLength: 64, randomLength: 7, unique: false },
  check(_, isSet) {
    const [first, ...others] = (["input", "inputPath", "inputTransformer"] as const).filter(isSet);
    return others.map((property) => ({ property, reason: `conflicts with ${first}` }));
  },
  idOf: ({ eventBusName, rule, targetId }) =>
    rule && targetId && targetIdOf(eventBusName ?? "default", rule, targetId),
  async create(aws, inputs, created) {
    await putTarget(aws, inputs);
    created(targetIdOf(inputs.eventBusName, inputs.rule, inputs.targetId));
  },
  async read(aws, id) {
    const actual = await findTarget(aws, id);
    const key = target(id);
    const { DeadLetterConfig: dead, InputTransformer: transformer } = actual ?? {};
    const { RetryPolicy: retry } = actual ?? {};
    return (
      actual && {
        eventBusName: key.EventBusName,
        rule: key.Rule,
        targetId: key.Id,
        arn: actual.Arn,
        deadLetterConfig: dead && { arn: dead.Arn },
        input: actual.Input,
        inputPath: actual.InputPath,
        inputTransformer: transformer && {
          inputPaths: transformer.InputPathsMap,
          inputTemplate: transformer.InputTemplate,
        },
        retryPolicy: retry && {
          maximumEventAgeInSeconds: retry.MaximumEventAgeInSeconds,
          maximumRetryAttempts: retry.MaximumRetryAttempts,
        },
        roleArn: actual.RoleArn,
      }
    );
  },
  async update(aws, _, inputs) {
    await putTarget(aws, inputs);
  },
  async delete(aws, id, { forceDestroy }) {
    const { Rule, EventBusName, Id } = target(id);
    const answer = await found(
      aws.events.removeTargets({ Rule, EventBusName, Ids: [Id], Force: forceDestroy }),
    );
    throwFailed(answer?.FailedEntries);
  },
});
