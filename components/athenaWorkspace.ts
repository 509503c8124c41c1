import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentChecks } from "./checks/arguments";
import { AthenaView, athenaView, checkView } from "./glue/athenaView";

/** A saved query. */
export interface SavedQuery {
  /** Name of the query, shown in the Athena console. */
  name: string;
  /** What the query answers, shown beside its name. */
  description: string;
  /** SQL in Athena's dialect. */
  query: pulumi.Input<string>;
}

/** Arguments of {@link AthenaWorkspace}. */
export interface AthenaWorkspaceArgs {
  /** Name of the work group, exactly: no suffix is added. */
  workGroupName: string;
  /** Database of the views, and that the saved queries run in. */
  databaseName: pulumi.Input<string>;
  /**
   * Bucket that gets the query results, below `athena/`. Athena keeps them for ever: it is the bucket's
   * lifecycle that lets them expire, after `temporaryDays` in a `DataLake`'s bucket of results.
   */
  resultsBucketName: pulumi.Input<string>;
  /** Version of Athena's engine, 3 or later: older ones are no more. Default: 3. */
  engineVersion?: number;
  /** Bytes that one query may scan, 10 MB or more. Default: 100 GB. */
  bytesScannedCutoffPerQuery?: number;
  /** KMS key of the results. Default: encryption with S3's own keys. */
  kmsKeyArn?: pulumi.Input<string>;
  /** Queries to save for the work group's users. Default: none. */
  savedQueries?: SavedQuery[];
  /** Views to make in the database. Default: none. */
  views?: AthenaView[];
  /** Whether destroying the stack deletes the work group with its history. Default: false. */
  forceDestroy?: boolean;
  /** Tags of the work group. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

const megabyte = 1_000_000;

/**
 * An Athena work group whose settings its users can't get around, its saved queries, and views.
 *
 * ```ts
 * new AthenaWorkspace("analytics", {
 *   workGroupName: "analytics",
 *   databaseName: "mobile_analytics",
 *   resultsBucketName: "my-query-results",
 * });
 * ```
 */
export class AthenaWorkspace extends pulumi.ComponentResource {
  /** Name of the work group, to run queries in. */
  public readonly workGroupName: pulumi.Output<string>;

  constructor(name: string, args: AthenaWorkspaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("glue-etl:index:AthenaWorkspace", name, {}, opts);
    const { bytesScannedCutoffPerQuery, engineVersion } = normalize(name, args);
    const workGroup = new aws.athena.Workgroup(
      name,
      {
        name: args.workGroupName,
        forceDestroy: args.forceDestroy ?? false,
        configuration: {
          enforceWorkgroupConfiguration: true,
          publishCloudwatchMetricsEnabled: true,
          bytesScannedCutoffPerQuery,
          engineVersion: { selectedEngineVersion: `Athena engine version ${engineVersion}` },
          resultConfiguration: {
            outputLocation: pulumi.interpolate`s3://${args.resultsBucketName}/athena/`,
            encryptionConfiguration: args.kmsKeyArn
              ? { encryptionOption: "SSE_KMS", kmsKeyArn: args.kmsKeyArn }
              : { encryptionOption: "SSE_S3" },
          },
        },
        tags: args.tags,
      },
      { parent: this },
    );
    for (const saved of args.savedQueries ?? []) {
      new aws.athena.NamedQuery(
        `${name}-${saved.name}`,
        {
          name: saved.name,
          description: saved.description,
          query: saved.query,
          database: args.databaseName,
          workgroup: workGroup.name,
        },
        { parent: this },
      );
    }
    for (const view of args.views ?? []) {
      athenaView(`${name}-${view.name}`, args.databaseName, view, this);
    }
    this.workGroupName = workGroup.name;
    this.registerOutputs({ workGroupName: this.workGroupName });
  }
}

function normalize(name: string, args: AthenaWorkspaceArgs) {
  const check = new ArgumentChecks(`AthenaWorkspace "${name}"`);
  const { savedQueries = [], views = [], engineVersion = 3 } = args;
  const bytesScannedCutoffPerQuery = args.bytesScannedCutoffPerQuery ?? 100_000 * megabyte;
  check.wholeNumber(
    "bytesScannedCutoffPerQuery",
    bytesScannedCutoffPerQuery,
    10 * megabyte,
    Number.MAX_SAFE_INTEGER,
  );
  check.wholeNumber("engineVersion", engineVersion, 3, 99);
  // Both give their names to children.
  const names = [...savedQueries, ...views].map((item) => item.name);
  if (names.length > 0) {
    check.distinct("savedQueries and views", names);
  }
  views.forEach((view, index) => {
    checkView(check, `views[${index}]`, view);
  });
  return { bytesScannedCutoffPerQuery, engineVersion };
}
