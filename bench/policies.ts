import Table from "cli-table3";
import { say } from "../local/progress";
import { pulumiCli } from "../local/setup/pulumiCli";
import { goodStack } from "../test/policies/good";
import { startMemoryProvider } from "../test/policies/engine/memoryProvider";
import { AnyResource, PolicyEngine } from "../test/policies/engine/policyStack";
import { type Described, PackHost } from "../test/policies/pack/packHost";
import { record } from "./rows";

/**
 * What the policy pack costs, as ratios: `npm run bench:policies`. Stacks of several sizes are made
 * of copies of the tests' good stack.
 */

const sizes = [100, 1000, 5000];
/** About as many resources as the project's own stack has. */
const ownSize = 90;
const rounds = 5;

/** Copies of the good stack, each with names of its own, up to `size` resources. */
function stackOf(size: number): Described[] {
  const names = new Set(goodStack.flatMap(({ name, props }) => [name, props["name"]]));
  return Array.from({ length: Math.ceil(size / goodStack.length) }, (_, copy) => {
    const rename = (_key: string, value: unknown) =>
      typeof value === "string" && names.has(value) ? `${value}-${copy}` : value;
    const text = JSON.stringify(goodStack, rename);
    const copied: Described[] = JSON.parse(text);
    return copied;
  })
    .flat()
    .slice(0, size);
}

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
};

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;

/** Milliseconds a resource, asked of the pack as the engine asks. */
async function packCosts(size: number) {
  const host = await PackHost.start();
  try {
    const stack = stackOf(size);
    for (const resource of stackOf(100)) await host.analyze(resource);
    const each = await seconds(async () => {
      for (const resource of stack) await host.analyze(resource);
    });
    const whole = await seconds(() => host.analyzeWhole(stack));
    return { each: (each * 1000) / size, whole: (whole * 1000) / size };
  } finally {
    await host.stop();
  }
}

/** Seconds of a preview on the real engine, with the pack and without. */
async function previews(engine: PolicyEngine, name: string, resources: Described[]) {
  const stack = await engine.open(name, () =>
    resources.forEach(({ type, name: own, props }) => new AnyResource(type, own, props)),
  );
  const times = { without: [] as number[], with: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    times.without.push(await seconds(() => stack.previewWithoutPolicies()));
    times.with.push(await seconds(() => stack.preview()));
  }
  return { without: median(times.without), with: median(times.with) };
}

async function main(): Promise<void> {
  await pulumiCli();
  const costs = new Table({
    head: ["resources", "each, ms", "stack rules, ms a resource"],
    style: { head: [], border: [] },
  });
  for (const size of sizes) {
    say(`Asking the pack about ${size} resources …`);
    const { each, whole } = await packCosts(size);
    costs.push([size, each.toFixed(2), whole.toFixed(3)]);
  }
  console.log(costs.toString());

  say(
    `Previewing ${ownSize} resources ${rounds} times with the pack, and ${rounds} times without …`,
  );
  const provider = await startMemoryProvider();
  const engine = new PolicyEngine(provider.port);
  try {
    const empty = await previews(engine, "empty", []);
    const boot = empty.with - empty.without;
    const own = await previews(engine, "own", stackOf(ownSize));
    record([
      {
        what: `policies: preview of ${ownSize} resources with the pack, beyond its boot`,
        time: `${(own.with - boot).toFixed(2)} s`,
        beside: `without it, ${own.without.toFixed(2)} s`,
        ratio: (own.with - boot) / own.without,
      },
    ]);
    console.log(`pack's boot: ${boot.toFixed(2)} s`);
    console.log(
      `preview of ${ownSize} resources: ${own.without.toFixed(2)} s without the pack, ` +
        `${own.with.toFixed(2)} s with it: ${((own.with - boot) / own.without).toFixed(2)} × beyond its boot`,
    );
  } finally {
    engine.stop();
    provider.close();
  }
}

void main();
