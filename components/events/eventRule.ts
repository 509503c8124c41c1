import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { alarm, AlarmTarget, anyFailure } from "../monitoring/alarms";

/** What a rule listens to and starts. */
export interface EventRuleArgs {
  description: string;
  /** Events that pass. Exactly one of `pattern` and `schedule` is set. */
  pattern?: object;
  /** Times, UTC, in AWS's cron dialect. */
  schedule?: string;
  /** Default: true. */
  enabled?: boolean | undefined;
  targetArn: pulumi.Input<string>;
  /** Role by which the target is started, where it takes one. */
  roleArn?: pulumi.Input<string>;
}

/** A rule with one target, and an alarm on events that didn't reach it. */
export function eventRule(
  name: string,
  args: EventRuleArgs,
  alarms: AlarmTarget,
  parent: pulumi.Resource,
): aws.cloudwatch.EventRule {
  const rule = new aws.cloudwatch.EventRule(
    name,
    {
      description: args.description,
      eventPattern: args.pattern && pulumi.jsonStringify(args.pattern),
      scheduleExpression: args.schedule,
      state: args.enabled === false ? "DISABLED" : "ENABLED",
      tags: alarms.tags,
    },
    { parent },
  );
  const { targetArn: arn, roleArn } = args;
  new aws.cloudwatch.EventTarget(name, { rule: rule.name, arn, roleArn }, { parent: rule });
  alarm(
    `${name}-undelivered`,
    anyFailure(
      `EventBridge couldn't start the target of ${name}. Check that its role and policy, and the key's, let it.`,
      "AWS/Events",
      "FailedInvocations",
      { RuleName: rule.name },
    ),
    alarms,
    rule,
  );
  return rule;
}
