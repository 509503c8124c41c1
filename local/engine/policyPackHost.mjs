// Runs a TypeScript policy pack for the engine. The SDK's own entry point type-checks the pack at
// every boot, which takes seconds; `npm test` checks it once.
import { run } from "@pulumi/pulumi/cmd/run-policy-pack/run.js";
import { register } from "ts-node";

register({ transpileOnly: true, compilerOptions: { module: "commonjs" } });

const [, , , program] = process.argv;
run({
  argv: { _: [program] },
  programStarted: () => undefined,
  reportLoggedError: () => undefined,
  typeScript: false,
});
