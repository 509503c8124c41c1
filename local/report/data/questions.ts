import { query, savedQuery } from "../../athena";
import { deployedOutputs } from "../../engine/outputs";
import { Platform } from "../../platform";
import { RunReport } from "../../runs/counts";
import { DayActivity, EventCount, FunnelDay, QuarantineExample } from "../model";

const examplesOfReason = 3;
/** Characters of a record that are shown. */
const longest = 600;

type Row = Record<string, string>;

/** Users and rows by day and platform, oldest first: the saved query `daily-active-users`. */
export async function activity(platform: Platform): Promise<DayActivity[]> {
  const rows = await saved(platform, "daily-active-users");
  return rows
    .map((row) => ({
      date: text(row, "date"),
      platform: text(row, "platform"),
      users: number(row, "active_users"),
      rows: number(row, "events"),
    }))
    .sort((one, other) => compare(one.date, other.date) || compare(one.platform, other.platform));
}

/** Rows by event and platform, of all days: the saved query `events-by-type`. */
export async function events(platform: Platform): Promise<EventCount[]> {
  const sums = new Map<string, EventCount>();
  for (const row of await saved(platform, "events-by-type")) {
    const found = {
      type: text(row, "type"),
      event: text(row, "event"),
      platform: text(row, "platform"),
    };
    const key = JSON.stringify(found);
    const sum = sums.get(key) ?? { ...found, rows: 0 };
    sums.set(key, { ...sum, rows: sum.rows + number(row, "events") });
  }
  return [...sums.values()].sort((one, other) => other.rows - one.rows);
}

/** Users that reached each step, oldest day first: the saved query `purchase-funnel`. */
export async function funnel(platform: Platform): Promise<FunnelDay[]> {
  const rows = await saved(platform, "purchase-funnel");
  return rows
    .map(({ date = "", ...steps }) => ({
      date,
      steps: Object.entries(steps).map(([name, users]) => ({ name, users: Number(users) })),
    }))
    .sort((one, other) => compare(one.date, other.date));
}

/** Some of the records that the run could not read, of each reason. */
export async function quarantineExamples(
  platform: Platform,
  job: RunReport | undefined,
): Promise<QuarantineExample[]> {
  if (!job || Object.keys(job.quarantine_reasons).length === 0) return [];
  const rows = await ask(
    platform,
    `SELECT reason, source, object_key, line_number, substr(line, 1, ${longest}) AS line
FROM (
  SELECT *, row_number() OVER (PARTITION BY reason ORDER BY object_key, line_number) AS place
  FROM ${deployedOutputs().quarantineTableName}
  WHERE run_id = '${job.run_id.replaceAll("'", "''")}'
)
WHERE place <= ${examplesOfReason}
ORDER BY reason, object_key, line_number`,
  );
  return rows.map((row) => ({
    reason: text(row, "reason"),
    source: text(row, "source"),
    objectKey: text(row, "object_key"),
    lineNumber: number(row, "line_number"),
    line: text(row, "line"),
  }));
}

const saved = async (platform: Platform, name: string) =>
  ask(platform, await savedQuery(platform, name));

async function ask(platform: Platform, sql: string): Promise<Row[]> {
  const { columns, rows } = await query(platform, sql);
  return rows.map((row) =>
    Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? ""])),
  );
}

const text = (row: Row, column: string): string => row[column] ?? "";
const number = (row: Row, column: string): number => Number(row[column] ?? 0);
const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
