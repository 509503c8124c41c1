import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument } from "../../components/access/policyDocuments";
import { boundaryStatements } from "./boundary";
import { deployPolicies } from "./deployPermissions";
import { checkIdentityProvider, GitHubRoles } from "./githubRoles";
import { previewStatements } from "./previewPermissions";
import { StateBackend } from "./stateBackend";

/** The project whose stacks are deployed. */
const project = "glue-etl";

const config = new pulumi.Config();
const repository = config.require("repository");
if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) {
  throw new pulumi.RunError(
    `config ${config.name}:repository is "${repository}". Set OWNER/NAME, as in the repository's URL.`,
  );
}
/** Begins the names of roles, boundary, alias and state bucket, which an account has once. */
const prefix = config.require("namePrefix");
if (!/^[a-z][a-z0-9-]{1,29}$/.test(prefix)) {
  throw new pulumi.RunError(
    `config ${config.name}:namePrefix is "${prefix}". Take small letters, digits and \`-\`, 30 at most.`,
  );
}
const identityProviderArn = config.get("identityProviderArn") || undefined;
if (identityProviderArn !== undefined) {
  checkIdentityProvider(`${config.name}:identityProviderArn`, identityProviderArn);
}
const environments = config.requireObject<string[]>("environments");
/** Buckets of the pipeline, as patterns. */
const buckets = config.requireObject<string[]>("buckets");
const tags = {
  Project: pulumi.getProject(),
  Environment: pulumi.getStack(),
  Owner: config.require("owner"),
  CostCenter: config.require("costCenter"),
};

const state = new StateBackend(`${prefix}-state`, { tags });
const github = new GitHubRoles(prefix, { repository, identityProviderArn, tags });
const region = aws.getRegionOutput().region;
const accountId = aws.getCallerIdentityOutput().accountId;

const boundary = new aws.iam.Policy(`${prefix}-boundary`, {
  name: `${prefix}-boundary`,
  description: "The most that roles of the data pipeline may do",
  policy: policyDocument(boundaryStatements(buckets, region, accountId)),
  tags,
});

/** Values for the repository's variables; `docs/deploy.md` says which is which. */
export const backendUrl = pulumi.interpolate`s3://${state.bucketName}?region=${region}`;
export const secretsProvider = state.secretsProvider;
export const permissionsBoundaryArn = boundary.arn;
export const previewRoleArn = github.role("preview", "pull_request", {
  inline: [...state.readStatements(project), ...previewStatements()],
});
export const deployRoleArns = Object.fromEntries(
  environments.map((stack) => [
    stack,
    github.role(`deploy-${stack}`, `environment:${stack}`, {
      inline: [
        ...state.readStatements(project),
        ...state.writeStatements(project, stack),
        ...state.protectStatements(),
        ...previewStatements(),
      ],
      managed: deployPolicies({ stack, region, accountId, boundaryArn: boundary.arn }),
    }),
  ]),
);
