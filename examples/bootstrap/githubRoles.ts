import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, Statement } from "../../components/access/policyDocuments";

const issuer = "token.actions.githubusercontent.com";

/** Arguments of {@link GitHubRoles}. */
export interface GitHubRolesArgs {
  /** `OWNER/NAME`. */
  repository: string;
  /**
   * ARN of GitHub's identity provider where the account has one already: IAM takes one a URL.
   * Default: one is made.
   */
  identityProviderArn?: string | undefined;
  tags: Record<string, string>;
}

/** What a role may do. */
export interface RolePermissions {
  /** In the role itself; IAM takes 10,240 characters of them all together. */
  inline: Statement[];
  /**
   * Each a managed policy of its own, by what it is about; IAM takes 6,144 characters of each and ten
   * of them a role (IAM guide, "IAM and AWS STS quotas"). Default: none.
   */
  managed?: Record<string, Statement[]>;
}

/** Roles that a repository's GitHub workflows assume by OpenID Connect, with no key stored. */
export class GitHubRoles extends pulumi.ComponentResource {
  private readonly identityProviderArn: pulumi.Input<string>;

  constructor(
    private readonly name: string,
    private readonly args: GitHubRolesArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("glue-etl:bootstrap:GitHubRoles", name, {}, opts);
    this.identityProviderArn =
      args.identityProviderArn ??
      new aws.iam.OpenIdConnectProvider(
        name,
        { url: `https://${issuer}`, clientIdLists: ["sts.amazonaws.com"], tags: args.tags },
        { parent: this },
      ).arn;
    this.registerOutputs({});
  }

  /**
   * @param subject what of the repository may assume it: `pull_request`, or `environment:dev`
   *   (GitHub docs, "Configuring OpenID Connect in Amazon Web Services").
   * @returns its ARN.
   */
  role(purpose: string, subject: string, permissions: RolePermissions): pulumi.Output<string> {
    const { repository, tags } = this.args;
    const name = `${this.name}-${purpose}`;
    const role = new aws.iam.Role(
      name,
      {
        name,
        description: `GitHub workflows of ${repository}, ${subject}`,
        assumeRolePolicy: policyDocument([
          {
            Sid: "GitHub",
            Action: ["sts:AssumeRoleWithWebIdentity"],
            Principal: { Federated: this.identityProviderArn },
            Condition: {
              StringEquals: {
                [`${issuer}:aud`]: "sts.amazonaws.com",
                [`${issuer}:sub`]: `repo:${repository}:${subject}`,
              },
            },
          },
        ]),
        maxSessionDuration: 3600,
        tags,
      },
      { parent: this },
    );
    new aws.iam.RolePolicy(
      name,
      { role: role.id, policy: policyDocument(permissions.inline) },
      { parent: role },
    );
    for (const [about, statements] of Object.entries(permissions.managed ?? {})) {
      const policy = new aws.iam.Policy(
        `${name}-${about}`,
        {
          description: `What ${name} may do: ${about}`,
          policy: policyDocument(statements),
          tags,
        },
        { parent: role },
      );
      new aws.iam.RolePolicyAttachment(
        `${name}-${about}`,
        { role: role.name, policyArn: policy.arn },
        { parent: role },
      );
    }
    return role.arn;
  }
}

/** @throws RunError where an ARN isn't that of GitHub's identity provider. */
export function checkIdentityProvider(key: string, arn: string): void {
  if (!new RegExp(`^arn:[^:]+:iam::\\d{12}:oidc-provider/${issuer}$`).test(arn)) {
    throw new pulumi.RunError(
      `config ${key} is "${arn}". Set arn:aws:iam::<account>:oidc-provider/${issuer}, or leave it ` +
        "out where the account has no such provider yet.",
    );
  }
}
