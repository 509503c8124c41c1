import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, Statement } from "./policyDocuments";

/** What every role of the components takes; part of their arguments. */
export interface RoleArgs {
  permissionsBoundaryArn?: pulumi.Input<string> | undefined;
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
}

/**
 * Whether a service names the account that it acts for when it assumes a role, so that it can't be
 * had to assume one of another account (IAM guide, "The confused deputy problem").
 *
 * - `always`: the condition is plain, and no call without the account passes.
 * - `unsaid`: no source says so. An account that is named must be this one; a call without it passes,
 *   since the role would be of no use otherwise.
 */
type NamesAccount = "always" | "unsaid";

/** Services whose roles are made here, by what their sources say. */
const services = {
  // Agent Toolkit for AWS, skill "IAM Role Management": Glue is among those that do, a crawler its example.
  "glue.amazonaws.com": "always",
  // Step Functions guide, "Creating an IAM role for your state machine": the trust policy has both keys.
  "states.amazonaws.com": "always",
  // EventBridge guide, "Cross-service confused deputy prevention": the role of a rule's target has both.
  "events.amazonaws.com": "always",
  // Amazon Q Developer in chat applications guide: its roles' trust policies have no condition, and its
  // one key, `aws:ChatbotSourceArn`, is that of the sessions.
  "chatbot.amazonaws.com": "unsaid",
} satisfies Record<string, NamesAccount>;

/**
 * A role that a service assumes for this account, with no permissions yet; a child of `parent`.
 * @param service the service's principal.
 * @param namesAccount for a use of the service of which another thing is known than of the service.
 */
export function serviceRole(
  name: string,
  service: keyof typeof services,
  description: string,
  args: RoleArgs,
  parent: pulumi.Resource,
  namesAccount: NamesAccount = services[service],
): aws.iam.Role {
  const account = aws.getCallerIdentityOutput({}, { parent }).accountId;
  const operator = namesAccount === "always" ? "StringEquals" : "StringEqualsIfExists";
  return new aws.iam.Role(
    name,
    {
      description,
      assumeRolePolicy: policyDocument([
        {
          Sid: "OfThisAccount",
          Action: ["sts:AssumeRole"],
          Principal: { Service: service },
          Condition: { [operator]: { "aws:SourceAccount": account } },
        },
      ]),
      permissionsBoundary: args.permissionsBoundaryArn,
      tags: args.tags,
    },
    { parent },
  );
}

/** A role that Glue assumes for a crawler or a job. */
export function glueRole(
  name: string,
  { description, ...args }: RoleArgs & { description: string },
  parent: pulumi.Resource,
): aws.iam.Role {
  return serviceRole(name, "glue.amazonaws.com", description, args, parent);
}

/** Gives a role exactly these permissions. */
export function grant(
  name: string,
  role: aws.iam.Role,
  statements: Statement[],
): aws.iam.RolePolicy {
  const policy = policyDocument(statements);
  return new aws.iam.RolePolicy(name, { role: role.id, policy }, { parent: role });
}
