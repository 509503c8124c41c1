import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** A catalog table by its database and name. */
interface Table {
  databaseName: pulumi.Input<string>;
  tableName: pulumi.Input<string>;
}

/**
 * What a role may do in Lake Formation; children of the role (Lake Formation guide, "Lake Formation
 * permissions reference"). Who makes a table may do everything with it.
 * @param grants the tables that it reads, the database in which it makes tables, and the ARN of the
 *   place in S3 where these lie.
 */
export function grantLake(
  name: string,
  role: aws.iam.Role,
  grants: {
    reads: Table[];
    createsIn: pulumi.Input<string>;
    location: pulumi.Input<string>;
  },
): void {
  const to = { principal: role.arn };
  const child = { parent: role };
  grants.reads.forEach(({ databaseName, tableName }, index) => {
    new aws.lakeformation.Permissions(
      `${name}-table-${index}`,
      { ...to, permissions: ["DESCRIBE", "SELECT"], table: { databaseName, name: tableName } },
      child,
    );
  });
  new aws.lakeformation.Permissions(
    `${name}-database`,
    { ...to, permissions: ["CREATE_TABLE", "DESCRIBE"], database: { name: grants.createsIn } },
    child,
  );
  new aws.lakeformation.Permissions(
    `${name}-location`,
    { ...to, permissions: ["DATA_LOCATION_ACCESS"], dataLocation: { arn: grants.location } },
    child,
  );
}
