import * as pulumi from "@pulumi/pulumi";
import { ArgumentChecks } from "./checks/arguments";
import { janitorStates } from "./reactions/janitorStates";
import { Arns, arns, Statement } from "./access/policyDocuments";
import { checkSchedule } from "./checks/schedule";
import { mayNotify, startBy, stateMachine } from "./reactions/stateMachine";

/** Arguments of {@link IdleComputeJanitor}. */
export interface IdleComputeJanitorArgs {
  /** When it looks, UTC, in AWS's cron dialect. Default: `cron(0 * * * ? *)`, every hour. */
  schedule?: string;
  /**
   * Hours without a statement after which an interactive session is idle, above 0 and at most 168. A
   * session that was given no idle timeout bills for 48 hours. Default: 4.
   */
  maxIdleHours?: number;
  /** Hours after which a dev endpoint is too old, above 0 and at most 168. Default: 8. */
  maxAgeHours?: number;
  /**
   * Whether it stops idle sessions and deletes old dev endpoints, whoever made them. Otherwise it
   * only tells of them, each time that it looks. Default: false.
   */
  remove?: boolean;
  /** ARN of the topic that is told of what is found. */
  topicArn: pulumi.Input<string>;
  /** KMS key of the topic, also of the state machine's log; its policy must let CloudWatch Logs use it. */
  kmsKeyArn: pulumi.Input<string>;
  /** Days that the log is kept. Default: 30. */
  logRetentionDays?: pulumi.Input<number>;
  /** ARN of the policy that bounds the roles. Default: none. */
  permissionsBoundaryArn?: pulumi.Input<string>;
  /** Tags of every resource that takes tags. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * Finds Glue compute that bills while nobody uses it, in the whole account and region: idle
 * interactive sessions, and dev endpoints, which bill until they're deleted. One notice names each
 * with its age and role; where nothing is found there is none.
 *
 * A session of five workers that is forgotten costs 2.20 dollars an hour (AWS Glue pricing, US West);
 * looking every hour costs about 20 cents a month (Step Functions pricing).
 *
 * ```ts
 * new IdleComputeJanitor("idle-compute", {
 *   remove: true,
 *   topicArn: monitoring.topicArn,
 *   kmsKeyArn: lake.kmsKeyArn,
 * });
 * ```
 */
export class IdleComputeJanitor extends pulumi.ComponentResource {
  /** ARN of the state machine; start an execution to have it look at once. */
  public readonly stateMachineArn: pulumi.Output<string>;

  constructor(name: string, args: IdleComputeJanitorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("glue-etl:index:IdleComputeJanitor", name, {}, opts);
    const { schedule, ...settings } = normalize(name, args);
    const to = arns({ parent: this });
    const machine = stateMachine(
      name,
      {
        ...args,
        description: "Finds idle Glue sessions and old dev endpoints",
        states: janitorStates(to, { ...settings, topicArn: args.topicArn }),
        permissions: [
          ...permissions(to, settings.remove),
          ...mayNotify(args.topicArn, args.kmsKeyArn),
        ],
      },
      this,
    );
    startBy(name, { description: "When to look for idle compute", schedule }, machine, args);
    this.stateMachineArn = machine.arn;
    this.registerOutputs({ stateMachineArn: this.stateMachineArn });
  }
}

function permissions(to: Arns, remove: boolean): Statement[] {
  const statements: Statement[] = [
    {
      // Neither takes a resource (Service Authorization Reference, AWS Glue).
      Sid: "Find",
      Action: ["glue:ListSessions", "glue:GetDevEndpoints"],
      Resource: "*",
    },
    // Sessions and dev endpoints of anybody, so no names are known.
    { Sid: "LastUse", Action: ["glue:ListStatements"], Resource: to.session("*") },
  ];
  return remove
    ? [
        ...statements,
        { Sid: "Stop", Action: ["glue:StopSession"], Resource: to.session("*") },
        { Sid: "Delete", Action: ["glue:DeleteDevEndpoint"], Resource: to.devEndpoint("*") },
      ]
    : statements;
}

function normalize(name: string, args: IdleComputeJanitorArgs) {
  const check = new ArgumentChecks(`IdleComputeJanitor "${name}"`);
  const settings = {
    schedule: args.schedule ?? "cron(0 * * * ? *)",
    maxIdleHours: args.maxIdleHours ?? 4,
    maxAgeHours: args.maxAgeHours ?? 8,
    remove: args.remove ?? false,
  };
  checkSchedule(check, "schedule", settings.schedule);
  check.positive("maxIdleHours", settings.maxIdleHours, 168);
  check.positive("maxAgeHours", settings.maxAgeHours, 168);
  return settings;
}
