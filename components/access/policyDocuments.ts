import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** One statement of an IAM policy. */
export interface Statement {
  Sid: string;
  Effect?: "Allow" | "Deny";
  Action: string[];
  /** None in the trust policy of a role. */
  Resource?: pulumi.Input<string> | pulumi.Input<string>[] | pulumi.Output<string[]>;
  Principal?: string | Record<string, pulumi.Input<string>>;
  Condition?: Record<string, Record<string, pulumi.Input<string> | pulumi.Input<string>[]>>;
}

/** An IAM policy document as JSON text. `Effect` is `Allow` where a statement has none. */
export function policyDocument(statements: Statement[]): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: statements.map((statement) => ({ Effect: "Allow", ...statement })),
  });
}

/** The stack's account and region, and ARNs of what principals work on there. */
export interface Arns {
  bucket(name: pulumi.Input<string>): pulumi.Output<string>;
  objects(name: pulumi.Input<string>, prefix: pulumi.Input<string>): pulumi.Output<string>;
  /** A folder as Lake Formation names it, with no final slash. */
  folder(name: pulumi.Input<string>, prefix: string): pulumi.Output<string>;
  /** The catalog, a database and tables in it: Glue checks all three for a table operation. */
  tables(
    database: pulumi.Input<string>,
    table: pulumi.Input<string>,
  ): [
    catalog: pulumi.Output<string>,
    database: pulumi.Output<string>,
    table: pulumi.Output<string>,
  ];
  workflow(name: pulumi.Input<string>): pulumi.Output<string>;
  job(name: pulumi.Input<string>): pulumi.Output<string>;
  /** An interactive session, or many where the id has a `*`. */
  session(id: pulumi.Input<string>): pulumi.Output<string>;
  /** A dev endpoint, or many where the name has a `*`. */
  devEndpoint(name: pulumi.Input<string>): pulumi.Output<string>;
  /** What a state of a state machine calls, for example `aws-sdk:glue:getWorkflowRun`. */
  integration(call: string): pulumi.Output<string>;
  /** A log group, or many where the name has a `*`. */
  logGroup(name: pulumi.Input<string>): pulumi.Output<string>;
  /** Stands for all principals whose IAM policies allow a thing. */
  accountRoot: pulumi.Output<string>;
  accountId: pulumi.Output<string>;
  region: pulumi.Output<string>;
}

/** @param opts the invoke options of the component, so that its provider is asked. */
export function arns(opts: pulumi.InvokeOptions): Arns {
  const partition = aws.getPartitionOutput({}, opts).partition;
  const region = aws.getRegionOutput({}, opts).region;
  const account = aws.getCallerIdentityOutput({}, opts).accountId;
  const glue = pulumi.interpolate`arn:${partition}:glue:${region}:${account}`;
  return {
    bucket: (name) => pulumi.interpolate`arn:${partition}:s3:::${name}`,
    objects: (name, prefix) => pulumi.interpolate`arn:${partition}:s3:::${name}/${prefix}*`,
    folder: (name, prefix) =>
      pulumi.interpolate`arn:${partition}:s3:::${name}/${prefix.replace(/\/$/, "")}`,
    tables: (database, table) => [
      pulumi.interpolate`${glue}:catalog`,
      pulumi.interpolate`${glue}:database/${database}`,
      pulumi.interpolate`${glue}:table/${database}/${table}`,
    ],
    workflow: (name) => pulumi.interpolate`${glue}:workflow/${name}`,
    job: (name) => pulumi.interpolate`${glue}:job/${name}`,
    session: (id) => pulumi.interpolate`${glue}:session/${id}`,
    devEndpoint: (name) => pulumi.interpolate`${glue}:devEndpoint/${name}`,
    integration: (call) => pulumi.interpolate`arn:${partition}:states:::${call}`,
    logGroup: (name) =>
      pulumi.interpolate`arn:${partition}:logs:${region}:${account}:log-group:${name}`,
    accountRoot: pulumi.interpolate`arn:${partition}:iam::${account}:root`,
    accountId: account,
    region,
  };
}

/** Refuses what doesn't come by TLS; a statement of a resource's own policy. */
export function tlsOnly(action: string, resource: Statement["Resource"]): Statement {
  return {
    Sid: "TlsOnly",
    Effect: "Deny",
    Principal: "*",
    Action: [action],
    Resource: resource,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}

/**
 * Listing what lies below prefixes. HEAD and GET of an object name no prefix, so the condition lets a
 * request without one pass: HeadBucket would be refused otherwise, and who asks for an object that
 * isn't there would be told that it's forbidden (S3 API reference, "HeadBucket", "HeadObject" and
 * "GetObject"). A listing without a prefix passes, too, and shows the names of other folders.
 */
export function listPrefixes(
  sid: string,
  buckets: Statement["Resource"],
  prefixes: pulumi.Input<string>[],
): Statement {
  const patterns = prefixes.map((prefix) => pulumi.interpolate`${prefix}*`);
  return {
    Sid: sid,
    Action: ["s3:ListBucket"],
    Resource: buckets,
    Condition: { StringLikeIfExists: { "s3:prefix": patterns } },
  };
}

/**
 * What reading the objects below a prefix takes.
 * @param label tells the statements of several prefixes apart; letters and digits.
 */
export function readPrefix(
  to: Arns,
  label: string,
  bucket: pulumi.Input<string>,
  prefix: pulumi.Input<string>,
): Statement[] {
  return [
    listPrefixes(`List${label}`, to.bucket(bucket), [prefix]),
    { Sid: `Read${label}`, Action: ["s3:GetObject"], Resource: to.objects(bucket, prefix) },
  ];
}
