import * as pulumi from "@pulumi/pulumi";
import { ArgumentChecks } from "./checks/arguments";
import { Arns, arns, Statement } from "./access/policyDocuments";
import { recoveryStates } from "./reactions/recoveryStates";
import { mayNotify, startBy, stateMachine } from "./reactions/stateMachine";

/** Arguments of {@link WorkflowRecovery}. */
export interface WorkflowRecoveryArgs {
  /** Name of the Glue workflow whose failed runs are resumed. */
  workflowName: pulumi.Input<string>;
  /** Names of the workflow's crawlers. Together with `jobNames`, at least one. */
  crawlerNames: pulumi.Input<string>[];
  /** Names of the workflow's jobs. */
  jobNames: pulumi.Input<string>[];
  /**
   * Times that a run is resumed before it is given up, 1 to 10. Each resume is billed as any other run
   * of what has failed and of all that comes after it. Default: 2.
   */
  maxResumes?: number;
  /**
   * Seconds before the first resume, doubled for each one after it, 60 to 3600. With the default, a
   * run that is given up has waited 5 and then 10 minutes, beside the time of its runs. Default: 300.
   */
  backoffSeconds?: number;
  /** ARN of the topic that is told when a run is given up. */
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
 * Resumes failed runs of a workflow from what has failed, and gives up after a few times. A state
 * machine waits until the run has ended, so that Glue's own retries come first; it costs a few cents
 * for each thousand failures. What somebody stops is left alone.
 *
 * The number of resumes is the run property `resumes`; `recovery` names the execution that has taken
 * a run on, so that several failures in one run lead to one resume.
 *
 * ```ts
 * new WorkflowRecovery("mobile-user", {
 *   workflowName: workflow.workflowName,
 *   crawlerNames: [ios.crawlerName],
 *   jobNames: [job.jobName],
 *   topicArn: monitoring.topicArn,
 *   kmsKeyArn: lake.kmsKeyArn,
 * });
 * ```
 */
export class WorkflowRecovery extends pulumi.ComponentResource {
  /** ARN of the state machine. */
  public readonly stateMachineArn: pulumi.Output<string>;

  constructor(name: string, args: WorkflowRecoveryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("glue-etl:index:WorkflowRecovery", name, {}, opts);
    const limits = normalize(name, args);
    const { workflowName, topicArn } = args;
    const to = arns({ parent: this });
    const machine = stateMachine(
      name,
      {
        ...args,
        description: "Resumes a failed run of the workflow from what has failed",
        states: recoveryStates(to, { ...limits, workflowName, topicArn }),
        permissions: permissions(to, args),
      },
      this,
    );
    startBy(
      name,
      {
        description: "Failures that a resume may mend",
        pattern: {
          source: ["aws.glue"],
          "detail-type": ["Glue Crawler State Change", "Glue Job State Change"],
          detail: {
            // Not STOPPED: somebody did that.
            state: ["Failed", "FAILED", "TIMEOUT"],
            ...either({ crawlerName: args.crawlerNames, jobName: args.jobNames }),
          },
        },
      },
      machine,
      args,
    );
    this.stateMachineArn = machine.arn;
    this.registerOutputs({ stateMachineArn: this.stateMachineArn });
  }
}

/** Lets an event pass that has one of the names; EventBridge takes `$or` of two or more alone. */
function either(names: Record<string, pulumi.Input<string>[]>): object {
  const branches = Object.entries(names)
    .filter(([, list]) => list.length > 0)
    .map(([field, list]) => ({ [field]: list }));
  return branches.length > 1 ? { $or: branches } : { ...branches[0] };
}

function permissions(
  to: Arns,
  { workflowName, topicArn, kmsKeyArn }: WorkflowRecoveryArgs,
): Statement[] {
  return [
    {
      Sid: "Resume",
      Action: [
        "glue:GetWorkflow",
        "glue:GetWorkflowRun",
        "glue:PutWorkflowRunProperties",
        "glue:ResumeWorkflowRun",
      ],
      Resource: to.workflow(workflowName),
    },
    ...mayNotify(topicArn, kmsKeyArn),
  ];
}

function normalize(name: string, args: WorkflowRecoveryArgs) {
  const check = new ArgumentChecks(`WorkflowRecovery "${name}"`);
  const limits = {
    maxResumes: args.maxResumes ?? 2,
    backoffSeconds: args.backoffSeconds ?? 300,
  };
  check.crawlersOrJobs(args);
  check.wholeNumber("maxResumes", limits.maxResumes, 1, 10);
  check.wholeNumber("backoffSeconds", limits.backoffSeconds, 60, 3600);
  return limits;
}
