import * as path from "node:path";
import { type RunningProvider, startProvider } from "../../local/provider";
import { pulumiCli } from "../../local/setup/pulumiCli";
import { Emulator } from "../local/provider/emulator";
import { PolicyEngine, type PolicyStack } from "../policies/engine/policyStack";

const folder = path.resolve(__dirname, "../../examples");

/** The programs of `examples/` on the real engine, with the policy pack. */
export class ExampleEngine {
  private constructor(
    private readonly emulator: Emulator,
    private readonly provider: RunningProvider,
    private readonly engine: PolicyEngine,
  ) {}

  static async start(): Promise<ExampleEngine> {
    await pulumiCli();
    const emulator = await Emulator.start();
    const provider = await startProvider(emulator.options);
    return new ExampleEngine(emulator, provider, new PolicyEngine(provider.port));
  }

  /** @param config of the example, by keys without a project. */
  async open(example: string, config: Record<string, string>): Promise<PolicyStack> {
    const stack = await this.engine.open(example, () => program(path.join(folder, example)));
    const entries = Object.entries(config).map(([key, value]) => [`policies:${key}`, value]);
    await stack.configure({ "aws:region": "us-east-1", ...Object.fromEntries(entries) });
    return stack;
  }

  async stop(): Promise<void> {
    this.engine.stop();
    await this.provider.close();
    await this.emulator.stop();
  }
}

/** A program makes its resources as it is read, so each operation reads it anew. */
function program(example: string): unknown {
  Reflect.deleteProperty(require.cache, require.resolve(example));
  return import(example);
}
