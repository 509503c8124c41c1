import { stripVTControlCharacters } from "node:util";
import { messageOf } from "../local/errors";
import { say, step } from "../local/progress";
import { Project } from "../test/e2e/project";
import { record, Row } from "./rows";

/**
 * What the local platform takes for 20,000 events: `npm run bench:local`. It runs in a copy of the
 * project, whose state is its own. Ratios are to what the job, or the workflow, alone takes.
 */

const row = /^│ (?<name>.+?) +│ +(?<seconds>[\d.]+) │/;

/** Seconds of the parts that a command's `--timings` tells, by name. */
function parts(told: string): Map<string, number> {
  const lines = stripVTControlCharacters(told).split("\n");
  return new Map(
    lines.flatMap((line) => {
      const { name, seconds } = row.exec(line)?.groups ?? {};
      return name && seconds ? [[name.trim(), Number(seconds)] as const] : [];
    }),
  );
}

async function measure(project: Project, what: string, args: string[], of: string): Promise<Row> {
  return step(what, async () => {
    const start = performance.now();
    const { stderr } = await project.succeed(...args, "--timings");
    const seconds = (performance.now() - start) / 1000;
    const alone = parts(stderr).get(of);
    if (alone === undefined) throw new Error(`--timings told nothing of ${of}:\n${stderr}`);
    return {
      what: `local: ${what}`,
      time: `${seconds.toFixed(1)} s`,
      beside: `${of}, ${alone.toFixed(1)} s`,
      ratio: seconds / alone,
    };
  });
}

async function main(): Promise<void> {
  const project = new Project();
  const job = "job mobile-user-daily";
  try {
    const rows = [await measure(project, "the first time, all of it", [], job)];
    rows.push(await measure(project, "warm, nothing new, all of it", [], "Running the workflow"));
    await project.succeed("load", "--events", "20000", "--seed", "7");
    rows.push(await measure(project, "`run` of 20,000 new events", ["run"], job));
    for (const { what, time, beside, ratio } of rows) {
      console.log(`${what}: ${time}, ${ratio.toFixed(2)} × ${beside}`);
    }
    record(rows);
  } finally {
    await project.remove();
  }
}

main().catch((error: unknown) => {
  say(messageOf(error));
  process.exitCode = 1;
});
