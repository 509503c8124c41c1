import { z } from "zod";
import { shown, whenKnown } from "../properties";
import { Finding, Resource, resourceRule, Rule } from "../rule";
import { findLeak } from "./secretValues";

const job = "aws:glue/job:Job";
const trigger = "aws:glue/trigger:Trigger";
const workflow = "aws:glue/workflow:Workflow";
const connection = "aws:glue/connection:Connection";

/** Rules against secrets in what everybody with read access to Glue can see. */
export const secretRules: readonly Rule[] = [
  resourceRule({
    name: "glue-job-no-secrets-in-arguments",
    level: "mandatory",
    severity: "critical",
    description: "No password, token or key stands in the arguments of a job, trigger or workflow",
    reason:
      "Arguments and run properties are shown to everybody who may see the job, and are written to its logs",
    fix: "Pass the name of a secret in Secrets Manager, and have the script read it",
    references: ["prowler glue_etl_jobs_no_secrets_in_arguments"],
    url: "https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-glue-arguments.html",
    config: {
      allowedArguments: z
        .array(z.string().min(1))
        .default([])
        .describe("Arguments that hold no secret though they look like it, such as `--page_token`"),
    },
    types: [job, trigger, workflow],
    check: (resource, { allowedArguments }) =>
      leakFinding(resource, argumentFields(resource), allowedArguments),
  }),
  resourceRule({
    name: "glue-connection-no-secrets",
    level: "mandatory",
    severity: "critical",
    description: "A connection takes its credentials from Secrets Manager",
    reason:
      "A connection's properties come back in plain text to everybody with `glue:GetConnection`, and stay in the stack's state",
    fix: "Set `SECRET_ID`, or `authenticationConfiguration.secretArn`, and take the credentials out",
    references: ["prowler glue_catalog_connection_no_secrets"],
    url: "https://docs.aws.amazon.com/glue/latest/dg/connection-properties-secrets-manager.html",
    config: {},
    types: [connection],
    check: (resource) => leakFinding(resource, credentialFields, []),
  }),
];

const credentialFields = [
  "connectionProperties",
  "athenaProperties",
  "authenticationConfiguration.basicAuthenticationCredentials",
  "authenticationConfiguration.customAuthenticationCredentials",
  "authenticationConfiguration.oauth2Properties.oauth2Credentials",
];

/** Where a resource has arguments for jobs; a trigger's go before those of the job. */
function argumentFields({ type, properties }: Resource): string[] {
  if (type === job) return ["defaultArguments", "nonOverridableArguments"];
  if (type === workflow) return ["defaultRunProperties"];
  return properties.list("actions").map((_, index) => `actions.${index}.arguments`);
}

function leakFinding(
  { type, properties }: Resource,
  fields: readonly string[],
  allowed: readonly string[],
): Finding | undefined {
  for (const field of fields) {
    const leak = whenKnown(() => findLeak(properties.object(field), allowed));
    if (leak === undefined) continue;
    return {
      field: `${shown(field)}["${leak.name}"]`,
      found: leak.why,
      fix:
        type === connection
          ? "keep it in Secrets Manager, and name the secret in `SECRET_ID`"
          : "keep it in Secrets Manager, and pass the secret's name",
    };
  }
  return undefined;
}
