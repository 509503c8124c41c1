import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Job, Step } from "./workflows";

/** How a step that ran has ended. */
export interface StepResult {
  name: string;
  code: number;
  output: string;
}

export interface RunnerOptions {
  /** Working folder of the steps. */
  folder: string;
  env?: Record<string, string>;
}

/**
 * Runs the `run:` steps of a job, in order, as GitHub's runner does with `shell: bash`; steps that
 * use actions are left out. GITHUB_ENV is honoured; of conditions, those that the workflows here use
 * on such steps: none, `!cancelled()`, and whether a variable is set.
 */
export async function runJob(job: Job, { folder, env = {} }: RunnerOptions): Promise<StepResult[]> {
  const files = { GITHUB_ENV: "github-env", GITHUB_STEP_SUMMARY: "step-summary.md" };
  const set: Record<string, string> = { ...env };
  for (const [key, name] of Object.entries(files)) {
    set[key] = path.join(folder, name);
    fs.writeFileSync(path.join(folder, name), "");
  }
  const results: StepResult[] = [];
  for (const step of job.steps) {
    const hasFailed = results.some(({ code }) => code !== 0);
    if (step.run === undefined || !isDue(step, hasFailed, set)) continue;
    results.push(await runStep(step.name ?? step.run, step.run, folder, set));
    Object.assign(set, assignments(path.join(folder, files.GITHUB_ENV)));
  }
  return results;
}

function isDue(step: Step, hasFailed: boolean, env: Record<string, string>): boolean {
  const condition = step.if ?? "success()";
  if (condition === "${{ !cancelled() }}") return true;
  if (condition === "success()") return !hasFailed;
  const [, variable] = /^env\.(\w+) != ''$/.exec(condition) ?? [];
  if (variable === undefined) throw new Error(`this condition isn't known here: ${condition}`);
  return !hasFailed && (env[variable] ?? "") !== "";
}

function runStep(
  name: string,
  script: string,
  folder: string,
  env: Record<string, string>,
): Promise<StepResult> {
  return new Promise((resolve, reject) => {
    const bash = ["--noprofile", "--norc", "-eo", "pipefail", "-c", script];
    const child = spawn("bash", bash, {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
    }
    child.on("error", reject);
    child.on("close", (code) => resolve({ name, code: code ?? 1, output }));
  });
}

function assignments(file: string): Record<string, string> {
  const lines = fs.readFileSync(file, "utf8").split("\n");
  return Object.fromEntries(lines.flatMap((line) => [...line.matchAll(/^(\w+)=(.*)$/g)].map(pair)));
}

function pair([, key = "", value = ""]: RegExpExecArray): [string, string] {
  return [key, value];
}
