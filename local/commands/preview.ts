import * as fs from "node:fs";
import { readEvents } from "../../preview-report/events";
import { renderComment } from "../../preview-report/markdown";
import { StackSummary, summarize } from "../../preview-report/summary";
import { Previewed, previewStack } from "../engine/previews";
import { checkStackName, stackNames } from "../engine/stackNames";
import { UserError } from "../errors";
import { interrupt } from "../interrupt";
import { withPlatform } from "../platform";
import { say } from "../progress";

export const previewFormats = ["text", "markdown"] as const;

export interface PreviewOptions {
  /** Default: all stacks of the project. */
  stack?: string[];
  /** The engine's own account of each stack, or one comment for a pull request. */
  output: (typeof previewFormats)[number];
}

const note =
  "On the local platform. Only the stack local can have state there; all resources of others are new.";

/**
 * Previews stacks on the local platform, policies included.
 * @param print takes the result.
 * @throws UserError if there are mandatory findings or a preview fails, after the result is printed.
 */
export async function preview(
  options: PreviewOptions,
  print: (text: string) => void,
): Promise<void> {
  const summaries: StackSummary[] = [];
  const stacks = [...new Set(options.stack ?? stackNames())];
  stacks.forEach(checkStackName);
  await withPlatform(async () => {
    for (const stack of stacks) {
      if (options.output === "text") print(`── ${stack}\n`);
      else say(`── ${stack}`);
      summaries.push(await previewOne(stack, options.output));
      if (interrupt.aborted) throw new UserError("Interrupted.");
    }
  });
  if (options.output === "markdown") {
    print(renderComment(summaries, { note }));
  }
  conclude(summaries);
}

async function previewOne(stack: string, output: PreviewOptions["output"]): Promise<StackSummary> {
  return judge(stack, await previewStack(stack, output === "text" ? "stdout" : "stderr"));
}

/** What a preview came to: its events may all be well, and the process have failed after them. */
export function judge(stack: string, { succeeded, eventLog }: Previewed): StackSummary {
  const summary = summarize(stack, readEvents(fs.readFileSync(eventLog, "utf8"), eventLog));
  return summary.outcome === "passed" && !succeeded ? { ...summary, outcome: "failed" } : summary;
}

function conclude(summaries: StackSummary[]): void {
  const bad = summaries.flatMap(({ stack, outcome, mandatory: { length } }) => {
    if (outcome === "passed") return [];
    const findings = `${length} mandatory finding${length === 1 ? "" : "s"}`;
    return `${stack}: ${outcome === "failed" ? "it failed" : findings}`;
  });
  if (bad.length > 0) throw new UserError(`Preview: ${bad.join("; ")}. See above.`);
  say(`Preview: ${summaries.map(({ stack }) => stack).join(", ")} passed, no mandatory findings.`);
}
