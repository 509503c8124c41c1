import {
  CrawlState,
  JobRunState,
  Logical,
  LogicalOperator,
  TriggerState,
  TriggerType,
} from "@aws-sdk/client-glue";
import { fromApi, toApi } from "../api";
import { autonamed } from "../autoname";
import { type Aws, found } from "../aws";
import {
  boolean,
  defaulted,
  type Inputs,
  integer,
  list,
  map,
  named,
  object,
  oneOf,
  required,
  string,
} from "../fields";
import { defineResource, regional, tagged } from "../resource";
import { atLeast, between, lengthBetween } from "../validators";
import { glueTags, setGlueTags } from "./glueTags";

const inputs = {
  ...regional,
  ...tagged,
  name: named(string({ forceNew: true, check: lengthBetween(1, 255) })),
  type: required(oneOf(Object.values(TriggerType), { forceNew: true })),
  workflowName: string({ forceNew: true }),
  description: string({ check: lengthBetween(0, 2048) }),
  enabled: defaulted(boolean(), true),
  startOnCreation: boolean({ unread: true }),
  schedule: string(),
  actions: required(
    list(
      object({
        arguments: map(),
        crawlerName: string(),
        jobName: string(),
        timeout: integer({ check: atLeast(1) }),
        securityConfiguration: string(),
        notificationProperty: object({ notifyDelayAfter: integer({ check: atLeast(1) }) }),
      }),
    ),
  ),
  predicate: object({
    logical: defaulted(oneOf(Object.values(Logical)), Logical.AND),
    conditions: required(
      list(
        object({
          jobName: string(),
          crawlerName: string(),
          logicalOperator: defaulted(oneOf(Object.values(LogicalOperator)), LogicalOperator.EQUALS),
          state: oneOf(Object.values(JobRunState)),
          crawlState: oneOf(Object.values(CrawlState)),
        }),
      ),
    ),
  }),
  eventBatchingConditions: list(
    object({
      batchSize: required(integer({ check: between(1, 100) })),
      batchWindow: defaulted(integer({ check: between(1, 900) }), 900),
    }),
  ),
};

function settings(trigger: Inputs<typeof inputs>) {
  const api = toApi(inputs, trigger);
  return {
    Description: api.Description ?? "",
    Schedule: api.Schedule,
    Actions: api.Actions,
    Predicate: api.Predicate,
    EventBatchingCondition: api.EventBatchingConditions?.[0],
  };
}

const onTheMove: (TriggerState | undefined)[] = [
  TriggerState.CREATING,
  TriggerState.ACTIVATING,
  TriggerState.DEACTIVATING,
  TriggerState.UPDATING,
];

async function settled(aws: Aws, name: string): Promise<void> {
  await aws.waitUntil(`trigger ${name} to settle`, async () => {
    const answer = await aws.glue.getTrigger({ Name: name });
    return !onTheMove.includes(answer.Trigger?.State);
  });
}

export const trigger = defineResource({
  token: "aws:glue/trigger:Trigger",
  inputs,
  outputs: ["arn", "state"],
  autoname: autonamed(),
  volatile: { state: ["enabled"] },
  check({ type }, isSet) {
    // Glue refuses these at creation (Glue API, CreateTrigger).
    if (type === TriggerType.SCHEDULED && !isSet("schedule")) {
      return [{ property: "schedule", reason: "is required for a trigger of type SCHEDULED" }];
    }
    if (type === TriggerType.CONDITIONAL && !isSet("predicate")) {
      return [{ property: "predicate", reason: "is required for a trigger of type CONDITIONAL" }];
    }
    return [];
  },
  idOf: ({ name }) => name,
  async create(aws, target, created) {
    const runs = target.type === TriggerType.SCHEDULED || target.type === TriggerType.CONDITIONAL;
    await aws.glue.createTrigger({
      ...settings(target),
      Name: target.name,
      Type: target.type,
      WorkflowName: target.workflowName,
      StartOnCreation: target.startOnCreation || (target.enabled && runs),
      Tags: target.tagsAll,
    });
    created(target.name);
    await settled(aws, target.name);
    if (target.enabled && target.type === TriggerType.ON_DEMAND) {
      await aws.glue.startTrigger({ Name: target.name });
    }
  },
  async read(aws, id, { enabled }) {
    const answer = await found(aws.glue.getTrigger({ Name: id }));
    const actual = answer?.Trigger;
    if (actual === undefined) {
      return undefined;
    }
    const arn = await aws.arn("glue", `trigger/${id}`);
    const { EventBatchingCondition: batching, State: state, Type: type } = actual;
    // An event or on-demand trigger has no active state: it stays as the program has it.
    const lasting = type === TriggerType.ON_DEMAND || type === TriggerType.EVENT;
    return {
      ...fromApi(inputs, { ...actual, EventBatchingConditions: batching && [batching] }),
      enabled: lasting
        ? enabled !== false && (state === TriggerState.CREATED || state === TriggerState.CREATING)
        : state === TriggerState.ACTIVATED || state === TriggerState.ACTIVATING,
      arn,
      state,
      tagsAll: await glueTags(aws, arn),
    };
  },
  async update(aws, id, target, old) {
    await aws.glue.updateTrigger({ Name: id, TriggerUpdate: settings(target) });
    await settled(aws, id);
    if (target.enabled && old.enabled === false) {
      await aws.glue.startTrigger({ Name: id });
    }
    const idle = target.type === TriggerType.ON_DEMAND && old.state === TriggerState.CREATED;
    if (!target.enabled && old.enabled === true && !idle) {
      await aws.glue.stopTrigger({ Name: id });
    }
    await settled(aws, id);
    await setGlueTags(aws, await aws.arn("glue", `trigger/${id}`), target.tagsAll);
  },
  async delete(aws, id) {
    await found(aws.glue.deleteTrigger({ Name: id }));
    await aws.waitUntil(
      `trigger ${id} to be deleted`,
      async () => (await found(aws.glue.getTrigger({ Name: id })))?.Trigger === undefined,
    );
  },
});
