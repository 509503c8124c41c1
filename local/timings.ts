import Table from "cli-table3";

/** A part of a command, in seconds; `depth` counts the parts that it lies in. */
export interface Timing {
  name: string;
  depth: number;
  seconds: number;
}

const timings: Timing[] = [];
let depth = 0;

/** Measures `work` as a part of the part that is under way. */
export async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const timing = addTiming(name, 0);
  depth += 1;
  try {
    return await work();
  } finally {
    depth -= 1;
    timing.seconds = (performance.now() - start) / 1000;
  }
}

/** Adds a part that something else has measured, `below` parts deeper than what is under way. */
export function addTiming(name: string, seconds: number, below = 0): Timing {
  const timing = { name, depth: depth + below, seconds };
  timings.push(timing);
  return timing;
}

/**
 * The parts as a table, each with its share of the whole.
 * @param total seconds since the process started; what no part explains is a row of its own.
 */
export function describeTimings(total: number, parts: readonly Timing[] = timings): string {
  const table = new Table({
    head: ["part", "s", "%"],
    style: { head: [], border: [] },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
    colAligns: ["left", "right", "right"],
  });
  const known = parts
    .filter((part) => part.depth === 0)
    .reduce((sum, { seconds }) => sum + seconds, 0);
  const rest = { name: "everything else", depth: 0, seconds: Math.max(0, total - known) };
  for (const { name, depth: level, seconds } of [...parts, rest]) {
    table.push([
      "  ".repeat(level) + name,
      seconds.toFixed(1),
      ((100 * seconds) / total).toFixed(0),
    ]);
  }
  table.push(["all of it", total.toFixed(1), "100"]);
  return table.toString();
}
