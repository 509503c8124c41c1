import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, Statement } from "./policyDocuments";

/** Lets the Glue service assume a role. */
const glueMayAssume = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "glue.amazonaws.com" } },
  ],
});

/** A role that Glue assumes, with no permissions yet; a child of `parent`. */
export function glueRole(
  name: string,
  args: {
    description: string;
    permissionsBoundaryArn?: pulumi.Input<string> | undefined;
    tags?: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
  },
  parent: pulumi.Resource,
): aws.iam.Role {
  return new aws.iam.Role(
    name,
    {
      description: args.description,
      assumeRolePolicy: glueMayAssume,
      permissionsBoundary: args.permissionsBoundaryArn,
      tags: args.tags,
    },
    { parent },
  );
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
