import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentChecks } from "../checks/arguments";

/** A column that a view gives. */
export interface ViewColumn {
  /** Name of the column, in small letters. */
  name: string;
  /**
   * Type as the Data Catalog writes it: `string`, `boolean`, `tinyint`, `smallint`, `int`, `bigint`, `float`,
   * `double`, `date`, `timestamp` or `decimal(p,s)`. Cast what is of another type in the view's SQL.
   */
  type: string;
}

/** A view, which queries read as they do a table. */
export interface AthenaView {
  /** Name of the view: small letters, digits and `_`. */
  name: string;
  /** What the view is for, shown in the catalog. Default: nothing. */
  description?: string;
  /**
   * `SELECT` in Athena's dialect. Tables without a database are those of the workspace's. They needn't be
   * there yet: Athena looks for them when the view is read.
   */
  sql: string;
  /** The columns that the SQL gives, in its order. Athena refuses to read a view that gives others. */
  columns: ViewColumn[];
}

/** How Athena's SQL calls a type of the catalog; what isn't here has one name. */
const sqlTypes: Record<string, string> = {
  string: "varchar",
  int: "integer",
  float: "real",
  timestamp: "timestamp(3)",
};
const plainTypes = [
  ...["string", "boolean", "tinyint", "smallint", "int", "bigint"],
  ...["float", "double", "date", "timestamp"],
];

/** @param field how messages name the view, for example `views[0]`. */
export function checkView(check: ArgumentChecks, field: string, view: AthenaView): void {
  check.databaseName(`${field}.name`, view.name);
  check.distinct(
    `${field}.columns`,
    view.columns.map(({ name }) => name),
  );
  view.columns.forEach(({ name, type }, index) => {
    if (name !== name.toLowerCase()) {
      check.fail(`${field}.columns[${index}].name`, `is "${name}"`, "Use small letters");
    }
    if (!/^decimal\(\d{1,2},\d{1,2}\)$/.test(type)) {
      check.oneOf(`${field}.columns[${index}].type`, type, [...plainTypes, "decimal(p,s)"]);
    }
  });
}

/** The table that stands for a view in the catalog, as Athena itself makes it; a child of `parent`. */
export function athenaView(
  name: string,
  databaseName: pulumi.Input<string>,
  { name: viewName, description, sql, columns }: AthenaView,
  parent: pulumi.Resource,
): aws.glue.CatalogTable {
  const definition = pulumi.jsonStringify({
    originalSql: sql,
    catalog: "awsdatacatalog",
    schema: databaseName,
    columns: columns.map((column) => ({
      name: column.name,
      type: sqlTypes[column.type] ?? column.type,
    })),
  });
  return new aws.glue.CatalogTable(
    name,
    {
      name: viewName,
      databaseName,
      description,
      tableType: "VIRTUAL_VIEW",
      parameters: { presto_view: "true", comment: "Presto View" },
      viewOriginalText: definition.apply((text) => {
        const encoded = Buffer.from(text).toString("base64");
        return `/* Presto View: ${encoded} */`;
      }),
      viewExpandedText: "/* Presto View */",
      storageDescriptor: {
        columns,
        // Athena wants a serde here, whatever it is: "Table storage descriptor is missing SerDe info".
        serDeInfo: { name: "-", serializationLibrary: "-" },
      },
    },
    { parent },
  );
}
