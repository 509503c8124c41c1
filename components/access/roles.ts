import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, Statement } from "./policyDocuments";

/** What every role of the components takes; part of their arguments. */
export interface RoleArgs {
  permissionsBoundaryArn?: pulumi.Input<string> | undefined;
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
}

/**
 * A role that a service assumes, with no permissions yet; a child of `parent`.
 * @param service the service's principal, for example `glue.amazonaws.com`.
 */
export function serviceRole(
  name: string,
  service: string,
  description: string,
  args: RoleArgs,
  parent: pulumi.Resource,
): aws.iam.Role {
  return new aws.iam.Role(
    name,
    {
      description,
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } }],
      }),
      permissionsBoundary: args.permissionsBoundaryArn,
      tags: args.tags,
    },
    { parent },
  );
}

/** A role that Glue assumes. */
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
