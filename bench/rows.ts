import * as fs from "node:fs";

/** A line of the table in docs/benchmarks.md; a ratio says more than a time of one machine. */
export interface Row {
  what: string;
  /** Seconds, or another time with its unit. */
  time: string;
  /** What it's held against, with its time. */
  beside: string;
  ratio: number;
}

/** Name of the variable with the file that takes rows, where all benchmarks run. */
export const rowsFile = "GLUE_ETL_BENCH_ROWS";

/** Hands rows to the run of all benchmarks; alone, a benchmark has its own output. */
export function record(rows: readonly Row[]): void {
  const file = process.env[rowsFile];
  if (file) fs.appendFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
}

export function rowsIn(file: string): Row[] {
  const lines = fs.readFileSync(file, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Row);
}
