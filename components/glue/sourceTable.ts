import * as pulumi from "@pulumi/pulumi";

/** A folder in S3 as a catalog table, whoever keeps the table: what a job reads. */
export interface SourceTable {
  readonly databaseName: pulumi.Output<string>;
  readonly tableName: pulumi.Output<string>;
  readonly bucketName: pulumi.Output<string>;
  /** Folder in the bucket, with a final slash. */
  readonly prefix: pulumi.Output<string>;
  /** `s3://bucket/prefix/`. */
  readonly path: pulumi.Output<string>;
}

/**
 * The name that a crawler gives the table of a folder: its last part in small letters, every other
 * character than a letter, digit or `_` made `_` (AWS Glue guide, "How crawlers work").
 */
export function crawledTableName(prefix: string, tablePrefix = ""): string {
  const folder = prefix.split("/").filter(Boolean).at(-1) ?? "";
  return (tablePrefix + folder).toLowerCase().replace(/[^a-z0-9_]/g, "_");
}
