import { resourceRule, Rule } from "../rule";
import { giveTags, givenTags, missingTags } from "../tags";

const workflow = "aws:glue/workflow:Workflow";

/** Rules for Glue workflows and their triggers, one by one. */
export const workflowRules: readonly Rule[] = [
  resourceRule({
    name: "glue-workflow-tags",
    level: "mandatory",
    severity: "medium",
    description: "A Glue workflow has the required tags",
    reason: "What has no tags can be charged to nobody and is found by nobody",
    fix: "Give the workflow, or its provider's default tags, every required tag",
    references: [],
    url: "https://docs.aws.amazon.com/glue/latest/dg/monitor-tags.html",
    config: givenTags,
    types: [workflow],
    check: missingTags,
    remediate: giveTags,
  }),
];
