import {
  BatchGetNamedQueryCommand,
  GetQueryExecutionCommand,
  ListNamedQueriesCommand,
  paginateGetQueryResults,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { setTimeout as sleep } from "node:timers/promises";
import { Clients, clients } from "./aws";
import { deployedOutputs } from "./engine/outputs";
import { UserError } from "./errors";
import { interrupt } from "./interrupt";
import { Platform } from "./platform";

/** Rows of a query, values as Athena writes them; null where there is none. */
export interface QueryResult {
  columns: { name: string; type: string }[];
  rows: (string | null)[][];
  scannedBytes: number;
}

/** Runs a statement in the stack's work group and curated database. */
export function query(platform: Platform, sql: string): Promise<QueryResult> {
  return ask(clients(platform).athena, deployedOutputs(), sql);
}

/** Runs a statement in a work group, where tables without a database are those of one. */
export async function ask(
  athena: Clients["athena"],
  { workGroupName, databaseName }: { workGroupName: string; databaseName: string },
  sql: string,
): Promise<QueryResult> {
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
