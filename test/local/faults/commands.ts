import { load } from "../../../local/commands/load";
import { query } from "../../../local/athena";
import { runWorkflow, RunOptions } from "../../../local/commands/run";
import { Platform, runningPlatform } from "../../../local/platform";

/**
 * The local commands in a process of their own, which lasts: a start of Node for each would take
 * longer than what many of them do. GLUE_ETL_LOCAL names the platform.
 */
export type Request =
  | { command: "load"; raw: string }
  | { command: "run"; options: RunOptions }
  | { command: "query"; sql: string };

/** What a command gave, or the name and message of its error. */
export type Answer = { value: unknown } | { error: string };

async function answer(platform: Platform, request: Request): Promise<unknown> {
  switch (request.command) {
    case "load":
      return load(platform, { raw: request.raw, days: 0, events: 0, seed: 0 });
    case "run":
      return runWorkflow(platform, request.options);
    case "query":
      return query(platform, request.sql);
  }
}

process.on("message", (request: Request) => {
  const ended = runningPlatform().then((platform) => {
    if (!platform) throw new Error("the platform doesn't run");
    return answer(platform, request);
  });
  ended.then(
    (value) => process.send?.({ value } satisfies Answer),
    (error: unknown) => process.send?.({ error: String(error) } satisfies Answer),
  );
});
