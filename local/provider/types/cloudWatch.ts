import {
  ComparisonOperator,
  type PutMetricAlarmCommandInput,
  StandardUnit,
  Statistic,
} from "@aws-sdk/client-cloudwatch";
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
  number,
  oneOf,
  required,
  set,
  string,
} from "../fields";
import { defineResource, type Failure, regional, tagged } from "../resource";
import { tagChanges, tagList, tagMap } from "../tags";
import { all, anArn, atLeast, lengthBetween, matches } from "../validators";

const actions = set(string({ check: anArn }));

const alarmInputs = {
  ...regional,
  ...tagged,
  name: named(string({ forceNew: true, check: lengthBetween(1, 255) })),
  actionsEnabled: defaulted(boolean(), true),
  alarmActions: actions,
  alarmDescription: string({ check: lengthBetween(0, 1024) }),
  comparisonOperator: oneOf(Object.values(ComparisonOperator)),
  datapointsToAlarm: integer({ check: atLeast(1) }),
  dimensions: map(),
  evaluationPeriods: integer({ check: atLeast(1) }),
  extendedStatistic: string({
    check: matches(
      /^(((p|tm|wm|tc|ts)(\d{1,2}(\.\d{1,2})?|100))|IQM|(TM|WM|PR|TC|TS)\(.*:.*\))$/,
      "is not a statistic of CloudWatch, such as p90 or TM(10%:90%)",
    ),
  }),
  insufficientDataActions: actions,
  metricName: string({ check: lengthBetween(1, 255) }),
  namespace: string({
    check: all(lengthBetween(1, 255), matches(/^[^:]/, "must not begin with a colon")),
  }),
  okActions: actions,
  period: integer({
    check: (seconds) =>
      [10, 20, 30].includes(seconds) || seconds % 60 === 0
        ? undefined
        : `expected 10, 20, 30 or a multiple of 60 seconds, got ${seconds}`,
  }),
  statistic: oneOf(Object.values(Statistic)),
  threshold: number(),
  treatMissingData: defaulted(oneOf(["breaching", "ignore", "missing", "notBreaching"]), "missing"),
  unit: oneOf(Object.values(StandardUnit)),
};

type Alarm = Inputs<typeof alarmInputs>;

/** PutMetricAlarm takes the whole alarm, also for an update. */
function settings(alarm: Alarm): PutMetricAlarmCommandInput {
  return {
    AlarmName: alarm.name,
    AlarmDescription: alarm.alarmDescription,
    ActionsEnabled: alarm.actionsEnabled,
    AlarmActions: alarm.alarmActions,
    OKActions: alarm.okActions,
    InsufficientDataActions: alarm.insufficientDataActions,
    ComparisonOperator: alarm.comparisonOperator,
    DatapointsToAlarm: alarm.datapointsToAlarm,
    Dimensions: Object.entries(alarm.dimensions ?? {}).map(([Name, Value]) => ({ Name, Value })),
    EvaluationPeriods: alarm.evaluationPeriods,
    ExtendedStatistic: alarm.extendedStatistic,
    MetricName: alarm.metricName,
    Namespace: alarm.namespace,
    Period: alarm.period,
    Statistic: alarm.statistic,
    Threshold: alarm.threshold ?? 0,
    TreatMissingData: alarm.treatMissingData,
    Unit: alarm.unit,
  };
}

export const metricAlarm = defineResource({
  token: "aws:cloudwatch/metricAlarm:MetricAlarm",
  inputs: alarmInputs,
  outputs: ["arn"],
  // The emulator evaluates one metric against one number.
  unsupported: [
    "evaluateLowSampleCountPercentiles",
    "evaluationCriteria",
    "evaluationInterval",
    "metricQueries",
    "thresholdMetricId",
    "warmUpConfiguration",
  ],
  autoname: autonamed(),
  check(_, isSet) {
    const failures: Failure[] = (
      ["comparisonOperator", "evaluationPeriods", "metricName"] as const
    ).flatMap((property) => (isSet(property) ? [] : [{ property, reason: "is required" }]));
    if (isSet("statistic") === isSet("extendedStatistic")) {
      failures.push({
        property: "statistic",
        reason: "one of statistic and extendedStatistic must be set",
      });
    }
    return failures;
  },
  idOf: ({ name }) => name,
  async create(aws, target, created) {
    await aws.cloudWatch.putMetricAlarm({ ...settings(target), Tags: tagList(target.tagsAll) });
    created(target.name);
  },
  async read(aws, id) {
    const { MetricAlarms } = await aws.cloudWatch.describeAlarms({ AlarmNames: [id] });
    const [actual] = MetricAlarms ?? [];
    if (actual === undefined) {
      return undefined;
    }
    const { Tags } = await aws.cloudWatch.listTagsForResource({ ResourceARN: actual.AlarmArn });
    const { ExtendedStatistic: extended, Dimensions: dimensions = [] } = actual;
    return {
      arn: actual.AlarmArn,
      name: actual.AlarmName,
      actionsEnabled: actual.ActionsEnabled,
      alarmActions: actual.AlarmActions,
      alarmDescription: actual.AlarmDescription || undefined,
      comparisonOperator: actual.ComparisonOperator,
      datapointsToAlarm: actual.DatapointsToAlarm,
      dimensions: Object.fromEntries(dimensions.map(({ Name, Value }) => [Name, Value])),
      evaluationPeriods: actual.EvaluationPeriods,
      extendedStatistic: extended,
      insufficientDataActions: actual.InsufficientDataActions,
      metricName: actual.MetricName,
      namespace: actual.Namespace,
      okActions: actual.OKActions,
      period: actual.Period,
      // The emulator says Average beside an extended one.
      statistic: extended ? undefined : actual.Statistic,
      threshold: actual.Threshold,
      treatMissingData: actual.TreatMissingData ?? "missing",
      unit: actual.Unit,
      tagsAll: tagMap(Tags),
    };
  },
  async update(aws, id, target) {
    await aws.cloudWatch.putMetricAlarm(settings(target));
    const ResourceARN = await aws.arn("cloudwatch", `alarm:${id}`);
    const { Tags } = await aws.cloudWatch.listTagsForResource({ ResourceARN });
    const { set: added, remove } = tagChanges(tagMap(Tags), target.tagsAll);
    if (remove.length > 0) {
      await aws.cloudWatch.untagResource({ ResourceARN, TagKeys: remove });
    }
    if (Object.keys(added).length > 0) {
      await aws.cloudWatch.tagResource({ ResourceARN, Tags: tagList(added) });
    }
  },
  async delete(aws, id) {
    await found(aws.cloudWatch.deleteAlarms({ AlarmNames: [id] }));
  },
});

const dashboardInputs = {
  ...regional,
  dashboardName: required(
    string({
      forceNew: true,
      check: matches(
        /^[0-9A-Za-z_-]{1,255}$/,
        "only 1 to 255 letters, digits, _ and - are allowed",
      ),
    }),
  ),
  dashboardBody: required(string({ check: isJson, same: sameJson })),
};

async function putDashboard(aws: Aws, inputs: Inputs<typeof dashboardInputs>): Promise<void> {
  await aws.cloudWatch.putDashboard({
    DashboardName: inputs.dashboardName,
    DashboardBody: inputs.dashboardBody,
  });
}

export const dashboard = defineResource({
  token: "aws:cloudwatch/dashboard:Dashboard",
  inputs: dashboardInputs,
  outputs: ["dashboardArn"],
  idOf: ({ dashboardName }) => dashboardName,
  async create(aws, inputs, created) {
    await putDashboard(aws, inputs);
    created(inputs.dashboardName);
  },
  async read(aws, id) {
    const answer = await found(aws.cloudWatch.getDashboard({ DashboardName: id }));
    return (
      answer && {
        dashboardArn: answer.DashboardArn,
        dashboardName: id,
        dashboardBody: answer.DashboardBody,
      }
    );
  },
  async update(aws, _, inputs) {
    await putDashboard(aws, inputs);
  },
  async delete(aws, id) {
    await found(aws.cloudWatch.deleteDashboards({ DashboardNames: [id] }));
  },
});
