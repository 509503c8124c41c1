import { athenaRules } from "./athena";
import { accessRules } from "./glue/access";
import { crawlerRules } from "./glue/crawlers";
import { developmentRules } from "./glue/development";
import { failureNoticeRules } from "./glue/failureNotice";
import { idleTimeoutRules } from "./glue/idleTimeouts";
import { jobCostRules } from "./glue/jobCosts";
import { jobRules } from "./glue/jobs";
import { secretRules } from "./glue/secrets";
import { securityRules } from "./glue/security";
import { sessionRoleRules } from "./glue/sessionRoles";
import { tagRules } from "./glue/tags";
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
  ...sessionRoleRules,
  ...idleTimeoutRules,
  ...tagRules,
  ...jobRules,
  ...jobCostRules,
  ...secretRules,
  ...securityRules,
  ...accessRules,
  ...crawlerRules,
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
