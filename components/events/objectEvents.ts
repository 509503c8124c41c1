import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/**
 * A rule for the events that a bucket sends of objects below a prefix; a child of `parent` (S3 guide,
 * "Using EventBridge").
 * @param detailTypes `Object Created` or `Object Deleted`, or both.
 */
export function objectEvents(
  name: string,
  detailTypes: string[],
  objects: { bucketName: pulumi.Input<string>; prefix: string; keys?: object[] },
  tags: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined,
  parent: pulumi.Resource,
): aws.cloudwatch.EventRule {
  const { bucketName, prefix, keys = [{ prefix }] } = objects;
  return new aws.cloudwatch.EventRule(
    name,
    {
      description: `${detailTypes.join(", ")} below ${prefix}`,
      eventPattern: pulumi.jsonStringify({
        source: ["aws.s3"],
        "detail-type": detailTypes,
        detail: { bucket: { name: [bucketName] }, object: { key: keys } },
      }),
      tags,
    },
    { parent },
  );
}
