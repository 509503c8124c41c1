import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/**
 * A rule for the events that a bucket sends of the objects below a prefix; a child of `parent`
 * (S3 guide, "Using EventBridge").
 * @param detailType `Object Created` or `Object Deleted`.
 */
export function objectEvents(
  name: string,
  detailType: string,
  { bucketName, prefix }: { bucketName: pulumi.Input<string>; prefix: string },
  tags: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined,
  parent: pulumi.Resource,
): aws.cloudwatch.EventRule {
  return new aws.cloudwatch.EventRule(
    name,
    {
      description: `${detailType} below ${prefix}`,
      eventPattern: pulumi.jsonStringify({
        source: ["aws.s3"],
        "detail-type": [detailType],
        detail: { bucket: { name: [bucketName] }, object: { key: [{ prefix }] } },
      }),
      tags,
    },
    { parent },
  );
}
