import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import prettier from "prettier";
import { messageOf } from "../local/errors";
import { projectRoot } from "../local/paths";
import { say } from "../local/progress";
import { javaEnvironment } from "../local/setup/java";
import { run } from "../local/setup/processes";
import { pulumiCli } from "../local/setup/pulumiCli";
import { pythonEnvironment } from "../local/setup/python";
import { Row, rowsFile, rowsIn } from "./rows";

/** Runs all benchmarks and writes their table to docs/benchmarks.md: `npm run bench`. */

const benchmarks = ["policies", "engine", "etl", "local"];
const page = path.join(projectRoot, "docs/benchmarks.md");
const begin = "<!-- written by npm run bench -->";
const end = "<!-- end of what npm run bench writes -->";

/** Runs one on this terminal. @returns whether it succeeded. */
function succeeds(name: string, file: string): Promise<boolean> {
  const child = spawn(process.execPath, [path.join(__dirname, "main.mjs"), name], {
    stdio: "inherit",
    env: { ...process.env, [rowsFile]: file },
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => resolve(code === 0));
  });
}

/** The machine, what else it did, and the versions of what was measured. */
async function machine(): Promise<string> {
  const cores = os.cpus();
  const python = await pythonEnvironment();
  const script = "import platform, pyspark; print(platform.python_version(), pyspark.__version__)";
  const [own = "", spark = ""] = (await run(python, ["-c", script])).trim().split(" ");
  const { JAVA_HOME = "" } = { ...process.env, ...(await javaEnvironment()) };
  const java = JAVA_HOME ? path.join(JAVA_HOME, "bin", "java") : "java";
  const [, javaVersion = ""] = /(\d+)\./.exec(await run(java, ["--version"])) ?? [];
  const { version } = await pulumiCli();
  const load = os.loadavg()[0] ?? 0;
  return (
    `${cores.length} cores (${cores[0]?.model.trim()}), ${Math.round(os.totalmem() / 2 ** 30)} GB; ` +
    `load ${load.toFixed(1)} before. Node ${process.versions.node}, Pulumi ${version}, Python ${own}, ` +
    `Spark ${spark}, Java ${javaVersion}.`
  );
}

function table(rows: readonly Row[]): string {
  return [
    "| what | time | beside | ratio |",
    "|---|---|---|---|",
    ...rows.map(
      ({ what, time, beside, ratio }) => `| ${what} | ${time} | ${beside} | ${ratio.toFixed(2)} |`,
    ),
  ].join("\n");
}

/** Puts the table in its place, and leaves the rest of the page as it is. */
async function write(text: string): Promise<void> {
  const [before, behind = ""] = fs.readFileSync(page, "utf8").split(begin);
  const [, after] = behind.split(end);
  if (after === undefined) throw new Error(`${page} lacks the marks of the table's place.`);
  const whole = `${before}${begin}\n\n${text}\n\n${end}${after}`;
  const options = await prettier.resolveConfig(page);
  fs.writeFileSync(page, await prettier.format(whole, { ...options, filepath: page }));
}

async function main(): Promise<void> {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "bench-")), "rows");
  fs.writeFileSync(file, "");
  const on = await machine();
  const failed: string[] = [];
  for (const name of benchmarks) {
    say(`\n── ${name}`);
    if (!(await succeeds(name, file))) failed.push(name);
  }
  const rows = rowsIn(file);
  fs.rmSync(path.dirname(file), { recursive: true });
  if (failed.length > 0) throw new Error(`${failed.join(" and ")} failed: ${page} is as it was.`);
  await write(`${on}\n\n${table(rows)}`);
  say(`\nThe table is in ${page}.`);
}

main().catch((error: unknown) => {
  say(messageOf(error));
  process.exitCode = 1;
});
