import { describeRules } from "./pack/cases";

describe("policies for Glue workflows", () => {
  describeRules(
    ["glue-workflow-tags"],
    [
      {
        rule: "glue-workflow-tags",
        resource: "workflow",
        field: "tags",
        bad: [undefined, {}, { Project: "p", Environment: "e", Owner: "", CostCenter: "c" }],
        says: /`tags` lacks .*`Owner`/,
      },
    ],
  );
});
