import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, Statement } from "../../components/access/policyDocuments";

const issuer = "token.actions.githubusercontent.com";

/** Arguments of {@link GitHubRoles}. */
export interface GitHubRolesArgs {
  /** `OWNER/NAME`. */
  repository: string;
  tags: Record<string, string>;
}

/** Roles that a repository's GitHub workflows assume by OpenID Connect, with no key stored. */
export class GitHubRoles extends pulumi.ComponentResource {
  private readonly identityProvider: aws.iam.OpenIdConnectProvider;

  constructor(
    private readonly name: string,
    private readonly args: GitHubRolesArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("glue-etl:bootstrap:GitHubRoles", name, {}, opts);
    this.identityProvider = new aws.iam.OpenIdConnectProvider(
      name,
      { url: `https://${issuer}`, clientIdLists: ["sts.amazonaws.com"], tags: args.tags },
      { parent: this },
    );
    this.registerOutputs({});
  }

  /**
   * @param subject what of the repository may assume it: `pull_request`, or `environment:dev`
   *   (GitHub docs, "Configuring OpenID Connect in Amazon Web Services").
   * @returns its ARN.
   */
  role(purpose: string, subject: string, statements: Statement[]): pulumi.Output<string> {
    const { repository, tags } = this.args;
    const role = new aws.iam.Role(
      `${this.name}-${purpose}`,
      {
        name: `${this.name}-${purpose}`,
        description: `GitHub workflows of ${repository}, ${subject}`,
        assumeRolePolicy: policyDocument([
          {
            Sid: "GitHub",
            Action: ["sts:AssumeRoleWithWebIdentity"],
            Principal: { Federated: this.identityProvider.arn },
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
      `${this.name}-${purpose}`,
      { role: role.id, policy: policyDocument(statements) },
      { parent: role },
    );
    return role.arn;
  }
}
