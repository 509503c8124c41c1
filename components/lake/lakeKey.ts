import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arns, Arns, policyDocument, Statement } from "../access/policyDocuments";

/** The key of a data lake, with an alias. */
export function lakeKey(
  name: string,
  tags: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined,
  opts: pulumi.CustomResourceOptions & { parent: pulumi.Resource },
): aws.kms.Key {
  const key = new aws.kms.Key(
    name,
    {
      description: `Data of ${name}`,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: policyDocument(keyStatements(arns({ parent: opts.parent }))),
      tags,
    },
    opts,
  );
  new aws.kms.Alias(name, { targetKeyId: key.keyId }, { parent: key });
  return key;
}

function keyStatements(to: Arns): Statement[] {
  return [
    {
      Sid: "IamPolicies",
      Principal: { AWS: to.accountRoot },
      Action: ["kms:*"],
      Resource: "*",
    },
    {
      // CloudWatch Logs guide, "Encrypt log data in CloudWatch Logs using AWS KMS".
      Sid: "Logs",
      Principal: { Service: pulumi.interpolate`logs.${to.region}.amazonaws.com` },
      Action: [
        "kms:Encrypt*",
        "kms:Decrypt*",
        "kms:ReEncrypt*",
        "kms:GenerateDataKey*",
        "kms:Describe*",
      ],
      Resource: "*",
      Condition: {
        ArnLike: {
          "kms:EncryptionContext:aws:logs:arn": [
            to.logGroup("/aws-glue/*"),
            to.logGroup("/aws/vendedlogs/states/*"),
          ],
        },
      },
    },
    {
      // No condition: EventBridge names no source here (SNS guide, "Managing Amazon SNS encryption
      // keys and costs").
      Sid: "EventsToTopics",
      Principal: { Service: "events.amazonaws.com" },
      Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
      Resource: "*",
    },
    {
      Sid: "AlarmsToTopics",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
      Resource: "*",
      Condition: { StringEquals: { "aws:SourceAccount": to.accountId } },
    },
  ];
}
