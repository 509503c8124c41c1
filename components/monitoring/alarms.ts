import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Where alarms tell of themselves. */
export interface AlarmTarget {
  topicArn: pulumi.Input<string>;
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
}

/** When an alarm goes off. */
export interface AlarmCondition {
  /** What it means, and what to do. */
  description: string;
  namespace: string;
  metricName: string;
  dimensions: Record<string, pulumi.Input<string>>;
  statistic: "Sum" | "Maximum" | "Minimum";
  /** Seconds over which the statistic is taken. */
  period: number;
  comparison: "GreaterThanThreshold" | "GreaterThanOrEqualToThreshold" | "LessThanThreshold";
  threshold: number;
  /** `ignore` keeps the state until there is a value again. */
  missingData: "ignore" | "notBreaching";
}

/** An alarm that tells when it goes off and when all is well again; a child of `parent`. */
export function alarm(
  name: string,
  condition: AlarmCondition,
  { topicArn, tags }: AlarmTarget,
  parent: pulumi.Resource,
): aws.cloudwatch.MetricAlarm {
  return new aws.cloudwatch.MetricAlarm(
    name,
    {
      alarmDescription: condition.description,
      namespace: condition.namespace,
      metricName: condition.metricName,
      dimensions: condition.dimensions,
      statistic: condition.statistic,
      period: condition.period,
      evaluationPeriods: 1,
      comparisonOperator: condition.comparison,
      threshold: condition.threshold,
      treatMissingData: condition.missingData,
      alarmActions: [topicArn],
      okActions: [topicArn],
      tags,
    },
    { parent },
  );
}

/** The condition that something which AWS counts as a failure has happened in the last five minutes. */
export function anyFailure(
  description: string,
  namespace: string,
  metricName: string,
  dimensions: Record<string, pulumi.Input<string>>,
): AlarmCondition {
  return {
    description,
    namespace,
    metricName,
    dimensions,
    statistic: "Sum",
    period: 300,
    comparison: "GreaterThanOrEqualToThreshold",
    threshold: 1,
    missingData: "notBreaching",
  };
}
