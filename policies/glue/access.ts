import { z } from "zod";
import { Condition, Statement, statementsAt } from "../documents";
import { Finding, Resource, resourceRule, Rule } from "../rule";

/** Condition keys that say who calls, or from where (prowler's list for public policies). */
const narrowingKeys = [
  "aws:PrincipalAccount",
  "aws:PrincipalArn",
  "aws:PrincipalOrgID",
  "aws:PrincipalOrgPaths",
  "aws:SourceAccount",
  "aws:SourceArn",
  "aws:SourceOrgID",
  "aws:SourceOrgPaths",
  "aws:SourceVpc",
  "aws:SourceVpce",
  "aws:userid",
  "aws:username",
];

/** Rules for who reaches Glue's catalog, and how Glue reaches databases. */
export const accessRules: readonly Rule[] = [
  resourceRule({
    name: "glue-catalog-not-public",
    level: "mandatory",
    severity: "critical",
    description: "The Data Catalog's policy doesn't let everybody in",
    reason: "A principal of `*` stands for everybody with an account of AWS",
    fix: "Name the accounts or roles, or narrow `*` by a condition such as `aws:PrincipalOrgID`",
    references: [
      "prowler glue_data_catalogs_not_publicly_accessible",
      "KICS Glue With Vulnerable Policy",
    ],
    url: "https://docs.aws.amazon.com/glue/latest/dg/security_iam_resource-based-policy-examples.html",
    config: {
      narrowingKeys: z
        .array(z.string().min(1))
        .default(narrowingKeys)
        .describe("Condition keys that narrow `*` enough"),
    },
    types: ["aws:glue/resourcePolicy:ResourcePolicy"],
    check: publicFinding,
  }),
  resourceRule({
    name: "glue-connection-ssl",
    level: "mandatory",
    severity: "high",
    description: "Connections to databases and Kafka are encrypted",
    reason: "Glue falls back to plain text where JDBC's SSL isn't enforced, which is the default",
    fix: 'Set the property `JDBC_ENFORCE_SSL` to "true", and leave `KAFKA_SSL_ENABLED` on',
    references: ["prowler glue_database_connections_ssl_enabled"],
    url: "https://docs.aws.amazon.com/glue/latest/dg/connection-properties.html",
    config: {},
    types: ["aws:glue/connection:Connection"],
    check: sslFinding,
  }),
];

function publicFinding(
  { properties }: Resource,
  config: { narrowingKeys: string[] },
): Finding | undefined {
  const keys = config.narrowingKeys.map((key) => key.toLowerCase());
  const statements = statementsAt(properties, "policy");
  const index = statements.findIndex(
    (statement) =>
      isForEverybody(statement) && !statement.conditions.some((one) => narrows(one, keys)),
  );
  if (index < 0) return undefined;
  const everybody = statements[index]?.notPrincipals.length === 0;
  return {
    field: `policy.Statement[${index}].${everybody ? "Principal" : "NotPrincipal"}`,
    found: everybody ? "is `*`" : "allows everybody but these",
    fix: "name the accounts or roles that need it",
  };
}

const isForEverybody = ({ effect, principals, notPrincipals }: Statement): boolean =>
  effect === "Allow" && (notPrincipals.length > 0 || principals.includes("*"));

/** Whether a condition fails for strangers: one of equality or likeness whose values aren't all. */
const narrows = ({ operator, key, values }: Condition, keys: readonly string[]): boolean =>
  keys.includes(key) &&
  /^(?:foranyvalue:)?(?:string|arn)(?:equals|like)(?:ignorecase)?$/.test(operator) &&
  !values.some((value) => /^[*?]*$/.test(value));

/** Types of connections that have a switch for SSL, and whether it's on by default. */
const switches = new Map([
  ["JDBC", { property: "JDBC_ENFORCE_SSL", byDefault: "false" }],
  ["KAFKA", { property: "KAFKA_SSL_ENABLED", byDefault: "true" }],
]);

function sslFinding({ properties }: Resource): Finding | undefined {
  const ssl = switches.get(properties.text("connectionType") ?? "JDBC");
  if (ssl === undefined) return undefined;
  const value = properties.text(["connectionProperties", ssl.property]);
  if ((value ?? ssl.byDefault).toLowerCase() === "true") return undefined;
  return {
    field: `connectionProperties.${ssl.property}`,
    found: value === undefined ? "isn't set" : `is "${value}"`,
    fix: 'set "true"',
  };
}
