import * as aws from "@pulumi/aws";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import Table from "cli-table3";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { projectRoot } from "../local/paths";
import { say, step } from "../local/progress";
import { startProvider } from "../local/provider";
import { pulumiCli } from "../local/setup/pulumiCli";
import { Emulator } from "../test/local/provider/emulator";
import { record, Row } from "./rows";

/**
 * What the engine takes for the project's own stack as it grows, beside a bare program with as many
 * resources: `npm run bench:engine`. It fails if what a resource costs grows with the stack.
 */

const sizes = [2, 10, 50, 100];
const rounds = 3;
/**
 * By how much a further resource may cost more in the largest stack than in the one before it. Were
 * the time quadratic, it would be twice as much.
 */
const mostGrowth = 1.5;

type Program = () => Promise<Record<string, unknown>>;

/** Seconds of each operation. */
interface Times {
  readonly preview: number;
  readonly update: number;
}

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
};

/** The fastest of the rounds, which other work on the machine has disturbed least. */
async function fastest(work: () => Promise<unknown>): Promise<number> {
  const values: number[] = [];
  while (values.length < rounds) values.push(await seconds(work));
  return Math.min(...values);
}

/** The project's program, read anew each time since it makes its resources as it is read. */
const project: Program = async () => {
  Reflect.deleteProperty(require.cache, require.resolve("../index"));
  return { ...(await import("../index")) };
};

/** As many log groups; the stack itself is the first resource. */
const bareProgram =
  (resources: number): Program =>
  () => {
    for (let made = 1; made < resources; made++) {
      new aws.cloudwatch.LogGroup(`group-${made}`, {
        name: `/bare/${resources}/${made}`,
        retentionInDays: 30,
      });
    }
    return Promise.resolve({});
  };

const sources = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `app-${index}`, sourceId: `app${index}` }));

class Engine {
  private readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "bench-engine-"));

  constructor(private readonly providerPort: number) {}

  stop(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  /** Times the operations on a stack of its own, and counts its resources. */
  async measure(
    name: string,
    program: Program,
    config: Record<string, unknown> = {},
  ): Promise<Times & { resources: number }> {
    const stack = await this.open(name, program, { "aws:region": "us-east-1", ...config });
    const preview = await fastest(() => stack.preview());
    const { summary } = await stack.up();
    const resources = summary.resourceChanges?.create ?? 0;
    const update = await fastest(() => unchanged(stack, resources));
    return { resources, preview, update };
  }

  private async open(
    name: string,
    program: Program,
    config: Record<string, unknown>,
  ): Promise<Stack> {
    const workDir = path.join(this.folder, name);
    fs.mkdirSync(path.join(workDir, "state"), { recursive: true });
    fs.copyFileSync(path.join(projectRoot, "Pulumi.yaml"), path.join(workDir, "Pulumi.yaml"));
    fs.writeFileSync(path.join(workDir, `Pulumi.${name}.yaml`), JSON.stringify({ config }));
    return LocalWorkspace.createOrSelectStack(
      { stackName: name, projectName: "glue-etl", program },
      {
        workDir,
        pulumiCommand: await pulumiCli(),
        pulumiHome: path.join(this.folder, "home"),
        envVars: {
          PULUMI_BACKEND_URL: `file://${path.join(workDir, "state")}`,
          PULUMI_CONFIG_PASSPHRASE: "bench",
          PULUMI_DEBUG_PROVIDERS: `aws:${this.providerPort}`,
          PULUMI_SKIP_UPDATE_CHECK: "true",
          PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        },
      },
    );
  }
}

async function unchanged(stack: Stack, resources: number): Promise<void> {
  const { same = 0 } = (await stack.up()).summary.resourceChanges ?? {};
  if (same !== resources) throw new Error(`only ${same} of ${resources} resources are unchanged`);
}

/** What is compared of the stack with so many sources. */
interface Result {
  readonly sources: number;
  readonly resources: number;
  readonly own: Times;
  readonly bare: Times;
}

const operations = ["preview", "update"] as const;
const perResource = ({ own, resources }: Result, operation: keyof Times) =>
  (own[operation] * 1000) / resources;

function table(results: readonly Result[]): string {
  const table = new Table({
    head: ["operation", "sources", "resources", "s", "ms a resource", "bare program, s", "ratio"],
    style: { head: [], border: [] },
  });
  for (const operation of operations) {
    for (const result of results) {
      const { sources, resources, own, bare } = result;
      table.push([
        operation,
        sources,
        resources,
        own[operation].toFixed(1),
        perResource(result, operation).toFixed(1),
        bare[operation].toFixed(1),
        (own[operation] / bare[operation]).toFixed(2),
      ]);
    }
  }
  return table.toString();
}

function rowOf({ sources, resources, own, bare }: Result, operation: keyof Times): Row {
  return {
    what: `engine: ${operation} of ${sources} sources, ${resources} resources`,
    time: `${own[operation].toFixed(1)} s`,
    beside: `bare program, ${bare[operation].toFixed(1)} s`,
    ratio: own[operation] / bare[operation],
  };
}

/** What each resource costs that the larger stack has more, in milliseconds. */
const further = (less: Result, more: Result, operation: keyof Times) =>
  ((more.own[operation] - less.own[operation]) * 1000) / (more.resources - less.resources);

/** Tells, and fails, where the last resources cost much more than those before them. */
function judge(results: readonly Result[]): void {
  const [before, middle, largest] = results.slice(-3);
  if (before === undefined || middle === undefined || largest === undefined) return;
  for (const operation of operations) {
    const early = further(before, middle, operation);
    const late = further(middle, largest, operation);
    const isLinear = late <= early * mostGrowth;
    say(
      `${operation}: ${early.toFixed(1)} ms a further resource up to ${middle.resources}, ` +
        `${late.toFixed(1)} ms up to ${largest.resources}: ${isLinear ? "linear" : "NOT linear"}`,
    );
    if (!isLinear) process.exitCode = 1;
  }
}

async function main(): Promise<void> {
  await pulumiCli();
  const emulator = await Emulator.start();
  const provider = await startProvider(emulator.options);
  const engine = new Engine(provider.port);
  const results: Result[] = [];
  try {
    for (const count of sizes) {
      const config = { "glue-etl:sources": sources(count) };
      const { resources, ...own } = await step(`The stack with ${count} sources`, () =>
        engine.measure(`own-${count}`, project, config),
      );
      const bare = await step(`A bare program with ${resources} resources`, () =>
        engine.measure(`bare-${count}`, bareProgram(resources), config),
      );
      results.push({ sources: count, resources, own, bare });
    }
  } finally {
    engine.stop();
    await provider.close();
    await emulator.stop();
  }
  console.log(table(results));
  record(operations.flatMap((operation) => results.map((result) => rowOf(result, operation))));
  judge(results);
}

void main();
