import { resourceRule, Rule } from "../rule";

const devEndpoint = "aws:glue/devEndpoint:DevEndpoint";

/** Rules for what people develop Glue jobs on. */
export const developmentRules: readonly Rule[] = [
  resourceRule({
    name: "glue-no-dev-endpoint",
    level: "mandatory",
    severity: "critical",
    description: "A stack has no Glue dev endpoint",
    reason: "A dev endpoint bills for its DPUs by the hour while nobody uses it",
    fix: "Delete it, and develop on a local run or in an interactive session, which ends when idle",
    references: [],
    url: "https://docs.aws.amazon.com/glue/latest/dg/dev-endpoint.html",
    config: {},
    types: [devEndpoint],
    check: () => ({
      field: "",
      found: "is a dev endpoint",
      fix: "delete it and develop on a local run or in an interactive session, which ends when idle",
    }),
  }),
];
