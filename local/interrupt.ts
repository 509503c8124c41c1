import type { ChildProcess } from "node:child_process";

const controller = new AbortController();
let terminalUser: ChildProcess | undefined;

/** Aborted at the first SIGINT, SIGTERM or SIGHUP: what is under way ends in good order. */
export const interrupt: AbortSignal = controller.signal;

/**
 * One Ctrl-C comes several times: from the terminal, and from npm and main.mjs, which pass it on. A
 * second one of the user's comes later than that.
 */
const oneSignalMs = 500;

/** @param force called at the second signal, just before the process ends. */
export function watchSignals(force: () => void): void {
  let first = 0;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (terminalUser && signal === "SIGINT") return;
      terminalUser?.kill("SIGTERM");
      if (!interrupt.aborted) {
        first = performance.now();
        process.stderr.write("\nInterrupted: ending in good order. Again to end at once.\n");
        controller.abort();
        return;
      }
      if (performance.now() - first < oneSignalMs) return;
      force();
      process.exit(130);
    });
  }
}

/**
 * Leaves SIGINT to a child that has the terminal, which gets it, too; other signals end the child.
 * @returns what takes it back.
 */
export function leaveTerminalTo(child: ChildProcess): () => void {
  terminalUser = child;
  return () => (terminalUser = undefined);
}

/**
 * For a process that another one of ours has started over a channel: it ends when that one lets go
 * of the channel, by intent or by its own end. Signals reach a whole terminal's processes, so they
 * are the other one's to pass on.
 */
export function watchParent(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => undefined);
  process.on("disconnect", () => controller.abort());
}
