import { z } from "zod";
import { Condition, Statement, statementsAt } from "./documents";
import { Properties, shown, whenKnown } from "./properties";
import { Finding, Resource, resourceRule, Rule } from "./rule";

const documents = [
  "aws:iam/policy:Policy",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/userPolicy:UserPolicy",
  "aws:iam/groupPolicy:GroupPolicy",
];
const attachments = [
  "aws:iam/policyAttachment:PolicyAttachment",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:iam/userPolicyAttachment:UserPolicyAttachment",
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
];
const attachmentLists = [
  "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
  "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive",
  "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive",
];
const role = "aws:iam/role:Role";

/** Actions of ETL stacks, and of who deploys them, that take no resource (Service Authorization Reference). */
export const unscopedActions = [
  "athena:ListDataCatalogs",
  "athena:ListEngineVersions",
  "athena:ListWorkGroups",
  "chatbot:CreateSlackChannelConfiguration",
  "chatbot:DescribeSlackChannelConfigurations",
  "chatbot:ListTagsForResource",
  "cloudwatch:GetMetricData",
  "cloudwatch:GetMetricStatistics",
  "cloudwatch:ListMetrics",
  "cloudwatch:PutMetricData",
  "ec2:Describe*",
  "ecr:GetAuthorizationToken",
  "events:ListRules",
  "glue:CreateCrawler",
  "glue:CreateSecurityConfiguration",
  "glue:DeleteSecurityConfiguration",
  "glue:GetCrawlers",
  "glue:GetDevEndpoints",
  "glue:GetJobBookmark",
  "glue:GetJobs",
  "glue:GetSecurityConfiguration",
  "glue:GetSecurityConfigurations",
  "glue:GetTriggers",
  "glue:ListCrawlers",
  "glue:ListJobs",
  "glue:ListSessions",
  "glue:ListTriggers",
  "glue:ListWorkflows",
  "glue:ResetJobBookmark",
  "iam:ListOpenIDConnectProviders",
  "iam:ListRoles",
  "kms:CreateKey",
  "kms:ListAliases",
  "kms:ListKeys",
  "lakeformation:GetDataAccess",
  "logs:CreateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:DescribeLogGroups",
  "logs:DescribeResourcePolicies",
  "logs:GetLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:UpdateLogDelivery",
  "s3:ListAllMyBuckets",
  "sns:GetSubscriptionAttributes",
  "sns:ListSubscriptions",
  "sns:ListTopics",
  "sns:SetSubscriptionAttributes",
  "sns:Unsubscribe",
  "states:ValidateStateMachineDefinition",
  "sts:GetCallerIdentity",
  "tag:GetResources",
  "xray:PutTelemetryRecords",
  "xray:PutTraceSegments",
];

const config = {
  managedPolicies: z
    .array(z.string().min(1))
    // AWSGlueServiceRole allows `glue:*` (AWS Glue guide, "Create an IAM policy for the AWS Glue service").
    .default(["*FullAccess*", "AdministratorAccess*", "PowerUserAccess", "AWSGlueServiceRole*"])
    .describe("Names of AWS's managed policies that nothing may have attached, with `*`"),
  wildcardVerbs: z
    .array(z.string().min(1))
    .default(["Get", "List", "Describe", "BatchGet"])
    .describe("What an action's name may start with for a `*` to follow: `s3:Get*`"),
  unscopedActions: z
    .array(z.string().min(3))
    .default(unscopedActions)
    .describe("Actions that can't be scoped to a resource, with `*`"),
};

type Config = z.infer<z.ZodObject<typeof config>>;

/** Rules for IAM. Trust policies and policies of resources are none of their business. */
export const iamRules: readonly Rule[] = [
  resourceRule({
    name: "iam-no-wildcard",
    level: "mandatory",
    severity: "high",
    description:
      "Permissions name their actions and resources: no `*`, no `service:*`, no full access",
    reason:
      "Whoever gets hold of a role can do all that it may, and a `*` grows with each action that AWS adds; it's let pass after a verb that only reads, as in `s3:Get*`",
    fix: "Name the actions that are used and the resources they are used on",
    references: [
      "Security Hub IAM.1",
      "Security Hub IAM.21",
      "CKV_AWS_62",
      "CKV_AWS_63",
      "CKV_AWS_111",
      "CKV_AWS_274",
      "CKV_AWS_290",
      "CKV_AWS_355",
      "cdk-nag IAM4",
      "cdk-nag IAM5",
    ],
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    config,
    types: [...documents, ...attachments, ...attachmentLists, role],
    check: wildcardFinding,
  }),
];

function wildcardFinding({ type, properties }: Resource, config: Config): Finding | undefined {
  if (documents.includes(type)) return documentFinding(properties, "policy", config);
  if (attachments.includes(type)) return managedFinding(properties, "policyArn", config);
  if (attachmentLists.includes(type)) return managedListFinding(properties, "policyArns", config);
  return (
    firstOf(properties, "inlinePolicies", (path) =>
      documentFinding(properties, `${path}.policy`, config),
    ) ?? managedListFinding(properties, "managedPolicyArns", config)
  );
}

/** What `find` says of the first entry that it finds something in. */
function firstOf(
  properties: Properties,
  list: string,
  find: (path: string) => Finding | undefined,
): Finding | undefined {
  for (const index of properties.keys(list)) {
    const finding = whenKnown(() => find(`${list}.${index}`));
    if (finding !== undefined) return finding;
  }
  return undefined;
}

const managedListFinding = (properties: Properties, list: string, config: Config) =>
  firstOf(properties, list, (path) => managedFinding(properties, path, config));

/** Other policies than AWS's own are judged where they are made. */
function managedFinding(
  properties: Properties,
  field: string,
  { managedPolicies }: Config,
): Finding | undefined {
  const arn = properties.text(field) ?? "";
  const name = /^arn:[^:]+:iam::aws:policy\/(?:.+\/)?([^/]+)$/.exec(arn)?.[1];
  if (name === undefined || !managedPolicies.some((pattern) => covers(pattern, name))) {
    return undefined;
  }
  return {
    field: shown(field),
    found: `is AWS's ${name}`,
    fix: "attach a policy that names what is used",
  };
}

function documentFinding(
  properties: Properties,
  field: string,
  config: Config,
): Finding | undefined {
  for (const [index, statement] of statementsAt(properties, field).entries()) {
    const finding = statement.effect === "Allow" && statementFinding(statement, config);
    if (finding)
      return { ...finding, field: `${shown(field)}.Statement[${index}].${finding.field}` };
  }
  return undefined;
}

function statementFinding(statement: Statement, config: Config): Finding | undefined {
  const { actions, notActions, resources, notResources, conditions } = statement;
  if (notActions.length > 0) {
    return {
      field: "NotAction",
      found: "allows all actions but these",
      fix: "name those that are used in `Action`",
    };
  }
  const wide = actions.find((action) => isWide(action, config.wildcardVerbs));
  if (wide !== undefined) {
    return { field: "Action", found: `has \`${wide}\``, fix: "name the actions that are used" };
  }
  const scopable = actions.find(
    (action) => !config.unscopedActions.some((pattern) => covers(pattern, action)),
  );
  if (scopable === undefined || conditions.some(scopesByTag)) return undefined;
  const fix = `name the resources of \`${scopable}\``;
  if (notResources.length > 0) {
    return { field: "NotResource", found: "allows all resources but these", fix };
  }
  const everything = resources.find(isEverything);
  return everything === undefined
    ? undefined
    : { field: "Resource", found: `has \`${everything}\``, fix };
}

/** Whether an action stands for several, unless for ones that only read. */
function isWide(action: string, verbs: readonly string[]): boolean {
  if (!/[*?]/.test(action)) return false;
  const [service = "", name = ""] = action.split(":");
  return /[*?]/.test(service) || !verbs.some((verb) => covers(`${verb}*`, name));
}

/** `*`, or an ARN that names no resource within its service, whatever account or region it names. */
function isEverything(resource: string): boolean {
  const [, , , , , ...name] = resource.split(":");
  return name.length > 0 ? /^[*?/:]+$/.test(name.join(":")) : /[*?]/.test(resource);
}

/** Whether a condition lets only resources pass that have a tag, or a key's alias. */
function scopesByTag({ operator, key, values }: Condition): boolean {
  return (
    /^(foranyvalue:)?string(equals|like)(ignorecase)?$/.test(operator) &&
    (/^[a-z0-9-]+:resourcetag\/./.test(key) || key === "kms:resourcealiases") &&
    !values.some((value) => /^[*?]*$/.test(value))
  );
}

/** Whether a pattern with `*` stands for a name, and, of a name with `*`, for all that it stands for. */
function covers(pattern: string, name: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "is").test(name);
}
