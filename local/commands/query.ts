import {
  BatchGetNamedQueryCommand,
  GetQueryExecutionCommand,
  ListNamedQueriesCommand,
  paginateGetQueryResults,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import Table from "cli-table3";
import { setTimeout as sleep } from "node:timers/promises";
import { Clients, clients } from "../aws";
import { deployedOutputs } from "../engine/outputs";
import { UserError } from "../errors";
import { interrupt } from "../interrupt";
import { Platform } from "../platform";

/** Rows of a query, values as Athena writes them; null where there is none. */
export interface QueryResult {
  columns: { name: string; type: string }[];
  rows: (string | null)[][];
  scannedBytes: number;
}

export const queryFormats = ["table", "csv", "json"] as const;
export type QueryFormat = (typeof queryFormats)[number];

/** Runs a statement in the stack's work group and curated database. */
export async function query(platform: Platform, sql: string): Promise<QueryResult> {
  const { athena } = clients(platform);
  const { workGroupName, databaseName } = deployedOutputs();
  const { QueryExecutionId } = await athena.send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      WorkGroup: workGroupName,
      QueryExecutionContext: { Database: databaseName },
    }),
  );
  const scannedBytes = await waitForQuery(athena, QueryExecutionId);
  return { ...(await readResults(athena, QueryExecutionId)), scannedBytes };
}

/** The text of a query that the stack has saved. */
export async function savedQuery(platform: Platform, name: string): Promise<string> {
  const { athena } = clients(platform);
  const { workGroupName } = deployedOutputs();
  const { NamedQueryIds = [] } = await athena.send(
    new ListNamedQueriesCommand({ WorkGroup: workGroupName }),
  );
  const { NamedQueries = [] } = await athena.send(new BatchGetNamedQueryCommand({ NamedQueryIds }));
  const found = NamedQueries.find(({ Name }) => Name === name)?.QueryString;
  if (found) return found;
  throw new UserError(`The work group ${workGroupName} has no saved query ${name}.`);
}

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

async function waitForQuery(athena: Clients["athena"], id: string | undefined): Promise<number> {
  for (let wait = 20; ; wait = Math.min(wait * 2, 500)) {
    const { QueryExecution } = await athena.send(
      new GetQueryExecutionCommand({ QueryExecutionId: id }),
    );
    const { State, StateChangeReason } = QueryExecution?.Status ?? {};
    if (State === "SUCCEEDED") return QueryExecution?.Statistics?.DataScannedInBytes ?? 0;
    if (State === "FAILED" || State === "CANCELLED") {
      throw new UserError(
        `Query ${State.toLowerCase()}: ${StateChangeReason ?? "no reason given"}`,
      );
    }
    if (interrupt.aborted) {
      await athena.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
      throw new UserError("Interrupted.");
    }
    await sleep(wait);
  }
}

async function readResults(
  athena: Clients["athena"],
  id: string | undefined,
): Promise<Omit<QueryResult, "scannedBytes">> {
  const result: Omit<QueryResult, "scannedBytes"> = { columns: [], rows: [] };
  for await (const page of paginateGetQueryResults({ client: athena }, { QueryExecutionId: id })) {
    const { ResultSetMetadata, Rows = [] } = page.ResultSet ?? {};
    result.columns = (ResultSetMetadata?.ColumnInfo ?? []).map(({ Name, Type }) => ({
      name: Name ?? "",
      type: Type ?? "",
    }));
    result.rows.push(
      ...Rows.map(({ Data = [] }) => Data.map(({ VarCharValue }) => VarCharValue ?? null)),
    );
  }
  // The first row of a SELECT repeats the columns' names ("GetQueryResults", Athena's API).
  const [first] = result.rows;
  if (first && first.every((value, index) => value === result.columns[index]?.name)) {
    result.rows.shift();
  }
  return result;
}
