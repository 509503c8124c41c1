import { fork } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { interrupt } from "../interrupt";
import { stateDir } from "../paths";

/** How the preview of a stack ended. */
export interface Previewed {
  succeeded: boolean;
  /** File of the engine's events, one JSON text a line, in the order in which they came. */
  eventLog: string;
}

/**
 * Previews a stack in a process of its own: the program is evaluated once a process. The platform
 * runs already. An interrupt is passed on.
 * @param output where the engine's own account of the preview goes.
 */
export async function previewStack(stack: string, output: "stdout" | "stderr"): Promise<Previewed> {
  const folder = path.join(stateDir, "previews");
  fs.mkdirSync(folder, { recursive: true });
  const eventLog = path.join(folder, `${stack}.jsonl`);
  fs.writeFileSync(eventLog, "");
  const child = fork(path.join(__dirname, "previewProcess.ts"), [stack, eventLog], {
    stdio: ["ignore", output === "stdout" ? "inherit" : 2, "inherit", "ipc"],
  });
  const letGo = () => child.disconnect();
  interrupt.addEventListener("abort", letGo, { once: true });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on("error", reject);
      child.on("exit", resolve);
    });
    return { succeeded: code === 0, eventLog };
  } finally {
    interrupt.removeEventListener("abort", letGo);
  }
}
