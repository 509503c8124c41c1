import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentChecks } from "./checks/arguments";
import { crawledTableName, SourceTable } from "./glue/sourceTable";
import { tableFormats } from "./glue/tableFormats";

/** A column of a declared table. */
export interface TableColumn {
  /** Name of the column: small letters, digits and `_`. */
  name: string;
  /** Type of the column in Athena's dialect of Hive: `string`, `bigint`, `array<string>`, … */
  type: string;
}

/** Arguments of `DeclaredSource`. */
export interface DeclaredSourceArgs {
  /** What the table is for, shown in the Glue console. */
  description?: pulumi.Input<string>;
  /** Glue database that gets the table. */
  databaseName: pulumi.Input<string>;
  /** Table's name: small letters, digits and `_`. Default: as a crawler derives it from `prefix`. */
  tableName?: string;
  /** Bucket of the dataset. */
  bucketName: pulumi.Input<string>;
  /** Folder of the dataset in the bucket, with a final slash. Below it is a folder a received day. */
  prefix: string;
  /** Format of the files: `json` (lines), `csv` (with a header) or `parquet`. Default: `json`. */
  format?: string;
  /**
   * Columns of the files, by which Athena reads the table; other fields of JSON aren't seen there.
   * Those of CSV are all strings, in the order of the files.
   */
  columns: TableColumn[];
  /** Unit of the epoch that names a received-day folder: `milliseconds` or `seconds`. */
  receivedDayUnit: string;
  /** First received day that the table has, as `YYYY-MM-DD`. Default: `2020-01-01`. */
  firstDay?: string;
  /** Last received day that the table has, as `YYYY-MM-DD`. Default: `2039-12-31`. */
  lastDay?: string;
}

/** What a crawler calls the key of folders that aren't `key=value` (AWS Glue guide, "How crawlers work"). */
const partitionKey = "partition_0";

const dayLengths = { milliseconds: 86_400_000, seconds: 86_400 };

/**
 * An S3 folder made queryable with no crawler: a table with the columns that are declared, whose
 * partitions Athena and the job compute (Athena guide, "Partition projection"). It costs nothing a
 * day, new folders are there at once, and new fields only once they are declared.
 *
 * ```ts
 * const ios = new DeclaredSource("ios", {
 *   databaseName: "segment_logs",
 *   bucketName: "my-bucket",
 *   prefix: "segment-logs/ksMsMXyyEaIOS/",
 *   receivedDayUnit: "milliseconds",
 *   columns: [{ name: "messageid", type: "string" }],
 * });
 * ```
 */
export class DeclaredSource extends pulumi.ComponentResource implements SourceTable {
  /** Glue database that has the table. */
  public readonly databaseName: pulumi.Output<string>;
  /** The table's name. */
  public readonly tableName: pulumi.Output<string>;
  /** Bucket of the dataset. */
  public readonly bucketName: pulumi.Output<string>;
  /** Folder of the dataset in the bucket, with a final slash. */
  public readonly prefix: pulumi.Output<string>;
  /** `s3://bucket/prefix/`. */
  public readonly path: pulumi.Output<string>;

  constructor(name: string, args: DeclaredSourceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("glue-etl:index:DeclaredSource", name, {}, opts);
    const { tableName, format, projection } = normalize(name, args);
    this.path = pulumi.interpolate`s3://${args.bucketName}/${args.prefix}`;
    const table = new aws.glue.CatalogTable(
      name,
      {
        name: tableName,
        databaseName: args.databaseName,
        description: args.description,
        tableType: "EXTERNAL_TABLE",
        parameters: {
          ...format.parameters,
          ...projection,
          "storage.location.template": pulumi.interpolate`${this.path}\${${partitionKey}}/`,
        },
        partitionKeys: [{ name: partitionKey, type: "bigint" }],
        storageDescriptor: {
          location: this.path,
          inputFormat: format.inputFormat,
          outputFormat: format.outputFormat,
          serDeInfo: {
            serializationLibrary: format.serializationLibrary,
            parameters: format.serDeParameters,
          },
          columns: args.columns,
        },
      },
      { parent: this },
    );
    this.databaseName = table.databaseName;
    this.tableName = table.name;
    this.bucketName = pulumi.output(args.bucketName);
    this.prefix = pulumi.output(args.prefix);
    this.registerOutputs({
      databaseName: this.databaseName,
      tableName: this.tableName,
      path: this.path,
    });
  }
}

function normalize(name: string, args: DeclaredSourceArgs) {
  const check = new ArgumentChecks(`DeclaredSource "${name}"`);
  const tableName = args.tableName ?? crawledTableName(args.prefix);
  check.prefix("prefix", args.prefix);
  if (!/^[a-z0-9_]+$/.test(tableName)) {
    check.fail("tableName", `is "${tableName}"`, "Use small letters, digits and `_` only");
  }
  const format = check.keyOf("format", args.format ?? "json", tableFormats);
  const interval = check.keyOf("receivedDayUnit", args.receivedDayUnit, dayLengths);
  checkColumns(check, args);
  const first = dayOf(check, "firstDay", args.firstDay ?? "2020-01-01");
  const last = dayOf(check, "lastDay", args.lastDay ?? "2039-12-31");
  if (last < first) {
    check.fail("lastDay", `is before \`firstDay\``, "Set a day that comes after it");
  }
  const projection = {
    "projection.enabled": "true",
    [`projection.${partitionKey}.type`]: "integer",
    [`projection.${partitionKey}.range`]: `${first * interval},${last * interval}`,
    [`projection.${partitionKey}.interval`]: `${interval}`,
  };
  return { tableName, format, projection };
}

function checkColumns(check: ArgumentChecks, { columns, format }: DeclaredSourceArgs): void {
  check.distinct(
    "columns",
    columns.map(({ name }) => name),
  );
  for (const { name, type } of columns) {
    const field = `columns[${name}]`;
    if (!/^[a-z0-9_]+$/.test(name)) {
      check.fail(field, "has other characters than Glue keeps", "Use small letters, digits, `_`");
    }
    if (name === partitionKey) {
      check.fail(field, "is the key of the partitions", "Name it otherwise");
    }
    if (type.trim() === "") {
      check.fail(`${field}.type`, "is empty", "Set a type of Athena's, for example string");
    }
    if (format === "csv" && type !== "string") {
      check.fail(`${field}.type`, `is "${type}"`, "Set string: the SerDe of CSV reads no other");
    }
  }
}

/** Days since 1970 of a date. */
function dayOf(check: ArgumentChecks, field: string, date: string): number {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : NaN;
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== date) {
    check.fail(field, `is "${date}"`, "Write a day as YYYY-MM-DD");
  }
  return time / dayLengths.milliseconds;
}
