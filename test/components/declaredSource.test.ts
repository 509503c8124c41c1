import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { ArgumentError, DeclaredSource, DeclaredSourceArgs } from "../../components";
import { inputsOf, namesOf, recordResources, resourcesOf } from "./recorder";

const args: DeclaredSourceArgs = {
  databaseName: "segment_logs",
  bucketName: "raw",
  prefix: "segment-logs/ksIOS/",
  columns: [
    { name: "messageid", type: "string" },
    { name: "timestamp", type: "string" },
  ],
  receivedDayUnit: "milliseconds",
};

describe("DeclaredSource", () => {
  before(() => recordResources());

  const tableOf = async (changes: Partial<DeclaredSourceArgs> = {}) =>
    JSON.parse(
      JSON.stringify(
        inputsOf(
          await resourcesOf(() => new DeclaredSource("ios", { ...args, ...changes })),
          "aws:glue/catalogTable:CatalogTable",
        ),
      ),
    );

  it("makes a table and nothing that costs", async () => {
    const made = await resourcesOf(() => new DeclaredSource("ios", args));
    assert.deepEqual(namesOf(made), ["CatalogTable ios", "DeclaredSource ios"]);
  });

  it("declares the columns and computes the partitions", async () => {
    assert.deepEqual(await tableOf({ description: "Events" }), {
      name: "ksios",
      databaseName: "segment_logs",
      description: "Events",
      tableType: "EXTERNAL_TABLE",
      parameters: {
        classification: "json",
        "projection.enabled": "true",
        "projection.partition_0.type": "integer",
        "projection.partition_0.range": "1577836800000,2208902400000",
        "projection.partition_0.interval": "86400000",
        "storage.location.template": "s3://raw/segment-logs/ksIOS/${partition_0}/",
      },
      partitionKeys: [{ name: "partition_0", type: "bigint" }],
      storageDescriptor: {
        location: "s3://raw/segment-logs/ksIOS/",
        inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
        outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
        serDeInfo: {
          serializationLibrary: "org.openx.data.jsonserde.JsonSerDe",
          parameters: {},
        },
        columns: args.columns,
      },
    });
  });

  it("counts days in seconds, too, and between the days that are set", async () => {
    const { parameters } = await tableOf({
      receivedDayUnit: "seconds",
      firstDay: "2026-02-28",
      lastDay: "2026-03-01",
    });
    assert.equal(parameters["projection.partition_0.interval"], "86400");
    assert.equal(parameters["projection.partition_0.range"], "1772236800,1772323200");
  });

  it("reads CSV with a header, and Parquet", async () => {
    const csv = await tableOf({ format: "csv" });
    assert.equal(csv.parameters["skip.header.line.count"], "1");
    assert.deepEqual(csv.storageDescriptor.serDeInfo, {
      serializationLibrary: "org.apache.hadoop.hive.serde2.OpenCSVSerde",
      parameters: { separatorChar: ",", quoteChar: '"', escapeChar: "\\" },
    });
    const parquet = await tableOf({ format: "parquet" });
    assert.equal(parquet.parameters["classification"], "parquet");
    assert.match(parquet.storageDescriptor.inputFormat, /MapredParquetInputFormat$/);
  });

  it("gives what a crawled source gives, but for the crawler", async () => {
    let found: object = {};
    await resourcesOf(() => {
      const { databaseName, tableName, bucketName, prefix, path } = new DeclaredSource("ios", {
        ...args,
        tableName: "ios",
      });
      pulumi
        .output({ databaseName, tableName, bucketName, prefix, path })
        .apply((outputs) => (found = outputs));
    });
    assert.deepEqual(found, {
      databaseName: "segment_logs",
      tableName: "ios",
      bucketName: "raw",
      prefix: "segment-logs/ksIOS/",
      path: "s3://raw/segment-logs/ksIOS/",
    });
  });

  const column = (name: string, type = "string") => ({ columns: [{ name, type }] });
  const refused: [string, Partial<DeclaredSourceArgs>, RegExp][] = [
    ["a prefix with no final slash", { prefix: "logs" }, /DeclaredSource "ios": `prefix`/],
    ["a bad table name", { tableName: "Ios-1" }, /`tableName` is "Ios-1"/],
    ["an unknown format", { format: "avro" }, /`format` is "avro"\. Set one of json, csv, parquet/],
    ["an inherited word", { format: "toString" }, /`format` is "toString"/],
    ["an unknown unit", { receivedDayUnit: "days" }, /one of milliseconds, seconds/],
    ["no column", { columns: [] }, /`columns` is empty/],
    [
      "a column twice",
      { columns: [...args.columns, ...args.columns] },
      /`columns` has "messageid" twice/,
    ],
    ["a column that Glue would rename", column("messageId"), /`columns\[messageId\]` has other/],
    ["a column of the partitions", column("partition_0"), /is the key of the partitions/],
    ["a column of no type", column("a", " "), /`columns\[a\]\.type` is empty/],
    ["numbers in CSV", { format: "csv", ...column("a", "int") }, /is "int"\. Set string/],
    ["a day that isn't", { firstDay: "2026-02-30" }, /`firstDay` is "2026-02-30"\. Write a day/],
    ["a day in words", { lastDay: "today" }, /`lastDay` is "today"/],
    ["an end before the start", { lastDay: "2019-12-31" }, /`lastDay` is before `firstDay`/],
  ];
  for (const [what, changes, message] of refused) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(
        tableOf(changes),
        (error: Error) => error instanceof ArgumentError && message.test(error.message),
      );
    });
  }
});
