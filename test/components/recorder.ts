import * as pulumi from "@pulumi/pulumi";
import { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import assert from "node:assert/strict";

/** A resource as the program registered it. */
export interface Recorded {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  /** Names of the resources that it waits for, by `dependsOn` or by an input. */
  dependencies: string[];
}

/** What AWS gives a resource: an id, and outputs beside the inputs. */
export type Outputs = (resource: Omit<Recorded, "dependencies">) => {
  id: string;
  state: Record<string, unknown>;
};

const recorded: Recorded[] = [];
const invoked = new Set<string>();

const plainOutputs: Outputs = ({ name, inputs }) => {
  const named = inputs as { name?: string; key?: string };
  const id = named.name ?? `${name}-id`;
  return { id, state: { name: id, arn: `arn:aws:test:::${id}` } };
};

/** Makes the SDK record every resource of this process; needed before any is made. */
export function recordResources(stack = "test", outputs: Outputs = plainOutputs): void {
  let dependencies: string[] = [];
  void pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        recorded.push({ type, name, inputs, dependencies });
        const { id, state } = outputs({ type, name, inputs });
        return { id, state: { ...state, ...inputs } };
      },
      call: ({ token }) => {
        invoked.add(token);
        const answers: Record<string, Record<string, string>> = {
          "aws:index/getPartition:getPartition": { partition: "aws" },
          "aws:index/getRegion:getRegion": { region: "us-west-2", name: "us-west-2" },
          "aws:index/getCallerIdentity:getCallerIdentity": { accountId: "111122223333" },
        };
        return answers[token] ?? {};
      },
    },
    "glue-etl",
    stack,
    false,
  );
  // The monitor of the mocks asks for the mock at once, so both speak of the same resource.
  const monitor = pulumi.runtime.getMonitor();
  const register: unknown = monitor?.registerResource.bind(monitor);
  assert.ok(monitor && register instanceof Function);
  Object.assign(monitor, {
    registerResource: (request: RegisterResourceRequest, ...rest: unknown[]): unknown => {
      dependencies = request.getDependenciesList().map(nameOfUrn);
      return register(request, ...rest);
    },
  });
}

const nameOfUrn = (urn: string) => urn.split("::").at(-1) ?? "";

/** The resources that `make` registers, once every one of them is known. */
export async function resourcesOf(make: () => unknown): Promise<Recorded[]> {
  recorded.length = 0;
  invoked.clear();
  // The SDK keeps the stack of each of its promises, and to write them takes longer than all else.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 2;
  try {
    await make();
    await pulumi.runtime.disconnect();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  return [...recorded];
}

/** The tokens of the functions that the last recorded program has called. */
export function invokedFunctions(): string[] {
  return [...invoked].sort();
}

/** The inputs of the one resource of that type (and name). */
export function inputsOf(
  resources: Recorded[],
  type: string,
  name?: string,
): Record<string, unknown> {
  return theOne(resources, type, name).inputs;
}

/** The names of what the one resource of that type (and name) waits for. */
export function dependenciesOf(resources: Recorded[], type: string, name?: string): string[] {
  return theOne(resources, type, name).dependencies;
}

function theOne(resources: Recorded[], type: string, name?: string): Recorded {
  const found = resources.filter(
    (resource) => resource.type === type && (name === undefined || resource.name === name),
  );
  const [only] = found;
  if (found.length !== 1 || !only) {
    throw new Error(
      `${found.length} resources ${type} ${name ?? ""}, not one: ${resources.map((r) => `${r.type} ${r.name}`).join("; ")}`,
    );
  }
  return only;
}

/** `type name` of each, sorted. */
export function namesOf(resources: Recorded[]): string[] {
  return resources.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`).sort();
}

/** The statements of a recorded policy document. */
export function statementsOf(policy: unknown): {
  Sid: string;
  Effect: string;
  Action: string[];
  Resource: string | string[];
  Principal?: unknown;
  Condition?: unknown;
}[] {
  return JSON.parse(String(policy)).Statement;
}
