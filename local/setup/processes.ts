import { spawn } from "node:child_process";
import { UserError } from "../errors";

/** Runs a program to its end; its output is given back, or shown in the error if it fails. */
export async function run(
  command: string,
  args: string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; onLine?: (line: string) => void } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output: string[] = [];
    const take = (chunk: Buffer) => {
      output.push(chunk.toString());
      const line = chunk.toString().trim().split("\n").at(-1);
      if (line) options.onLine?.(line.slice(0, 100));
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", (error) => reject(new UserError(`${command}: ${error.message}`)));
    child.on("close", (code) => {
      const text = output.join("");
      if (code === 0) resolve(text);
      else
        reject(new UserError(`${command} ${args.join(" ")}: exit ${code}\n${text.slice(-2000)}`));
    });
  });
}

/** The output of a program, or undefined if it isn't there or fails. */
export async function tryRun(
  command: string,
  args: string[],
  options: { env?: NodeJS.ProcessEnv } = {},
): Promise<string | undefined> {
  try {
    return await run(command, args, options);
  } catch {
    return undefined;
  }
}

/** Whether version `have` (`3.11.7`) is at least `want` (`3.11`). */
export function isAtLeast(have: string, want: string): boolean {
  const [a, b] = [have, want].map((version) => version.split(".").map(Number));
  for (const [index, part] of (b ?? []).entries()) {
    const mine = a?.[index] ?? 0;
    if (mine !== part) return mine > part;
  }
  return true;
}
