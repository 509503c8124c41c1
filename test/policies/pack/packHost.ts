import * as grpc from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import * as readline from "node:readline";

/** A resource as the engine tells a policy pack of it. */
export interface Described {
  readonly type: string;
  readonly name: string;
  /** Inputs. */
  readonly props: Record<string, unknown>;
  /** What is known of it at the end. Default: its inputs. */
  readonly outputs?: Record<string, unknown>;
  /** Names of the resources whose outputs went into a property. */
  readonly dependencies?: Record<string, string[]>;
  /** Settings of its provider. */
  readonly provider?: Record<string, unknown>;
  /** Whether the program only reads it, by `get`. Default: false. */
  readonly adopted?: boolean;
}

/** A violation, as the engine gets it. */
export interface Violation {
  readonly rule: string;
  readonly message: string;
  readonly urn: string;
  readonly level: "advisory" | "mandatory";
}

/** The engine's mark of a text that isn't known yet at preview. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const root = path.resolve(__dirname, "../../..");

export const urnOf = ({ type, name }: { type: string; name: string }, stack = "dev"): string =>
  `urn:pulumi:${stack}::glue-etl::${type}::${name}`;

/** The pack in the process in which the engine runs it, spoken to over the engine's protocol. */
export class PackHost {
  private constructor(
    private readonly process: ChildProcess,
    private readonly client: AnalyzerClient,
    private readonly stack: string,
  ) {}

  /**
   * @param config as in a file for `--policy-pack-config`.
   * @param stack the stack's name, which some rules go by.
   */
  static async start(
    config: Record<string, Record<string, unknown>> = {},
    stack = "dev",
  ): Promise<PackHost> {
    const host = path.join(root, "local/engine/policyPackHost.mjs");
    const child = spawn("node", [host, "127.0.0.1:1", "."], {
      cwd: path.join(root, "policies"),
      stdio: ["ignore", "pipe", "inherit"],
    });
    const port: unknown[] = await once(readline.createInterface(child.stdout), "line");
    const client = new AnalyzerClient(
      `127.0.0.1:${String(port[0])}`,
      grpc.credentials.createInsecure(),
    );
    const started = new PackHost(child, client, stack);
    await started.configure(config);
    return started;
  }

  async stop(): Promise<void> {
    this.client.close();
    const ended = once(this.process, "exit");
    this.process.kill();
    await ended;
  }

  /** The findings of the rules about one resource. */
  async analyze(resource: Described): Promise<Violation[]> {
    const request = this.describe(new rpc.AnalyzeRequest(), resource);
    return violations(await this.answer((done) => this.client.analyze(request, done)));
  }

  /** The properties that remediation gives a resource; undefined where it changes nothing. */
  async remediate(resource: Described): Promise<Record<string, unknown> | undefined> {
    const request = this.describe(new rpc.AnalyzeRequest(), resource);
    const response = await this.answer<rpc.RemediateResponse>((done) =>
      this.client.remediate(request, done),
    );
    return response.getRemediationsList().at(-1)?.getProperties()?.toJavaScript();
  }

  /** The findings of all rules, in the order in which the engine asks for them. */
  async analyzeStack(resources: readonly Described[]): Promise<Violation[]> {
    const found: Violation[] = [];
    for (const resource of resources.filter(({ adopted }) => !adopted)) {
      found.push(...(await this.analyze(resource)));
    }
    return [...found, ...(await this.analyzeWhole(resources))];
  }

  /** The findings of the rules about the stack alone. */
  async analyzeWhole(resources: readonly Described[]): Promise<Violation[]> {
    const request = new rpc.AnalyzeStackRequest();
    const byName = new Map<string, Described[]>();
    for (const resource of resources) {
      byName.set(resource.name, [...(byName.get(resource.name) ?? []), resource]);
    }
    request.setResourcesList(resources.map((one) => this.describeInStack(one, byName)));
    const response = await this.answer<rpc.AnalyzeResponse>((done) =>
      this.client.analyzeStack(request, done),
    );
    return violations(response);
  }

  private async configure(config: Record<string, Record<string, unknown>>): Promise<void> {
    const request = new rpc.ConfigureAnalyzerRequest();
    for (const [rule, { enforcementLevel, ...properties }] of Object.entries(config)) {
      const entry = new rpc.PolicyConfig();
      entry.setEnforcementlevel(levels.indexOf(String(enforcementLevel ?? "mandatory")));
      entry.setProperties(struct(properties));
      request.getPolicyconfigMap().set(rule, entry);
    }
    await this.answer<Empty>((done) => this.client.configure(request, done));
  }

  private describe<R extends rpc.AnalyzeRequest | rpc.AnalyzerResource>(
    request: R,
    { type, name, props, provider }: Described,
  ): R {
    request.setType(type);
    request.setName(name);
    request.setUrn(urnOf({ type, name }, this.stack));
    request.setProperties(struct(props));
    request.setOptions(new rpc.AnalyzerResourceOptions());
    if (provider) {
      const its = new rpc.AnalyzerProviderResource();
      its.setType("pulumi:providers:aws");
      its.setProperties(struct(provider));
      request.setProvider(its);
    }
    return request;
  }

  private describeInStack(
    resource: Described,
    byName: ReadonlyMap<string, Described[]>,
  ): rpc.AnalyzerResource {
    const props = resource.outputs ?? resource.props;
    const described = this.describe(new rpc.AnalyzerResource(), { ...resource, props });
    for (const [property, names] of Object.entries(resource.dependencies ?? {})) {
      const dependencies = new rpc.AnalyzerPropertyDependencies();
      const targets = names.flatMap((name) => byName.get(name) ?? []);
      dependencies.setUrnsList(targets.map((target) => urnOf(target, this.stack)));
      described.getPropertydependenciesMap().set(property, dependencies);
    }
    return described;
  }

  private answer<T>(
    call: (done: (error: grpc.ServiceError | null, response: T) => void) => void,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      call((error, response) => {
        if (error) reject(error);
        else resolve(response);
      });
    });
  }
}

const levels = ["advisory", "mandatory", "disabled", "remediate"];

function violations(response: rpc.AnalyzeResponse): Violation[] {
  return response.getDiagnosticsList().map((diagnostic) => ({
    rule: diagnostic.getPolicyname(),
    message: diagnostic.getMessage().replace(`${diagnostic.getDescription()}\n`, ""),
    urn: diagnostic.getUrn(),
    level: diagnostic.getEnforcementlevel() === 0 ? "advisory" : "mandatory",
  }));
}

function struct(properties: Record<string, unknown>): Struct {
  // Protocol values are JSON's.
  const plain: Record<string, JavaScriptValue> = JSON.parse(JSON.stringify(properties));
  return Struct.fromJavaScript(plain);
}
