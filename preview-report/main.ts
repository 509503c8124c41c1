import { Command, CommanderError, InvalidArgumentError } from "commander";
import * as fs from "node:fs";
import { InputError, readEvents } from "./events";
import { renderComment } from "./markdown";
import { summarize } from "./summary";

interface Options {
  stack: Record<string, string>;
  on?: string;
}

const program = new Command("preview-report")
  .description("Writes a comment for a pull request from the event logs of `pulumi preview`.")
  .requiredOption(
    "--stack <name=file>",
    "a stack, and the file that `pulumi preview --event-log` wrote of it; repeat it for more",
    addStack,
  )
  .option("--on <place>", "where the previews ran: each place has a comment of its own", placeName)
  .addHelpText("after", "\nExit codes: 1 mandatory findings or a failed preview, 2 bad input.")
  .exitOverride();

function addStack(argument: string, before: Record<string, string> = {}): Record<string, string> {
  const [, name, file] = /^([^=]+)=(.+)$/.exec(argument) ?? [];
  if (!name || !file) throw new InvalidArgumentError("Write <stack>=<file>.");
  return { ...before, [name]: file };
}

function placeName(argument: string): string {
  if (!/^\w+$/.test(argument)) throw new InvalidArgumentError("Write one word of letters.");
  return argument;
}

function readFile(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    throw new InputError(`${file} can't be read. Give the file that the preview wrote.`);
  }
}

function main(): number {
  const { stack, on } = program.parse().opts<Options>();
  const summaries = Object.entries(stack).map(([name, file]) =>
    summarize(name, readEvents(readFile(file), file)),
  );
  process.stdout.write(renderComment(summaries, { place: on }));
  return summaries.every(({ outcome }) => outcome === "passed") ? 0 : 1;
}

try {
  process.exitCode = main();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else if (error instanceof InputError) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  } else throw error;
}
