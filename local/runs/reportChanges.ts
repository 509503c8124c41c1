import { RunReport } from "./counts";

const n = (count: number) => count.toLocaleString("en");

/**
 * What a run's report says otherwise than that of the run before: a line for each count that
 * changed, such as `ios, rows written: 1,724 → 1,700 (-24)`, each new column and each new warning.
 */
export function reportChanges(before: RunReport, after: RunReport): string[] {
  const [old, now] = [countsOf(before), countsOf(after)];
  const counts = [...new Set([...Object.keys(old), ...Object.keys(now)])].flatMap((name) => {
    const [was, is] = [old[name] ?? 0, now[name] ?? 0];
    const sign = is > was ? "+" : "-";
    return was === is ? [] : [`${name}: ${n(was)} → ${n(is)} (${sign}${n(Math.abs(is - was))})`];
  });
  const columns = without(after.new_columns, before.new_columns);
  const warnings = without(after.warnings, before.warnings);
  return [
    ...counts,
    ...columns.map((column) => `new column: ${column}`),
    ...warnings.map((warning) => `new warning: ${warning}`),
  ];
}

function without(all: string[], known: string[]): string[] {
  return all.filter((one) => !known.includes(one));
}

function countsOf(report: RunReport): Record<string, number> {
  const sources = Object.entries(report.sources).flatMap(([source, counts]) =>
    Object.entries(counts).map(([what, count]) => [`${source}, ${what.replace("_", " ")}`, count]),
  );
  const dates = Object.entries(report.dates).map(([date, rows]) => [`rows of ${date}`, rows]);
  const reasons = Object.entries(report.quarantine_reasons).map(([reason, count]) => [
    `quarantined as ${reason}`,
    count,
  ]);
  return Object.fromEntries([...sources, ...reasons, ...dates]) as Record<string, number>;
}
