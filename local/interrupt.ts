const controller = new AbortController();

/** Aborted at the first SIGINT, SIGTERM or SIGHUP: what is under way ends in good order. */
export const interrupt: AbortSignal = controller.signal;

/** @param force called at the second signal, just before the process ends. */
export function watchSignals(force: () => void): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (!interrupt.aborted) {
        process.stderr.write("\nInterrupted: ending in good order. Again to end at once.\n");
        controller.abort();
        return;
      }
      force();
      process.exit(130);
    });
  }
}
