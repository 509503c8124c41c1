import * as pulumi from "@pulumi/pulumi";
import {
  CommandError,
  type EngineEvent,
  LocalWorkspace,
  type Stack,
} from "@pulumi/pulumi/automation";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { pulumiCli } from "../../../local/setup/pulumiCli";

const root = path.resolve(__dirname, "../../..");

/** What one operation of the engine came to. */
export interface Outcome {
  /** As the command would have it. */
  readonly exitCode: number;
  /** All that it printed. */
  readonly output: string;
  readonly findings: { rule: string; resource: string; level: string; message: string }[];
  /** Inputs of each resource as planned or made, by type and name: `aws:s3/bucket:Bucket raw`. */
  readonly inputs: Record<string, Record<string, unknown>>;
}

/** What a policy config file holds. */
export type PolicyConfig = Record<string, unknown>;

/** The real engine with the policy pack. */
export class PolicyEngine {
  private readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "policy-engine-"));

  /** @param providerPort where the provider listens that stands for AWS's. */
  constructor(private readonly providerPort: number) {}

  stop(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  /**
   * A stack of its own, judged by a policy pack. The program runs anew in each operation.
   * @param pack folder of the policy pack. Default: the one of this repository.
   */
  async open(
    name: string,
    program: () => unknown,
    pack = path.join(root, "policies"),
  ): Promise<PolicyStack> {
    return new PolicyStack(await this.stack(name, program), path.join(this.folder, name), pack);
  }

  /** A stack of its own that no policy judges. */
  async stack(name: string, program: () => unknown): Promise<Stack> {
    const workDir = path.join(this.folder, name);
    fs.mkdirSync(path.join(workDir, "state"), { recursive: true });
    return LocalWorkspace.createOrSelectStack(
      { stackName: name, projectName: "policies", program: async () => void (await program()) },
      {
        workDir,
        pulumiCommand: await pulumiCli(),
        pulumiHome: path.join(this.folder, "home"),
        envVars: {
          PULUMI_BACKEND_URL: `file://${path.join(workDir, "state")}`,
          PULUMI_CONFIG_PASSPHRASE: "test",
          PULUMI_DEBUG_PROVIDERS: ["aws", "aws-native"]
            .map((provider) => `${provider}:${this.providerPort}`)
            .join(","),
          PULUMI_SKIP_UPDATE_CHECK: "true",
          PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
          PATH: `${path.join(root, "local/engine/bin")}:${process.env["PATH"] ?? ""}`,
        },
      },
    );
  }
}

/** A stack whose operations tell what the policies found. */
export class PolicyStack {
  constructor(
    private readonly stack: Stack,
    private readonly workDir: string,
    private readonly pack: string,
  ) {}

  preview(config?: PolicyConfig): Promise<Outcome> {
    return outcomeOf((options) => this.stack.preview({ ...this.policies(config), ...options }));
  }

  previewWithoutPolicies(): Promise<Outcome> {
    return outcomeOf((options) => this.stack.preview(options));
  }

  configure(values: Record<string, string>): Promise<void> {
    const entries = Object.entries(values).map(([key, value]) => [key, { value }]);
    return this.stack.setAllConfig(Object.fromEntries(entries));
  }

  up(config?: PolicyConfig): Promise<Outcome> {
    return outcomeOf((options) => this.stack.up({ ...this.policies(config), ...options }));
  }

  /** Types of the resources that the stack has made. */
  async made(): Promise<string[]> {
    const state: { resources?: { type: string }[] } = (await this.stack.exportStack()).deployment;
    return (state.resources ?? []).map(({ type }) => type);
  }

  private policies(config: PolicyConfig | undefined) {
    const file = path.join(this.workDir, "policy-config.json");
    fs.writeFileSync(file, JSON.stringify(config ?? {}));
    return { policyPacks: [this.pack], policyPackConfigs: [file] };
  }
}

interface Listeners {
  onEvent: (event: EngineEvent) => void;
  onOutput: (text: string) => void;
  onError: (text: string) => void;
}

async function outcomeOf(operation: (listeners: Listeners) => Promise<unknown>): Promise<Outcome> {
  const outcome = {
    output: "",
    findings: [] as Outcome["findings"],
    inputs: {} as Record<string, Record<string, unknown>>,
  };
  const print = (text: string) => void (outcome.output += text);
  const nameOf = (urn = "") => urn.split("::").at(-1) ?? "";
  const onEvent = ({ policyEvent, resourcePreEvent }: EngineEvent) => {
    if (policyEvent) {
      const { policyName: rule, resourceUrn, enforcementLevel: level, message } = policyEvent;
      outcome.findings.push({ rule, resource: nameOf(resourceUrn), level, message });
    }
    const metadata = resourcePreEvent?.metadata;
    if (metadata)
      outcome.inputs[`${metadata.type} ${nameOf(metadata.urn)}`] = metadata.new?.inputs ?? {};
  };
  try {
    await operation({ onEvent, onOutput: print, onError: print });
    return { ...outcome, exitCode: 0 };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const code = /failed with exit code (\d+)/.exec(error.message)?.[1];
    return { ...outcome, exitCode: Number(code ?? -1) };
  }
}

/** A resource of any type with any inputs, as another language's program would register it. */
export class AnyResource extends pulumi.CustomResource {
  declare readonly arn: pulumi.Output<string>;

  constructor(
    type: string,
    name: string,
    props: Record<string, unknown> = {},
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(type, name, { ...props, arn: undefined }, opts);
  }
}
