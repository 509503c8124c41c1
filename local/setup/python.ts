import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { UserError } from "../errors";
import { say } from "../progress";
import { installOnce } from "./cache";
import { isAtLeast, run, tryRun } from "./processes";
import * as versions from "./versions.json";

const requirements = path.join(__dirname, "requirements.txt");

/** The Python interpreter of the local platform's own environment, made on the first call. */
export async function pythonEnvironment(): Promise<string> {
  const base = await findPython();
  const key = createHash("sha256")
    .update(fs.readFileSync(requirements))
    .update(base.version)
    .digest("hex")
    .slice(0, 12);
  const folder = await installOnce(
    `python-${key}`,
    "Installing the Python environment (once, near 1 GB)",
    async (target, note) => {
      warnIfUntested(base.version);
      await makeEnvironment(base.command, target);
      await installRequirements(environmentPython(target), requirements, note);
    },
  );
  return environmentPython(folder);
}

/**
 * Installs what a requirements file of this folder names into a folder of its own.
 * @param wanted the Python that it is for (`3.13`), where there is one; else the platform's own.
 * @returns the folder, which holds a Python environment.
 */
export async function pythonTool(name: string, title: string, wanted?: string): Promise<string> {
  const file = path.join(__dirname, `requirements-${name}.txt`);
  const hash = createHash("sha256").update(fs.readFileSync(file)).digest("hex").slice(0, 12);
  const { command, version } = (wanted && (await findExactPython(wanted))) || (await findPython());
  const minor = version.split(".").slice(0, 2).join(".");
  return installOnce(`${name}-${hash}-python${minor}`, title, async (target, note) => {
    await makeEnvironment(command, target);
    await installRequirements(environmentPython(target), file, note);
  });
}

/** The interpreter in an environment's folder. */
export function environmentPython(folder: string): string {
  return process.platform === "win32"
    ? path.join(folder, "Scripts", "python.exe")
    : path.join(folder, "bin", "python");
}

/** The folder of an environment's packages, for PYTHONPATH. */
export async function environmentPackages(folder: string): Promise<string> {
  const script = "import sysconfig; print(sysconfig.get_path('purelib'))";
  return (await run(environmentPython(folder), ["-c", script])).trim();
}

async function makeEnvironment(python: string, folder: string): Promise<void> {
  await run(python, ["-m", "venv", folder]).catch((error: unknown) => {
    throw new UserError(
      `${python} can't make a virtual environment. On Debian and Ubuntu install python3-venv.\n${String(error)}`,
    );
  });
}

async function installRequirements(
  python: string,
  file: string,
  note: (text: string) => void,
): Promise<void> {
  const install = ["-m", "pip", "install", "--require-hashes", "--progress-bar=off", "-r", file];
  await run(python, install, {
    onLine: (line) => {
      const name = /^Collecting ([\w.-]+)/.exec(line)?.[1];
      if (name) note(name);
      else if (/^(Building|Installing)/.test(line)) note(line.slice(0, 60));
    },
  });
}

interface Interpreter {
  command: string;
  version: string;
}

/** The interpreter of one version (`3.13`) on PATH, also where pyenv has it and another is chosen. */
async function findExactPython(wanted: string): Promise<Interpreter | undefined> {
  const script = "import platform, sys; print(platform.python_version(), sys.executable)";
  const env = { ...process.env, PYENV_VERSION: wanted };
  const found = await tryRun(`python${wanted}`, ["-c", script], { env });
  const [, version, command] = /^([\d.]+) (.+)$/m.exec(found ?? "") ?? [];
  return version?.startsWith(`${wanted}.`) && command ? { command, version } : undefined;
}

async function findPython(): Promise<Interpreter> {
  const { least } = versions.python;
  const found: string[] = [];
  for (const command of ["python3", "python"]) {
    const version = /^Python ([\d.]+)/.exec((await tryRun(command, ["--version"])) ?? "")?.[1];
    if (version && isAtLeast(version, least)) return { command, version };
    if (version) found.push(`${command} is ${version}`);
  }
  throw new UserError(
    `Python ${least} or later is needed on PATH (${found.join(", ") || "none found"}).`,
  );
}

/** Warns of a Python that no test has run on; its environment is made once, so it's said once. */
function warnIfUntested(version: string): void {
  const { tested } = versions.python;
  if (tested.some((one) => version.startsWith(`${one}.`))) return;
  say(
    `  Python ${version} should work, but the tests have run on ${tested.join(", ")} alone (docs/versions.md).`,
  );
}
