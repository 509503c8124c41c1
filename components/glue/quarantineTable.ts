import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { tableFormats } from "./tableFormats";

const { json } = tableFormats;

/** Folder of the records that can't be read, in the bucket of a dataset. */
export const quarantinePrefix = "quarantine/";

const columns = [
  { name: "source", type: "string" },
  { name: "reason", type: "string" },
  { name: "object_key", type: "string" },
  { name: "line_number", type: "bigint" },
  { name: "received_day", type: "string" },
  { name: "run_id", type: "string" },
  { name: "line", type: "string" },
];

/**
 * The table of the records that a job can't read, as gzipped JSON lines; a child of `parent`.
 * @param outputPath `s3://bucket/`, the root of what the job writes.
 */
export function quarantineTable(
  name: string,
  outputPath: pulumi.Input<string>,
  args: { databaseName: pulumi.Input<string>; tableName: string },
  parent: pulumi.Resource,
): aws.glue.CatalogTable {
  return new aws.glue.CatalogTable(
    `${name}-quarantine`,
    {
      name: `${args.tableName}_quarantine`,
      databaseName: args.databaseName,
      description: `What couldn't be read on the way to ${args.tableName}`,
      tableType: "EXTERNAL_TABLE",
      parameters: { ...json.parameters, compressionType: "gzip" },
      storageDescriptor: {
        location: pulumi.interpolate`${outputPath}${quarantinePrefix}`,
        inputFormat: json.inputFormat,
        outputFormat: json.outputFormat,
        serDeInfo: { serializationLibrary: json.serializationLibrary },
        columns,
      },
    },
    { parent },
  );
}
