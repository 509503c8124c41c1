import { ResourceRule } from "./rule";
import { missingTags, requiredTagsSchema } from "./tags";

const devEndpoint = "aws:glue/devEndpoint:DevEndpoint";
const workflow = "aws:glue/workflow:Workflow";

/** Rules for AWS Glue. */
export const glueRules: readonly ResourceRule[] = [
  {
    name: "glue-no-dev-endpoint",
    level: "mandatory",
    severity: "critical",
    description: "A stack has no Glue dev endpoint",
    reason: "A dev endpoint bills for its DPUs by the hour while nobody uses it",
    url: "https://docs.aws.amazon.com/glue/latest/dg/dev-endpoint.html",
    types: [devEndpoint],
    check: () => ({
      field: "",
      found: "is a dev endpoint",
      fix: "delete it and develop on a local run or in an interactive session, which ends when idle",
    }),
  },
  {
    name: "glue-workflow-tags",
    level: "mandatory",
    severity: "medium",
    description: "A Glue workflow has the required tags",
    reason: "What has no tags can be charged to nobody and is found by nobody",
    url: "https://docs.aws.amazon.com/glue/latest/dg/monitor-tags.html",
    configSchema: requiredTagsSchema,
    types: [workflow],
    check: missingTags,
  },
];
