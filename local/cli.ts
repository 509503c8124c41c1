import { Command, InvalidArgumentError, Option } from "commander";
import * as fs from "node:fs";
import { query, savedQuery } from "./athena";
import { environment } from "./commands/environment";
import { load, LoadOptions } from "./commands/load";
import { preview, previewFormats, PreviewOptions } from "./commands/preview";
import { format, QueryFormat, queryFormats } from "./commands/query";
import { ReportOptions, showReport } from "./commands/report";
import { RunOptions, runWorkflow } from "./commands/run";
import { describeSchedule, status } from "./commands/status";
import { awsMessage, isAwsError, messageOf, UserError } from "./errors";
import { interrupt, watchSignals } from "./interrupt";
import { stateDir } from "./paths";
import { describeReport } from "./runs/counts";
import { adviceOn } from "./stateFolder";
import {
  killTemporaryPlatform,
  logFile,
  Platform,
  startPlatform,
  stopPlatform,
  withKeptPlatform,
  withPlatform,
} from "./platform";
import { say, since } from "./progress";
import { addTiming, describeTimings, timed } from "./timings";

/** The engine is loaded only by the commands that need it: that takes a second. */
const engine = () => timed("Loading the engine's libraries", () => import("./engine/operations"));
const print = (text: string): void => void process.stdout.write(text);

const program = new Command("npm run local --")
  .description("Runs the whole stack on this machine. Without a command: all of it, end to end.")
  .showHelpAfterError("(--help shows how)")
  .option("--timings", "show where the time went")
  .action(() => withPlatform(everything));

program
  .command("start")
  .description("start the platform and keep it running")
  .addOption(
    new Option("--port <port>", "port on 127.0.0.1 (default: 4566, or a free one)").argParser(
      wholeNumber,
    ),
  )
  .addOption(
    new Option(
      "--at <time>",
      "start the clock of the schedules there, for a trial (UTC)",
    ).argParser(time),
  )
  .action(async (options: { port?: number; at?: string }) => {
    const platform = await startPlatform({ ...options, keep: true });
    (await describeSchedule(platform)).forEach(say);
    print(await environment());
  });

program
  .command("env")
  .description("print shell lines that point the AWS CLI, SDKs and Athena clients at the platform")
  .action(async () => print(await environment()));

program
  .command("deploy")
  .description("deploy the stack, policies included")
  .action(() => withPlatform(deployAndTell));

program
  .command("preview")
  .description("show what a deployment would change, policies included")
  .option("--stack <name...>", "stacks to preview (default: all that have a config file)")
  .addOption(
    new Option("--output <format>", "the engine's account, or a comment for a pull request")
      .choices(previewFormats)
      .default("text"),
  )
  .action((options: PreviewOptions) => preview(options, print));

program
  .command("refresh")
  .description("read what is there into the state, and tell what had drifted")
  .action(() =>
    withPlatform(async (platform) => {
      const drifted = await (await engine()).refresh(platform, print);
      say(drifted === 0 ? "Nothing had drifted." : `Drifted: ${drifted} resources.`);
    }),
  );

program
  .command("destroy")
  .description("delete all that the stack made")
  .action(() => withPlatform(async (platform) => (await engine()).destroy(platform, print)));

program
  .command("load")
  .description("load sample events, or an archive of yours, as Segment would")
  .option("--raw <dir>", "archive: <source name>/<received-day>/<file>")
  .addOption(
    new Option("--days <n>", "received days of sample events").argParser(wholeNumber).default(5),
  )
  .addOption(new Option("--events <n>", "sample events").argParser(wholeNumber).default(20_000))
  .addOption(
    new Option("--seed <n>", "same seed and end date: same bytes")
      .argParser(wholeNumber)
      .default(1),
  )
  .addOption(
    new Option("--end-date <date>", "last received day, UTC (default: today)").argParser(day),
  )
  .action((options: LoadOptions) =>
    withPlatform(async (platform) => void (await load(platform, options))),
  );

program
  .command("run")
  .description("run the workflow and follow it, step by step")
  .addOption(
    new Option("--start-date <date>", "first received day, UTC (default: two days ago)").argParser(
      day,
    ),
  )
  .addOption(
    new Option("--end-date <date>", "last received day, UTC (default: today)").argParser(day),
  )
  .option("--rebuild", "take all objects of the range again, and replace what they gave")
  .addOption(
    new Option("--compact", "merge the small files of the range, reading nothing new").conflicts(
      "rebuild",
    ),
  )
  .option("--allow-empty", "succeed even if the range has no raw object")
  .addOption(
    new Option("--output <format>", "the run report").choices(["text", "json"]).default("text"),
  )
  .addOption(
    new Option(
      "--watch",
      "then run the job again whenever its code changes; each run takes all objects again",
    ).conflicts(["compact", "output"]),
  )
  .action(async ({ output, watch, ...options }: RunOptions & { output: string; watch?: true }) => {
    if (watch) {
      const { watchRuns } = await import("./commands/watch");
      await withKeptPlatform((platform) => watchRuns(platform, options));
      return;
    }
    await withPlatform(async (platform) => {
      const report = await runWorkflow(platform, options);
      print(
        `${output === "json" ? JSON.stringify(report, undefined, 2) : describeReport(report).join("\n")}\n`,
      );
    });
  });

program
  .command("report")
  .description("open the page of the newest run, or name its file where there is no desktop")
  .option("--run <id>", "another run of the workflow")
  .action((options: ReportOptions) => showReport(options, print));

program
  .command("query")
  .description("ask Athena, in the curated database")
  .argument("<sql>", "one statement")
  .addOption(new Option("--output <format>").choices(queryFormats).default("table"))
  .action((sql: string, { output }: { output: QueryFormat }) =>
    withPlatform(async (platform) => print(`${format(await query(platform, sql), output)}\n`)),
  );

program
  .command("shell")
  .description("IPython with Spark, the catalog's tables and the job's code")
  .action(async () => (await import("./commands/shell")).shell());

program
  .command("notebook")
  .description("the same in JupyterLab, with a notebook to start from")
  .action(async () => (await import("./commands/notebook")).notebook());

program
  .command("status")
  .description("show what runs and what is deployed")
  .action(async () => print(await status()));

program
  .command("stop")
  .description("stop the platform; its data stay")
  .action(async () => say((await stopPlatform()) ? "Stopped." : "The platform wasn't running."));

program
  .command("reset")
  .description("stop the platform and delete all of its data")
  .action(async () => {
    await stopPlatform();
    fs.rmSync(stateDir, { recursive: true, force: true });
    say(`Deleted ${stateDir}.`);
  });

async function deployAndTell(platform: Platform): Promise<void> {
  const { deploy } = await engine();
  const changed = await timed("Deploying", () => deploy(platform, print));
  say(changed === 0 ? "Deployed: no changes." : `Deployed: ${changed} resources changed.`);
}

/** Deploys, loads, runs and queries. */
async function everything(platform: Platform): Promise<void> {
  const start = Date.now();
  await deployAndTell(platform);
  await load(platform, { days: 5, events: 20_000, seed: 1 });
  const report = await runWorkflow(platform, {});
  describeReport(report).forEach(say);
  const result = await timed("Querying", async () =>
    query(platform, await savedQuery(platform, "daily-active-users")),
  );
  print(`${format(result, "table")}\n`);
  say(`Done in ${since(start)}. Next: npm run local -- query "SELECT …", or --help.`);
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0)
    throw new InvalidArgumentError("Write a whole number.");
  return value;
}

function day(text: string): string {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
  if (!isDay) throw new InvalidArgumentError("Write a day as YYYY-MM-DD.");
  return text;
}

function time(text: string): string {
  const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?Z$/.test(text);
  if (!isTime || Number.isNaN(Date.parse(text))) {
    throw new InvalidArgumentError("Write a time of UTC as YYYY-MM-DDTHH:MM:SSZ.");
  }
  return new Date(text).toISOString();
}

watchSignals(killTemporaryPlatform);
addTiming("Starting Node.js", process.uptime());
program
  .parseAsync()
  .catch((error: unknown) => {
    const advice = interrupt.aborted ? undefined : adviceOn(error);
    if (error instanceof UserError || interrupt.aborted) say(messageOf(error));
    else if (isAwsError(error)) say(awsMessage(error));
    else if (advice) say(messageOf(error));
    else
      say(
        `${error instanceof Error ? error.stack : String(error)}\nThe emulator's log: ${logFile}`,
      );
    if (advice && advice !== messageOf(error)) say(advice);
    process.exitCode = interrupt.aborted ? 130 : 1;
  })
  .finally(() => {
    if (program.opts<{ timings?: true }>().timings) say(describeTimings(process.uptime()));
  });
