import { resourceRule, Rule } from "../rule";
import { giveTags, givenTags, missingTags } from "../tags";

const common = {
  level: "mandatory",
  severity: "medium",
  reason: "What has no tags can be charged to nobody and is found by nobody",
  url: "https://docs.aws.amazon.com/glue/latest/dg/monitor-tags.html",
  config: givenTags,
  check: missingTags,
  remediate: giveTags,
} as const;

/** Rules for tags of what a pipeline is made of. */
export const tagRules: readonly Rule[] = [
  resourceRule({
    ...common,
    name: "glue-workflow-tags",
    description: "A Glue workflow has the required tags",
    fix: "Give the workflow, or its provider's default tags, every required tag",
    references: [],
    types: ["aws:glue/workflow:Workflow"],
  }),
  resourceRule({
    ...common,
    name: "glue-resource-tags",
    description: "Jobs, triggers, crawlers, databases and buckets have the required tags",
    fix: "Give each, or its provider's default tags, every required tag",
    references: ["Security Hub Glue.1"],
    types: [
      "aws:glue/job:Job",
      "aws:glue/trigger:Trigger",
      "aws:glue/crawler:Crawler",
      "aws:glue/catalogDatabase:CatalogDatabase",
      "aws:s3/bucket:Bucket",
      "aws:s3/bucketV2:BucketV2",
    ],
  }),
];
