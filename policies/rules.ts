import { developmentRules } from "./glue/development";
import { workflowRules } from "./glue/workflows";
import { Rule } from "./rule";

/** All rules, in the order in which the documentation lists them. */
export const rules: readonly Rule[] = [...developmentRules, ...workflowRules];
