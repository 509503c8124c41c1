// Runs a TypeScript policy pack for the engine. The SDK's own entry point type-checks the pack at
// every boot, which takes seconds; `npm test` checks it once.
require("ts-node").register({ transpileOnly: true, compilerOptions: { module: "commonjs" } });
const { run } = require("@pulumi/pulumi/cmd/run-policy-pack/run");

const [, program] = process.argv.slice(2);
run({
  argv: { _: [program] },
  programStarted: () => undefined,
  reportLoggedError: () => undefined,
  typeScript: false,
});
