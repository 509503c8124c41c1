import * as grpc from "@grpc/grpc-js";
import { version } from "@pulumi/aws/package.json";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { isDeepStrictEqual } from "node:util";
import type { Properties } from "../../../local/provider/values";
import { fromStruct, toStruct, unary } from "../../../local/provider/wire";
import { unknown } from "../pack/packHost";

/** A provider that takes every type as it comes and keeps it in memory. */
export interface MemoryProvider {
  readonly port: number;
  /** What a read by id finds: for imports and `get`. */
  readonly existing: Map<string, Properties>;
  /** Messages with which the next creations fail, by type. */
  readonly failures: Map<string, string[]>;
  close(): void;
}

/** Starts it on a free port of 127.0.0.1. What it makes has the outputs `id` and `arn`. */
export async function startMemoryProvider(): Promise<MemoryProvider> {
  const existing = new Map<string, Properties>();
  const failures = new Map<string, string[]>();
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1 });
  server.addService(ResourceProviderService, handlers(existing, failures));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  return { port, existing, failures, close: () => server.forceShutdown() };
}

/** What functions of the provider tell of the account. */
const surroundings = { accountId: "123456789012", partition: "aws", region: "us-east-1" };

function handlers(
  existing: Map<string, Properties>,
  failures: Map<string, string[]>,
): grpc.UntypedServiceImplementation {
  return {
    handshake: unary(() => new rpc.ProviderHandshakeResponse().setAcceptSecrets(false)),
    attach: unary(() => new Empty()),
    cancel: unary(() => new Empty()),
    getPluginInfo: unary(() => new plugin.PluginInfo().setVersion(version)),
    checkConfig: unary(echoCheck),
    diffConfig: unary(() => new rpc.DiffResponse()),
    configure: unary(() => new rpc.ConfigureResponse().setSupportspreview(true)),
    check: unary(echoCheck),
    diff: unary(diff),
    create: unary((request: rpc.CreateRequest) => {
      const inputs = fromStruct(request.getProperties());
      const [type = "", name = ""] = request.getUrn().split("::").slice(-2);
      const failure = request.getPreview()
        ? undefined
        : failures.get(type.split("$").at(-1) ?? "")?.shift();
      if (failure !== undefined) throw new Error(failure);
      const [id, arn] = request.getPreview()
        ? [unknown, unknown]
        : [`${name}-id`, `arn:aws:service:us-east-1:123456789012:${name}`];
      const response = new rpc.CreateResponse();
      response.setId(request.getPreview() ? "" : id);
      return response.setProperties(toStruct({ ...inputs, id, arn }));
    }),
    update: unary((request: rpc.UpdateRequest) =>
      new rpc.UpdateResponse().setProperties(request.getNews()),
    ),
    read: unary((request: rpc.ReadRequest) => {
      const found = existing.get(request.getId()) ?? {};
      return new rpc.ReadResponse()
        .setId(request.getId())
        .setInputs(toStruct(found))
        .setProperties(toStruct({ ...found, id: request.getId() }));
    }),
    delete: unary(() => new Empty()),
    invoke: unary(() => new rpc.InvokeResponse().setReturn(toStruct(surroundings))),
  };
}

function echoCheck(request: rpc.CheckRequest): rpc.CheckResponse {
  return new rpc.CheckResponse().setInputs(request.getNews());
}

function diff(request: rpc.DiffRequest): rpc.DiffResponse {
  const same = isDeepStrictEqual(fromStruct(request.getOldInputs()), fromStruct(request.getNews()));
  const { DIFF_NONE, DIFF_SOME } = rpc.DiffResponse.DiffChanges;
  return new rpc.DiffResponse().setChanges(same ? DIFF_NONE : DIFF_SOME);
}
