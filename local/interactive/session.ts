import { ChildProcess, spawn, StdioOptions } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { deployedOutputs } from "../engine/outputs";
import { projectRoot, stateDir } from "../paths";
import { withKeptPlatform } from "../platform";
import { javaEnvironment } from "../setup/java";
import { environmentPackages, pythonEnvironment, pythonTool } from "../setup/python";
import { sparkJars } from "../setup/sparkJars";

/** Settings, history and logs of IPython and JupyterLab; the user's own aren't used. */
export const toolsDir = path.join(stateDir, "interactive");

/**
 * Starts `python -m interactive` on the platform, and cleans up behind it.
 * @param use waits for its end.
 */
export async function withSession(
  kind: "shell" | "notebook",
  args: string[],
  options: { stdio: StdioOptions; detached: boolean },
  use: (child: ChildProcess) => Promise<void>,
): Promise<void> {
  await withKeptPlatform(async ({ endpoint }) => {
    const { jobName } = deployedOutputs();
    const python = await pythonEnvironment();
    const tools = await pythonTool("notebook", "Installing JupyterLab and IPython (once)");
    const java = await javaEnvironment();
    const jars = await sparkJars(python, java);
    fs.mkdirSync(toolsDir, { recursive: true, mode: 0o700 });
    const session = fs.mkdtempSync(path.join(toolsDir, "session-"));
    const where = ["--tools", tools, "--folder", toolsDir, "--session", session];
    const child = spawn(
      python,
      ["-m", "interactive", kind, ...where, "--endpoint", endpoint, "--job", jobName, ...args],
      {
        ...options,
        cwd: projectRoot,
        env: {
          ...process.env,
          ...java,
          SPARK_JARS_DIR: jars,
          PYTHONPATH: await pythonPath(tools),
        },
      },
    );
    try {
      await use(child);
    } finally {
      fs.rmSync(session, { recursive: true, force: true });
    }
  });
}

/** Exit code of a process; null where a signal ended it. */
export function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", resolve);
  });
}

/** The local platform's packages, the job's as they are in this clone, Glue's, and the tools. */
async function pythonPath(tools: string): Promise<string> {
  const packages = await environmentPackages(tools);
  const own = ["local", "glue-jobs", "local/emulator/glue/runtime"];
  return [...own.map((folder) => path.join(projectRoot, folder)), packages].join(path.delimiter);
}
