import {
  Column,
  GetCrawlerCommand,
  paginateGetTables,
  paginateGetTableVersions,
  Table,
  WorkflowRun,
} from "@aws-sdk/client-glue";
import { Clients } from "../../aws";
import { ColumnChange, TableChange } from "../model";
import { fieldsOf } from "./hiveTypes";

/** What the run changed in the tables of the databases that its crawlers fill. */
export async function tableChanges(
  glue: Clients["glue"],
  run: WorkflowRun,
): Promise<TableChange[]> {
  const changes: TableChange[] = [];
  for (const DatabaseName of await databasesOf(glue, run)) {
    for await (const page of paginateGetTables({ client: glue }, { DatabaseName })) {
      for (const table of page.TableList ?? []) {
        if (writtenAt(table) < Number(run.StartedOn)) continue;
        const change = await changeOf(glue, table, run);
        if (change.isNew || change.columns.length > 0) changes.push(change);
      }
    }
  }
  return changes;
}

async function databasesOf(glue: Clients["glue"], run: WorkflowRun): Promise<string[]> {
  const crawlers = (run.Graph?.Nodes ?? []).filter(({ Type }) => Type === "CRAWLER");
  const found = await Promise.all(
    crawlers.map(({ Name }) => glue.send(new GetCrawlerCommand({ Name }))),
  );
  return [...new Set(found.flatMap(({ Crawler }) => Crawler?.DatabaseName ?? []))];
}

/** The newest versions of before the run and of its end, by column. */
async function changeOf(
  glue: Clients["glue"],
  { DatabaseName, Name }: Table,
  run: WorkflowRun,
): Promise<TableChange> {
  const versions: Table[] = [];
  const request = { DatabaseName, TableName: Name };
  for await (const page of paginateGetTableVersions({ client: glue }, request)) {
    versions.push(...(page.TableVersions ?? []).flatMap((version) => version.Table ?? []));
  }
  const newestOf = (until: Date | undefined) =>
    versions
      .filter((version) => until === undefined || writtenAt(version) <= Number(until))
      .sort((one, other) => writtenAt(other) - writtenAt(one))[0];
  const before = newestOf(run.StartedOn);
  const after = newestOf(run.CompletedOn);
  return {
    table: `${DatabaseName}.${Name}`,
    isNew: before === undefined,
    columns: columnChanges(columnsOf(before), columnsOf(after)),
  };
}

/** A table that was only made has no time of a change. */
const writtenAt = ({ UpdateTime, CreateTime }: Table): number => Number(UpdateTime ?? CreateTime);

const columnsOf = (table: Table | undefined): Column[] => [
  ...(table?.StorageDescriptor?.Columns ?? []),
  ...(table?.PartitionKeys ?? []),
];

/** Columns, and fields in columns, that aren't in both with the same type. */
export function columnChanges(before: Column[], after: Column[]): ColumnChange[] {
  const [from, to] = [fieldTypes(before), fieldTypes(after)];
  return [...new Set([...from.keys(), ...to.keys()])]
    .map((path) => ({ path, from: from.get(path), to: to.get(path) }))
    .filter((change) => change.from !== change.to);
}

function fieldTypes(columns: Column[]): Map<string, string> {
  return new Map(columns.flatMap(({ Name = "", Type = "" }) => fieldsOf(Name, Type)));
}
