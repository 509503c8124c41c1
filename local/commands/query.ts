import Table from "cli-table3";
import { QueryResult } from "../athena";

export const queryFormats = ["table", "csv", "json"] as const;
export type QueryFormat = (typeof queryFormats)[number];

/** The text that a user asked for. */
export function format({ columns, rows }: QueryResult, as: QueryFormat): string {
  switch (as) {
    case "json":
      return JSON.stringify(
        rows.map((row) =>
          Object.fromEntries(
            columns.map(({ name, type }, index) => [name, typedValue(type, row[index] ?? null)]),
          ),
        ),
        undefined,
        2,
      );
    case "csv":
      return [columns.map(({ name }) => name), ...rows]
        .map((row) => row.map((value) => (value === null ? "" : quoted(value))).join(","))
        .join("\n");
    case "table": {
      const table = new Table({
        head: columns.map(({ name }) => name),
        style: { head: [], border: [] },
        colAligns: columns.map(({ type }) => (numeric.has(type) ? "right" : "left")),
      });
      table.push(...rows.map((row) => row.map((value) => value ?? "")));
      return `${table.toString()}\n${rows.length} ${rows.length === 1 ? "row" : "rows"}`;
    }
  }
}

const numeric = new Set(["tinyint", "smallint", "integer", "bigint", "float", "double"]);

function typedValue(type: string, value: string | null): string | number | boolean | null {
  if (value === null) return null;
  if (type === "boolean") return value === "true";
  // Integers that a JavaScript number can't hold stay text.
  if (numeric.has(type) && Number.isFinite(Number(value))) {
    return Number.isInteger(Number(value)) && !Number.isSafeInteger(Number(value))
      ? value
      : Number(value);
  }
  return value;
}

function quoted(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}
