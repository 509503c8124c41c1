import { z } from "zod";
import { Condition, Statement, statementsAt } from "../documents";
import { shown, whenKnown } from "../properties";
import { Finding, Resource, resourceRule, Rule } from "../rule";

const documents = [
  "aws:iam/policy:Policy",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/userPolicy:UserPolicy",
  "aws:iam/groupPolicy:GroupPolicy",
];
const role = "aws:iam/role:Role";

/** The rule for who may start Glue's interactive sessions. */
export const sessionRoleRules: readonly Rule[] = [
  resourceRule({
    name: "glue-session-role",
    level: "advisory",
    severity: "medium",
    description: "Who may start an interactive session must tag it with its owner",
    reason: "An idle session that nobody can be asked about bills on until its timeout",
    fix: "Allow `glue:CreateSession` on condition of the tag that names the owner, as AWS's own policy for users of sessions does",
    references: ["AWS managed policy AwsGlueSessionUserRestrictedPolicy"],
    url: "https://docs.aws.amazon.com/glue/latest/dg/glue-is-security.html",
    config: {
      ownerTag: z
        .string()
        .min(1)
        .default("owner")
        .describe("Key of the tag that names a session's owner"),
    },
    types: [...documents, role],
    check: (resource, { ownerTag }) => {
      for (const field of documentFields(resource)) {
        const finding = whenKnown(() => documentFinding(resource, field, ownerTag));
        if (finding) return finding;
      }
      return undefined;
    },
  }),
];

/** Where a resource has its policy documents. */
function documentFields({ type, properties }: Resource): string[] {
  return type === role
    ? properties.list("inlinePolicies").map((_, index) => `inlinePolicies.${index}.policy`)
    : ["policy"];
}

function documentFinding(
  { properties }: Resource,
  field: string,
  ownerTag: string,
): Finding | undefined {
  const statements = statementsAt(properties, field);
  const index = statements.findIndex((one) => startsSessions(one) && !asksOwner(one, ownerTag));
  if (index < 0) return undefined;
  return {
    field: `${shown(field)}.Statement[${index}]`,
    found: `allows \`glue:CreateSession\` without the tag \`${ownerTag}\``,
    fix: `ask for the tag, by the condition StringEquals on \`aws:RequestTag/${ownerTag}\` with the value \`\${aws:userid}\``,
  };
}

/** Actions with `*` are left to the rule against them. */
const startsSessions = ({ effect, actions }: Statement): boolean =>
  effect === "Allow" && actions.some((action) => action.toLowerCase() === "glue:createsession");

function asksOwner({ conditions }: Statement, ownerTag: string): boolean {
  const key = `aws:requesttag/${ownerTag.toLowerCase()}`;
  return conditions.some((one) => one.key === key && asksForValue(one));
}

/** Whether a condition on a tag fails where the tag isn't there, as those with `IfExists` don't. */
const asksForValue = ({ operator, values }: Condition): boolean =>
  operator === "null"
    ? values.includes("false")
    : /^string(equals|like)(ignorecase)?$/.test(operator);
