import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Arns, policyDocument, tlsOnly } from "../access/policyDocuments";

/** The encrypted topic of the notices; events and the account's alarms may publish to it. */
export function noticeTopic(
  name: string,
  args: {
    kmsKeyArn: pulumi.Input<string>;
    tags?: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
  },
  to: Arns,
  parent: pulumi.Resource,
): aws.sns.Topic {
  const topic = new aws.sns.Topic(
    name,
    { kmsMasterKeyId: args.kmsKeyArn, tags: args.tags },
    { parent },
  );
  const publish = { Action: ["sns:Publish"], Resource: topic.arn };
  const policy = policyDocument([
    {
      // No condition: EventBridge can't be held to one (EventBridge guide, "Using resource-based
      // policies for Amazon EventBridge", Amazon SNS permissions).
      Sid: "Events",
      Principal: { Service: "events.amazonaws.com" },
      ...publish,
    },
    {
      Sid: "Alarms",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      ...publish,
      Condition: { StringEquals: { "aws:SourceAccount": to.accountId } },
    },
    tlsOnly("sns:Publish", topic.arn),
  ]);
  new aws.sns.TopicPolicy(name, { arn: topic.arn, policy }, { parent: topic });
  return topic;
}
