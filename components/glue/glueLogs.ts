import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentChecks } from "../checks/arguments";
import { Arns, Statement } from "../access/policyDocuments";

/** How a crawler or a job logs; part of their arguments. */
export interface LogArgs {
  securityConfiguration?: pulumi.Input<string>;
  logsKmsKeyArn?: pulumi.Input<string>;
  logRetentionDays?: pulumi.Input<number>;
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** A security configuration comes with the key of its logs. */
export function checkLogArgs(check: ArgumentChecks, args: LogArgs): void {
  if (args.securityConfiguration !== undefined && args.logsKmsKeyArn === undefined) {
    check.fail(
      "logsKmsKeyArn",
      "isn't set beside `securityConfiguration`",
      "Set the KMS key with which the security configuration encrypts logs",
    );
  }
}

/**
 * The groups into which Glue writes, made before it does, so that retention and key are the stack's.
 * @param groups names of the groups by what they are called in the program.
 */
export function logGroups(
  groups: Record<string, pulumi.Input<string>>,
  args: LogArgs,
  parent: pulumi.Resource,
): aws.cloudwatch.LogGroup[] {
  return Object.entries(groups).map(
    ([resourceName, name]) =>
      new aws.cloudwatch.LogGroup(
        resourceName,
        {
          name,
          retentionInDays: args.logRetentionDays ?? 30,
          kmsKeyId: args.logsKmsKeyArn,
          tags: args.tags,
        },
        { parent },
      ),
  );
}

/**
 * What logging takes. With a security configuration, Glue gives a group its key itself, and asks
 * for the role's use of that key (AWS Glue guide, "Encrypting data written by AWS Glue").
 */
export function writeLogs(
  to: Arns,
  groupNames: pulumi.Input<string>[],
  args: LogArgs,
): Statement[] {
  const statement: Statement = {
    Sid: "Logs",
    Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: groupNames.map((name) => pulumi.interpolate`${to.logGroup(name)}:*`),
  };
  if (args.securityConfiguration === undefined || args.logsKmsKeyArn === undefined) {
    return [statement];
  }
  return [
    { ...statement, Action: [...statement.Action, "logs:AssociateKmsKey"] },
    {
      Sid: "LogsKey",
      Action: ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey"],
      Resource: args.logsKmsKeyArn,
    },
  ];
}
