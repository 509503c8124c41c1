import { createSpinner } from "nanospinner";
import { timed } from "./timings";

const isTerminal = process.stderr.isTTY === true && process.env["CI"] === undefined;

/** Prints one plain line to stderr; stdout is for results alone. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Seconds since `start` (milliseconds), as `12.3 s`. */
export function since(start: number): string {
  return `${((Date.now() - start) / 1000).toFixed(1)} s`;
}

/**
 * Shows that something is under way: a spinner on a terminal, plain lines elsewhere.
 * @param work gets `note`, which tells what it is at now.
 */
export async function step<T>(
  title: string,
  work: (note: (text: string) => void) => Promise<T>,
): Promise<T> {
  const start = Date.now();
  const spinner = isTerminal ? createSpinner(title, { stream: process.stderr }).start() : undefined;
  if (!spinner) say(`${title} …`);
  let last = "";
  const note = (text: string) => {
    if (text === last) return;
    last = text;
    if (spinner) spinner.update({ text: `${title}: ${text}` });
    else say(`  ${text}`);
  };
  try {
    const result = await timed(title, () => work(note));
    if (spinner) spinner.success({ text: `${title} (${since(start)})` });
    else say(`${title}: done in ${since(start)}`);
    return result;
  } catch (error) {
    if (spinner) spinner.error({ text: title });
    else say(`${title}: failed after ${since(start)}`);
    throw error;
  }
}
