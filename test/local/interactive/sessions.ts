import assert from "node:assert/strict";
import { ChildProcess, spawn } from "node:child_process";
import * as path from "node:path";
import { run } from "../../../local/setup/processes";
import { environmentPython, pythonTool } from "../../../local/setup/python";
import type { Project } from "../../e2e/project";

const folder = __dirname;

interface Ran {
  cells: { text: string; images: number[] }[];
  foreign: Record<string, number>;
}

interface Shell {
  rows: { platform: string; n: number }[];
  alive: number;
  before: [string | null, (string | null)[], number];
  after: [string | null, (string | null)[], number];
}

/** A notebook server of the project, `npm run local -- notebook`. */
export class NotebookServer {
  private constructor(
    private readonly child: ChildProcess,
    private readonly exit: Promise<number | null>,
    private readonly url: string,
  ) {}

  static async start(project: Project): Promise<NotebookServer> {
    const child = spawn("node", ["local/main.mjs", "notebook"], {
      cwd: project.folder,
      env: { ...process.env, ...project.variables },
      stdio: ["ignore", "ignore", "pipe"],
    });
    const exit = new Promise<number | null>((resolve) => child.on("exit", resolve));
    let told = "";
    const url = await new Promise<string>((resolve, reject) => {
      child.stderr?.on("data", (chunk: Buffer) => {
        told += chunk.toString();
        const found = /JupyterLab: (\S+)\n/.exec(told)?.[1];
        if (found) resolve(found);
      });
      child.on("exit", () => reject(new Error(told)));
    });
    return new NotebookServer(child, exit, url);
  }

  /** Runs all cells of the notebook that the user starts from, then more. */
  async run(project: Project, ...code: string[]): Promise<Ran> {
    const notebook = path.join(project.folder, "notebooks", "starter.ipynb");
    const client = path.join(folder, "notebook_client.py");
    return JSON.parse(await run(await tools(), [client, this.url, notebook, ...code])) as Ran;
  }

  /** Ends it as Ctrl-C does. @returns its exit code. */
  async interrupt(): Promise<number | null> {
    this.child.kill("SIGINT");
    return this.exit;
  }
}

/** What a person at the shell finds; the last lines are those of the helper's error, if any. */
export async function useShell(project: Project): Promise<Shell> {
  const env = { ...process.env, ...project.variables };
  const client = path.join(folder, "shell_client.py");
  return JSON.parse(await run(await tools(), [client, project.folder], { env })) as Shell;
}

/** Holds what the shell has found against the counts of Athena. */
export function checkShell(found: Shell, rows: Record<string, number>): void {
  assert.deepEqual(Object.fromEntries(found.rows.map(({ platform, n }) => [platform, n])), rows);
  assert.equal(found.alive, 3, "Ctrl-C ends a cell, and neither Spark nor the shell");
  assert.deepEqual(found.before.slice(0, 2), [null, [null]]);
  assert.deepEqual(found.after.slice(0, 2), ["same", ["same"]], "code is reloaded, in workers too");
  assert.ok(found.after[2] > found.before[2] + 10, "the transform of a sample is the new code's");
}

/** The interpreter of the notebook's tools, which are installed on the first call. */
export async function tools(): Promise<string> {
  return environmentPython(
    await pythonTool("notebook", "Installing JupyterLab and IPython (once)"),
  );
}
