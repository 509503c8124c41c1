import { ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../errors";
import { exitOf, toolsDir, withSession } from "../interactive/session";
import { interrupt } from "../interrupt";
import { projectRoot } from "../paths";
import { tail } from "../platform";
import { say, step } from "../progress";

/**
 * The user's own folder, not below `.local/`: `reset` deletes that. Git passes over it, as what a
 * notebook shows are people's data.
 */
const notebooksDir = path.join(projectRoot, "notebooks");
const logFile = path.join(toolsDir, "jupyter.log");
const startTimeout = 60_000;
const endTimeout = 20_000;

/** JupyterLab on 127.0.0.1, until it is shut down or this command is interrupted. */
export async function notebook(): Promise<void> {
  fs.mkdirSync(toolsDir, { recursive: true, mode: 0o700 });
  const log = fs.openSync(logFile, "w", 0o600);
  const options = { stdio: ["pipe", log, log] as const, detached: true };
  const folder = ["--notebooks", notebooksDir];
  await withSession("notebook", folder, { ...options, stdio: [...options.stdio] }, serve);
}

async function serve(child: ChildProcess): Promise<void> {
  const exit = exitOf(child);
  const end = () => child.stdin?.end();
  interrupt.addEventListener("abort", end);
  try {
    const url = await step("Starting JupyterLab", () => addressOf(child));
    say(`JupyterLab: ${url}\nNotebooks are kept in ${notebooksDir}. Ctrl-C ends it.`);
    if (process.stderr.isTTY) await (await import("open")).default(url);
    const code = await exit;
    if (code !== 0 && !interrupt.aborted) throw ended(code);
  } finally {
    interrupt.removeEventListener("abort", end);
    end();
    await Promise.race([exit, sleep(endTimeout, undefined, { ref: false })]);
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
  }
}

/** Where the server answers, its token included; Jupyter tells it in a file of its user's alone. */
async function addressOf(child: ChildProcess): Promise<string> {
  const file = path.join(toolsDir, "jupyter", "runtime", `jpserver-${child.pid}.json`);
  for (let waited = 0; waited < startTimeout && !interrupt.aborted; waited += 100) {
    if (child.exitCode !== null) throw ended(child.exitCode);
    if (fs.existsSync(file)) {
      const { url, token } = JSON.parse(fs.readFileSync(file, "utf8")) as Server;
      return `${url}lab/tree/starter.ipynb?token=${token}`;
    }
    await sleep(100);
  }
  throw new UserError(
    interrupt.aborted ? "Interrupted." : `JupyterLab didn't start. Its log: ${logFile}`,
  );
}

interface Server {
  url: string;
  token: string;
}

function ended(code: number | null): UserError {
  return new UserError(`JupyterLab ended (exit ${code}):\n${tail(logFile)}`);
}
