import { athenaRules } from "./athena";
import { developmentRules } from "./glue/development";
import { failureNoticeRules } from "./glue/failureNotice";
import { workflowGraphRules } from "./glue/workflowGraph";
import { workflowRules } from "./glue/workflows";
import { iamRules } from "./iam";
import { kmsRules } from "./kms";
import { logsRules } from "./logs";
import { Rule } from "./rule";
import { s3Rules } from "./s3";
import { snsRules } from "./sns";

/** All rules, in the order in which the documentation lists them. */
export const rules: readonly Rule[] = [
  ...developmentRules,
  ...workflowRules,
  ...workflowGraphRules,
  ...failureNoticeRules,
  ...athenaRules,
  ...s3Rules,
  ...logsRules,
  ...snsRules,
  ...kmsRules,
  ...iamRules,
];
