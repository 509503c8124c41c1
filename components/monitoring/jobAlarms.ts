import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { alarm, AlarmTarget } from "./alarms";
import { metricNamespace } from "./jobMetrics";

/** When a run of a job is worth an alarm. */
export interface JobThresholds {
  maxRunMinutes: number;
  /** 0: no alarm. */
  minRows: number;
  maxQuarantinedShare: number;
}

/**
 * Alarms on the metrics that jobs put at the end of a run that has published. There is a value a run,
 * so a state lasts until the next run's.
 */
export function jobAlarms(
  name: string,
  jobNames: pulumi.Input<string>[],
  thresholds: JobThresholds,
  target: AlarmTarget,
  parent: pulumi.Resource,
): aws.cloudwatch.MetricAlarm[] {
  return jobNames.flatMap((jobName, index) => {
    const job = index === 0 ? name : `${name}-${index + 1}`;
    const metric = { namespace: metricNamespace, dimensions: { JobName: jobName } };
    const { maxRunMinutes, minRows, maxQuarantinedShare } = thresholds;
    const slow = alarm(
      `${job}-slow`,
      {
        ...metric,
        description: `A run of the job took more than ${maxRunMinutes} minutes. Look for more data than usual, or give the job more workers.`,
        metricName: "RunSeconds",
        statistic: "Maximum",
        period: 300,
        comparison: "GreaterThanThreshold",
        threshold: maxRunMinutes * 60,
        missingData: "ignore",
      },
      target,
      parent,
    );
    const quarantined = alarm(
      `${job}-quarantined`,
      {
        ...metric,
        description: `More than ${maxQuarantinedShare * 100}% of a run's records can't be read. Query the quarantine table for the reasons.`,
        metricName: "QuarantinedShare",
        statistic: "Maximum",
        period: 300,
        comparison: "GreaterThanThreshold",
        threshold: maxQuarantinedShare,
        missingData: "ignore",
      },
      target,
      parent,
    );
    if (minRows === 0) {
      return [slow, quarantined];
    }
    const few = alarm(
      `${job}-few-rows`,
      {
        ...metric,
        description: `The job wrote fewer than ${minRows} rows in a day. Check that the sources still deliver.`,
        metricName: "RowsWritten",
        statistic: "Sum",
        // Over a day: a run that finds nothing new after one that did is no reason for an alarm.
        period: 86_400,
        comparison: "LessThanThreshold",
        threshold: minRows,
        missingData: "ignore",
      },
      target,
      parent,
    );
    return [slow, quarantined, few];
  });
}
