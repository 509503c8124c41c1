import { Command, InvalidArgumentError, Option } from "commander";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { messageOf } from "../local/errors";
import { projectRoot } from "../local/paths";
import { say, step } from "../local/progress";
import { installOnce } from "../local/setup/cache";
import { javaEnvironment } from "../local/setup/java";
import { run } from "../local/setup/processes";
import { pythonEnvironment } from "../local/setup/python";
import {
  contenders,
  disagreements,
  Facts,
  facts,
  judgement,
  measured,
  Results,
  rows,
  table,
} from "./etl/results";
import { record } from "./rows";

/**
 * How fast the job is, as ratios, beside other ways to do the same: `npm run bench:etl`. It fails
 * if they don't agree on the rows, whatever their times are.
 */

const seed = 1;
/** Of each contender the fastest counts: other work on the machine has disturbed it least. */
const rounds = 3;

/** Runs a module of bench/etl, and gives its output. */
type Python = (module: string, ...args: string[]) => Promise<string>;

async function python(): Promise<Python> {
  const interpreter = await pythonEnvironment();
  const folders = ["bench", "local", "glue-jobs", "test/glue-jobs"];
  const env = {
    ...process.env,
    ...(await javaEnvironment()),
    PYTHONPATH: folders.map((folder) => path.join(projectRoot, folder)).join(path.delimiter),
    PYTHONDONTWRITEBYTECODE: "1",
    PYSPARK_PYTHON: interpreter,
    SPARK_LOCAL_IP: "127.0.0.1",
    TZ: "UTC",
  };
  return (module, ...args) => run(interpreter, ["-m", module, ...args], { env });
}

/** The archive of so many events, made once a number and version of what makes it. */
function archive(python: Python, events: number): Promise<string> {
  const samples = path.join(projectRoot, "local/sample_data");
  const makers = fs.readdirSync(samples).map((name) => path.join(samples, name));
  const hash = createHash("sha256");
  for (const file of [...makers, path.join(__dirname, "etl/archive.py")].filter(isPython))
    hash.update(fs.readFileSync(file));
  return installOnce(
    `bench-events-${seed}-${events}-${hash.digest("hex").slice(0, 8)}`,
    `Making ${events} sample events (once)`,
    async (folder) => void (await python("etl.archive", folder, String(events))),
  );
}

async function compare(python: Python, folder: string): Promise<void> {
  const known: Facts = facts.parse(
    JSON.parse(fs.readFileSync(path.join(folder, "facts.json"), "utf8")),
  );
  say(
    `${known.events} events, ${Math.round(known.json_bytes / 1e6)} MB of JSON in ${known.files} files`,
  );
  const results: Results = new Map();
  for (let round = 1; round <= rounds; round += 1) {
    for (const { name, title } of contenders) {
      const what = `Round ${round} of ${rounds}: ${title}`;
      const output = await step(what, () => python("etl.measure", name, folder));
      const found = measured.parse(JSON.parse(output.trim().split("\n").at(-1) ?? ""));
      const best = results.get(name);
      if (!best || found.seconds < best.seconds) results.set(name, found);
    }
  }
  const history = await step("The job with little and with much history", () =>
    python("etl.history"),
  );
  console.log(`\n${table(results)}\n\n${judgement(results).join("\n")}\n${history.trim()}`);
  record(rows(results));
  const wrong = disagreements(results, known);
  wrong.forEach(say);
  process.exitCode = wrong.length > 0 ? 1 : 0;
}

/** It fails where executors differ by more than a tenth. */
async function onCluster(python: Python, folder: string): Promise<void> {
  console.log(
    (await step("The driver at a terabyte a day", () => python("etl.driver_memory"))).trim(),
  );
  const title = "The same work on 1, 2 and 4 executors";
  console.log((await step(title, () => python("etl.executors", folder))).trim());
}

interface Options {
  events: number;
  profile?: true;
  cluster?: true;
}

function positive(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("Write a whole number from 1 up.");
  return Number(text);
}

const isPython = (file: string) => file.endsWith(".py");

new Command("npm run bench:etl --")
  .description("Times the job beside Spark alone, the naive way, and DuckDB, on two cores.")
  .addOption(new Option("--events <n>", "sample events").argParser(positive).default(720_000))
  .option("--profile", "tell where the time of the job's largest task goes, and nothing else")
  .option(
    "--cluster",
    "tell CPU seconds on 1, 2 and 4 executors, and the driver's memory, and nothing else",
  )
  .action(async ({ events, profile, cluster }: Options) => {
    const own = await python();
    const folder = await archive(own, events);
    if (profile) console.log(await step("Profiling", () => own("etl.hot_spots", folder)));
    else if (cluster) await onCluster(own, folder);
    else await compare(own, folder);
  })
  .parseAsync()
  .catch((error: unknown) => {
    say(messageOf(error));
    process.exitCode = 1;
  });
