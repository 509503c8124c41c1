/** How Athena and Spark read files of a format (Athena guide, "Choose a SerDe for your data"). */
export interface TableFormat {
  inputFormat: string;
  outputFormat: string;
  serializationLibrary: string;
  /** Parameters of the SerDe. */
  serDeParameters: Record<string, string>;
  /** Parameters of the table. */
  parameters: Record<string, string>;
}

const text = {
  inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
  outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
};

export const tableFormats = {
  /** One object a line, gzipped or not. */
  json: {
    ...text,
    serializationLibrary: "org.openx.data.jsonserde.JsonSerDe",
    serDeParameters: {},
    parameters: { classification: "json" },
  },
  /** With a header, gzipped or not; this SerDe makes every column a string. */
  csv: {
    ...text,
    serializationLibrary: "org.apache.hadoop.hive.serde2.OpenCSVSerde",
    serDeParameters: { separatorChar: ",", quoteChar: '"', escapeChar: "\\" },
    parameters: { classification: "csv", "skip.header.line.count": "1" },
  },
  parquet: {
    inputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    outputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    serializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
    serDeParameters: {},
    parameters: { classification: "parquet" },
  },
} satisfies Record<string, TableFormat>;
