import { spawn } from "node:child_process";
import * as path from "node:path";
import { glueLibraries } from "../local/setup/glueLibraries";
import { javaEnvironment } from "../local/setup/java";
import { pulumiCli } from "../local/setup/pulumiCli";
import {
  environmentPackages,
  environmentPython,
  pythonEnvironment,
  pythonTool,
} from "../local/setup/python";
import { sparkJars } from "../local/setup/sparkJars";
import * as versions from "../local/setup/versions.json";

/** Runs the stages of `npm test` (all, or those named) and ends with `N passed, N failed`. */

interface Stage {
  name: string;
  command: string;
  args: string[];
  env?: Record<string, string>;
}

interface Count {
  passed: number;
  failed: number;
}

const root = path.dirname(__dirname);
/** What CI has. */
const cores = 2;
const filesAtOnce = (jobs: number) => ["--parallel", "--jobs", `${jobs}`];
/** How tests run that wait half of their time. */
const waiting = filesAtOnce(cores + 1);
const bin = (name: string) => path.join(root, "node_modules", ".bin", name);

function checks(python: string): Stage[] {
  const module = (name: string, ...args: string[]) => ({
    name,
    command: python,
    args: ["-m", name, ...args],
  });
  return [
    { name: "tsc", command: bin("tsc"), args: ["--noEmit", "-p", "."] },
    { name: "eslint", command: bin("eslint"), args: ["--max-warnings=0", "."] },
    { name: "prettier", command: bin("prettier"), args: ["--check", "--log-level=warn", "."] },
    module("ruff", "check", "--no-cache", "."),
    { ...module("ruff", "format", "--check", "--no-cache", "."), name: "ruff format" },
    module(
      ...["mypy", "--no-error-summary"],
      ...["local", "glue-jobs/mobile_events", "test/glue-jobs", "bench/etl"],
    ),
  ];
}

function mocha(...args: string[]): Stage {
  return { name: ["mocha", ...args].join(" "), command: bin("mocha"), args };
}

function pytest(python: string, ...args: string[]): Stage {
  return {
    name: ["pytest", ...args].join(" "),
    command: python,
    args: ["-m", "pytest", "-p", "no:cacheprovider", ...args],
  };
}

/** A Glue version: an interpreter and the environment in which it finds the version's libraries. */
interface Glue {
  version: string;
  python: string;
  env: Record<string, string>;
}

/** Glue 5.1, whose AWS SDK stands before the environment's own. */
async function glue5(python: string): Promise<Glue> {
  const { GLUE_LIBRARIES } = await glueLibraries();
  return { version: "5.1", python, env: { PYTHONPATH: GLUE_LIBRARIES } };
}

/** Glue 6.0, in an environment of its own: on Python 3.13, where there is one. */
async function glue6(): Promise<Glue> {
  const title = "Getting Glue 6.0's libraries for tests (once, near 1 GB)";
  const folder = await pythonTool("glue-6.0", title, versions.glue["6.0"].python);
  return { version: "6.0", python: environmentPython(folder), env: {} };
}

/** The job's tests on the libraries of a Glue version. */
function onGlue({ version, python, env }: Glue, ...args: string[]): Stage {
  const stage = pytest(python, ...args);
  return {
    ...stage,
    name: `${stage.name} on Glue ${version}`,
    env: { ...env, GLUE_ETL_GLUE: version },
  };
}

/** All tests of the job but what takes long: many requests, random kills, executors that die. */
const jobTests = [
  "test/glue-jobs",
  ...["requests", "cluster_faults"].map((name) => `--ignore=test/glue-jobs/test_${name}.py`),
  "--deselect=test/glue-jobs/test_kills.py::test_killed_at_random_points",
];

/** The tests of what the job does by its libraries: PyArrow, NumPy, boto3, Spark and arguments. */
const ofLibraries = [
  "test/local/emulator/test_glue_awsglue.py",
  ...["fast_json", "ledger", "libraries", "on_spark", "parquet_rows", "storage"].map(
    (name) => `test/glue-jobs/test_${name}.py`,
  ),
];

/** The environment in which Python finds packages that tests alone need. */
async function testPackages(): Promise<Record<string, string>> {
  const folder = await pythonTool("tests", "Getting packages for tests (once, near 0.2 GB)");
  return { PYTHONPATH: await environmentPackages(folder) };
}

/**
 * What takes long: random kills, of runs and of executors, faults, restoring, requests over a long history, an
 * acceptance run that's cut off, and many more examples of the contract.
 */
async function slow(python: string): Promise<Stage[]> {
  const env = {
    GLUE_ETL_KILLS: "100",
    GLUE_ETL_EXAMPLES: "1000",
    GLUE_ETL_EXECUTOR_KILLS: "50",
  };
  const file = (name: string) => `test/glue-jobs/test_${name}.py`;
  const atOnce = `--numprocesses=${cores}`;
  const stages = [
    onGlue(
      await glue5(python),
      atOnce,
      ...["kills", "contract", "cluster_faults", "requests"].map(file),
    ),
    onGlue(await glue6(), atOnce, file("kills")),
  ];
  return [
    ...stages.map((stage) => ({ ...stage, env: { ...stage.env, ...env } })),
    {
      ...mocha("test/**/*.slow.ts", "test/local/faults/brokenState.e2e.ts", ...waiting),
      env: { GLUE_ETL_SLOW: "1" },
    },
  ];
}

async function main(selection: string): Promise<Count> {
  const unit = mocha("test/**/*.test.ts", ...filesAtOnce(cores));
  if (selection === "unit") return runAll([unit], {});
  const python = await pythonEnvironment();
  const java = await javaEnvironment();
  const environment = { ...java, PYTHONDONTWRITEBYTECODE: "1" };
  const SPARK_JARS_DIR = await sparkJars(python, java);
  await pulumiCli();
  const all = { ...environment, SPARK_JARS_DIR, ...(await glueLibraries()) };
  const atOnce = [`--numprocesses=${cores}`, "--dist=loadfile"];
  if (selection === "slow") return runAll(await slow(python), all);
  return runAll(
    [
      ...checks(python),
      unit,
      {
        ...pytest(python, ...atOnce, "test/local"),
        env: await testPackages(),
      },
      onGlue(await glue5(python), ...atOnce, ...jobTests),
      onGlue(await glue6(), ...atOnce, ...ofLibraries),
      mocha("test/**/*.e2e.ts", ...waiting),
    ],
    all,
  );
}

async function runAll(stages: Stage[], env: Record<string, string>): Promise<Count> {
  const total: Count = { passed: 0, failed: 0 };
  for (const stage of stages) {
    console.log(`\n── ${stage.name}`);
    const start = Date.now();
    const count = await runStage(stage, env);
    total.passed += count.passed;
    total.failed += count.failed;
    const seconds = ((Date.now() - start) / 1000).toFixed(1);
    console.log(`── ${stage.name}: ${count.passed} passed, ${count.failed} failed (${seconds} s)`);
  }
  return total;
}

async function runStage(stage: Stage, env: Record<string, string>): Promise<Count> {
  const child = spawn(stage.command, stage.args, {
    cwd: root,
    env: { ...process.env, ...env, ...stage.env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const output: string[] = [];
  child.stdout.on("data", (chunk: Buffer) => {
    process.stdout.write(chunk);
    output.push(chunk.toString());
  });
  const code = await new Promise<number>((resolve) => {
    child.on("error", () => resolve(1));
    child.on("close", (status) => resolve(status ?? 1));
  });
  return countOf(output.join(""), code);
}

/** Counts of mocha's or pytest's closing lines; a program that counts nothing is one check. */
function countOf(output: string, code: number): Count {
  const sum = (pattern: RegExp) =>
    [...output.matchAll(pattern)].reduce((total, match) => total + Number(match[1]), 0);
  const passed = sum(/^ {2}(\d+) passing/gm) + sum(/(\d+) passed(?=[, ].*in [\d.]+s)/g);
  const failed = sum(/^ {2}(\d+) failing/gm) + sum(/(\d+) (?:failed|errors?)(?=[, ].*in [\d.]+s)/g);
  if (code === 0) return { passed: Math.max(passed, 1), failed };
  return { passed, failed: Math.max(failed, 1) };
}

main(process.argv[2] ?? "all").then(
  ({ passed, failed }) => {
    console.log(`\n${passed} passed, ${failed} failed`);
    process.exitCode = failed > 0 ? 1 : 0;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    console.log("\n0 passed, 1 failed");
    process.exitCode = 1;
  },
);
