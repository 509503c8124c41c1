// Runs a TypeScript policy pack for the engine. The SDK's own entry point type-checks the pack at
// every boot, which takes seconds; `npm test` checks it once.
import { run } from "@pulumi/pulumi/cmd/run-policy-pack/run.js";
import "../typescriptLoader.cjs";

// An engine that is killed can't end its plugins.
const engine = process.ppid;
setInterval(() => {
  if (process.ppid !== engine) process.exit(1);
}, 1000).unref();

const [, , , program] = process.argv;
run({
  argv: { _: [program] },
  programStarted: () => undefined,
  reportLoggedError: () => undefined,
  typeScript: false,
});
