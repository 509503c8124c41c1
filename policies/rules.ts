import { developmentRules } from "./glue/development";
import { failureNoticeRules } from "./glue/failureNotice";
import { workflowGraphRules } from "./glue/workflowGraph";
import { workflowRules } from "./glue/workflows";
import { Rule } from "./rule";

/** All rules, in the order in which the documentation lists them. */
export const rules: readonly Rule[] = [
  ...developmentRules,
  ...workflowRules,
  ...workflowGraphRules,
  ...failureNoticeRules,
];
