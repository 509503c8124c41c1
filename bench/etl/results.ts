import { z } from "zod";
import { Row } from "../rows";

/** What was measured, as a table, against the targets, and whether the contenders agree. */

/** In the order in which they run. */
export const contenders = [
  { name: "unzip", title: "Spark, unzip alone" },
  { name: "floor", title: "Spark, decode by a known schema (the floor)" },
  { name: "naive", title: "Spark, the naive way, CSV" },
  { name: "job-parquet", title: "the job, Parquet" },
  { name: "job-first-run", title: "the job, Parquet, all columns new" },
  { name: "job-csv", title: "the job, CSV" },
  { name: "duckdb", title: "DuckDB, Parquet" },
] as const;

type Name = (typeof contenders)[number]["name"];

/** The archive's own: events of the measured days. */
export const facts = z.object({ events: z.number(), files: z.number(), json_bytes: z.number() });
export type Facts = z.infer<typeof facts>;

/** One contender's; `output` is null if it only reads, `account` if it isn't the job. */
export const measured = z.object({
  seconds: z.number(),
  peak_bytes: z.number(),
  output: z
    .object({
      rows: z.number(),
      bytes: z.number(),
      account: z
        .object({ records: z.number(), duplicates: z.number(), quarantined: z.number() })
        .nullable(),
    })
    .nullable(),
});
type Measured = z.infer<typeof measured>;

export type Results = Map<Name, Measured>;

const targets = [
  { than: "floor", most: 1.6 },
  { than: "naive", most: 0.7 },
] as const;

const none = "–";

/** A Markdown table, its columns aligned. */
export function table(results: Results): string {
  const head = ["what", "s", "× floor", "× naive", "peak MB", "rows out", "MB out"];
  const rows = contenders.map(({ name, title }) => {
    const { seconds, peak_bytes, output } = measuredOf(results, name);
    return [
      title,
      seconds.toFixed(1),
      ratio(results, name, "floor").toFixed(2),
      ratio(results, name, "naive").toFixed(2),
      peak_bytes ? megabytes(peak_bytes) : none,
      output ? String(output.rows) : none,
      output ? megabytes(output.bytes) : none,
    ];
  });
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: string[]) => {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    return `| ${cells.join(" | ")} |`;
  };
  const rule = widths.map((width, column) =>
    column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`,
  );
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}

/** Those beside the floor. */
export function rows(results: Results): Row[] {
  const floor = measuredOf(results, "floor").seconds;
  return contenders
    .filter(({ name }) => name !== "floor")
    .map(({ name, title }) => ({
      what: `etl: ${title}`,
      time: `${measuredOf(results, name).seconds.toFixed(1)} s`,
      beside: `the floor, ${floor.toFixed(1)} s`,
      ratio: ratio(results, name, "floor"),
    }));
}

/** A line for each target. */
export function judgement(results: Results): string[] {
  return targets.map(({ than, most }) => {
    const found = ratio(results, "job-parquet", than);
    const verdict = found <= most ? "met" : "missed";
    return `The job in Parquet: ${found.toFixed(2)} × ${than}, target ≤ ${most}: ${verdict}`;
  });
}

/** What the contenders don't agree on; nothing if all is well. */
export function disagreements(results: Results, { events }: Facts): string[] {
  const distinct = measuredOf(results, "duckdb").output?.rows;
  const found: string[] = [];
  for (const { name, title } of contenders) {
    const { output } = measuredOf(results, name);
    if (!output || name === "duckdb") continue;
    const { rows, account } = output;
    if (!account) {
      if (rows !== events) found.push(`${title}: ${rows} rows of ${events} events`);
      continue;
    }
    const { records, duplicates, quarantined } = account;
    if (records !== events) found.push(`${title}: read ${records} of ${events} records`);
    if (records !== rows + duplicates + quarantined)
      found.push(
        `${title}: ${records} records, but ${rows} rows, ${duplicates} duplicates and ` +
          `${quarantined} quarantined`,
      );
    if (rows !== distinct) found.push(`${title}: ${rows} rows, but DuckDB has ${distinct}`);
  }
  return found;
}

function ratio(results: Results, name: Name, than: Name): number {
  return measuredOf(results, name).seconds / measuredOf(results, than).seconds;
}

function measuredOf(results: Results, name: Name): Measured {
  const found = results.get(name);
  if (!found) throw new Error(`${name} wasn't measured`);
  return found;
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
