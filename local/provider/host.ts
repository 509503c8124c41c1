import * as grpc from "@grpc/grpc-js";
import { version } from "@pulumi/aws/package.json";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import {
  type IResourceProviderServer,
  ResourceProviderService,
} from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { ProposedName } from "./autoname";
import { Aws, awsMessage, type Connection } from "./aws";
import { checkConfiguration, type Configuration, readConfiguration } from "./configuration";
import type { Change } from "./diff";
import { invokes } from "./invokes";
import * as operations from "./operations";
import type { Failure } from "./resource";
import { resourceTypes } from "./types";
import { deepEqual, pathText } from "./values";
import { fromStruct, toStruct, unary, unimplemented } from "./wire";
import { reveal } from "./secrets";

/** Serves the provider protocol for one AWS endpoint. */
export class ProviderHost {
  private cancelled = new AbortController();
  private readonly clients: Aws[] = [];
  private configuration: Configuration = { region: undefined, defaultTags: {} };
  /** The configuration of each provider resource that uses this process, by its URN. */
  private readonly configurations = new Map<string, Configuration>();
  private current: Aws | undefined;

  constructor(private readonly connection: Connection) {}

  get service(): grpc.ServiceDefinition {
    return ResourceProviderService;
  }

  /** Stops waiting calls and drops the connections to AWS. */
  close(): void {
    this.cancelled.abort();
    this.clients.forEach((client) => {
      client.close();
    });
  }

  handlers(): IResourceProviderServer {
    return {
      handshake: unary(() => handshake()),
      attach: unary(() => new Empty()),
      getPluginInfo: unary(() => {
        const info = new plugin.PluginInfo();
        info.setVersion(version);
        return info;
      }),
      checkConfig: unary((request) => checkConfig(request)),
      diffConfig: unary((request) => diffConfig(request)),
      configure: unary((request) => this.configure(request)),
      check: unary((request) => this.check(request)),
      diff: unary((request) => this.diff(request)),
      create: unary((request) => this.create(request)),
      read: unary((request) => this.read(request)),
      update: unary((request) => this.update(request)),
      delete: unary((request) => this.delete(request)),
      invoke: unary((request) => this.invoke(request)),
      cancel: unary(() => {
        this.cancelled.abort();
        return new Empty();
      }),
      getSchema: unimplemented("schema"),
      parameterize: unimplemented("parameters"),
      call: unimplemented("methods"),
      construct: unimplemented("components"),
      getMapping: unimplemented("mapping"),
      getMappings: unimplemented("mappings"),
      list: (call) => {
        call.emit("error", { code: grpc.status.UNIMPLEMENTED });
      },
    };
  }

  private get aws(): Aws {
    const region = this.configuration.region ?? this.connection.region;
    if (this.current === undefined || this.current.region !== region) {
      this.current = new Aws({ ...this.connection, region }, this.cancelled.signal);
      this.clients.push(this.current);
    }
    return this.current;
  }

  private get operations(): operations.Operations {
    return new operations.Operations(this.aws, this.configuration.defaultTags);
  }

  private configure(request: rpc.ConfigureRequest): rpc.ConfigureResponse {
    const args = reveal(fromStruct(request.getArgs())).properties;
    this.configuration = this.onlyConfiguration(request.getUrn() ?? "", readConfiguration(args));
    if (this.cancelled.signal.aborted) {
      this.cancelled = new AbortController();
      this.current = undefined;
    }
    const response = new rpc.ConfigureResponse();
    response.setAcceptsecrets(true);
    response.setSupportspreview(true);
    response.setSupportsAutonamingConfiguration(true);
    return response;
  }

  /** Requests don't say which provider they are for, so all of a stack have to agree. */
  private onlyConfiguration(urn: string, configuration: Configuration): Configuration {
    const stack = (of: string) => of.split("::")[0];
    for (const [other, its] of this.configurations) {
      if (other !== urn && stack(other) === stack(urn) && !deepEqual(its, configuration)) {
        const names = [other, urn].map(resourceName).join(" and ");
        throw new Error(`the local provider can't serve two configurations at once: ${names}`);
      }
    }
    this.configurations.set(urn, configuration);
    return configuration;
  }

  private check(request: rpc.CheckRequest): rpc.CheckResponse {
    const { type } = resource(request.getUrn());
    const { inputs, failures } = operations.check(type, {
      name: resourceName(request.getUrn()),
      news: fromStruct(request.getNews()),
      olds: fromStruct(request.getOlds()),
      seed: request.getRandomseed_asU8(),
      proposed: proposedName(request.getAutonaming()),
      defaultTags: this.configuration.defaultTags,
      region: this.aws.region,
    });
    const response = new rpc.CheckResponse();
    response.setInputs(toStruct(inputs));
    response.setFailuresList(failures.map(toCheckFailure));
    return response;
  }

  private diff(request: rpc.DiffRequest): rpc.DiffResponse {
    const { changes, deleteBeforeReplace } = operations.diff(
      resource(request.getUrn()).type,
      fromStruct(request.getOlds()),
      fromStruct(request.getOldInputs()),
      fromStruct(request.getNews()),
      request.getIgnorechangesList(),
    );
    const response = toDiffResponse(changes);
    response.setDeletebeforereplace(deleteBeforeReplace);
    return response;
  }

  private async create(request: rpc.CreateRequest): Promise<rpc.CreateResponse> {
    const target = resource(request.getUrn());
    const news = fromStruct(request.getProperties());
    const response = new rpc.CreateResponse();
    if (request.getPreview()) {
      response.setProperties(toStruct(operations.preview(target.type, news)));
      return response;
    }
    const { id, properties } = await this.operations.create(target, news);
    response.setId(id);
    response.setProperties(toStruct(properties));
    return response;
  }

  private async update(request: rpc.UpdateRequest): Promise<rpc.UpdateResponse> {
    const target = resource(request.getUrn());
    const news = fromStruct(request.getNews());
    const olds = fromStruct(request.getOlds());
    const properties = request.getPreview()
      ? operations.preview(target.type, news, olds)
      : await this.operations.update(target, request.getId(), news, olds);
    const response = new rpc.UpdateResponse();
    response.setProperties(toStruct(properties));
    return response;
  }

  private async read(request: rpc.ReadRequest): Promise<rpc.ReadResponse> {
    const found = await this.operations.read(
      resource(request.getUrn()),
      request.getId(),
      fromStruct(request.getInputs()),
      fromStruct(request.getProperties()),
    );
    const response = new rpc.ReadResponse();
    if (found !== undefined) {
      response.setId(found.id);
      response.setProperties(toStruct(found.properties));
      response.setInputs(toStruct(found.inputs));
    }
    return response;
  }

  private async delete(request: rpc.DeleteRequest): Promise<Empty> {
    const state = fromStruct(request.getProperties());
    await this.operations.delete(resource(request.getUrn()), request.getId(), state);
    return new Empty();
  }

  private async invoke(request: rpc.InvokeRequest): Promise<rpc.InvokeResponse> {
    const call = invokes[request.getTok()];
    if (call === undefined) {
      throw new Error(`the function ${request.getTok()} is not supported by the local provider`);
    }
    const response = new rpc.InvokeResponse();
    try {
      response.setReturn(toStruct(await call(this.aws)));
    } catch (error) {
      throw new Error(`${request.getTok()}: ${awsMessage(error)}`, { cause: error });
    }
    return response;
  }
}

/** `urn:pulumi:<stack>::<project>::<parent types>$<type>::<name>`. */
function resourceName(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

function resource(urn: string): operations.Resource {
  const token = urn.split("::")[2]?.split("$").at(-1) ?? "";
  const type = resourceTypes.get(token);
  if (type === undefined) {
    throw new Error(`the resource type ${token} is not supported by the local provider`);
  }
  return { type, label: `${token} "${resourceName(urn)}"` };
}

function handshake(): rpc.ProviderHandshakeResponse {
  const response = new rpc.ProviderHandshakeResponse();
  response.setAcceptSecrets(true);
  response.setSupportsAutonamingConfiguration(true);
  return response;
}

function checkConfig(request: rpc.CheckRequest): rpc.CheckResponse {
  const response = new rpc.CheckResponse();
  response.setInputs(request.getNews());
  const failures = checkConfiguration(fromStruct(request.getNews()));
  response.setFailuresList(failures.map(toCheckFailure));
  return response;
}

/** Another region is another place: the official provider replaces everything then. */
function diffConfig(request: rpc.DiffRequest): rpc.DiffResponse {
  const olds = fromStruct(request.getOldInputs() ?? request.getOlds());
  const news = fromStruct(request.getNews());
  const names = new Set([...Object.keys(olds), ...Object.keys(news)]);
  const changes = [...names]
    .filter((name) => !deepEqual(olds[name], news[name]))
    .map((name): Change => ({
      path: [name],
      kind: !(name in olds) ? "add" : name in news ? "update" : "delete",
      replace: name === "region",
      input: true,
    }));
  return toDiffResponse(changes);
}

const { Kind } = rpc.PropertyDiff;
const kinds = {
  add: [Kind.ADD, Kind.ADD_REPLACE],
  delete: [Kind.DELETE, Kind.DELETE_REPLACE],
  update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
} as const;

function toDiffResponse(changes: readonly Change[]): rpc.DiffResponse {
  const { DIFF_NONE, DIFF_SOME } = rpc.DiffResponse.DiffChanges;
  const topLevel = (list: readonly Change[]) => [
    ...new Set(list.map(({ path }) => String(path[0]))),
  ];
  const response = new rpc.DiffResponse();
  response.setChanges(changes.length > 0 ? DIFF_SOME : DIFF_NONE);
  response.setDiffsList(topLevel(changes));
  response.setReplacesList(topLevel(changes.filter(({ replace }) => replace)));
  response.setHasdetaileddiff(true);
  for (const { path, kind, replace, input } of changes) {
    const detail = new rpc.PropertyDiff();
    detail.setKind(kinds[kind][replace ? 1 : 0]);
    detail.setInputdiff(input);
    response.getDetaileddiffMap().set(pathText(path), detail);
  }
  return response;
}

function toCheckFailure({ property, reason }: Failure): rpc.CheckFailure {
  const failure = new rpc.CheckFailure();
  failure.setProperty(property);
  failure.setReason(reason);
  return failure;
}

function proposedName(
  options: rpc.CheckRequest.AutonamingOptions | undefined,
): ProposedName | undefined {
  if (options === undefined) {
    return undefined;
  }
  const { ENFORCE, DISABLE } = rpc.CheckRequest.AutonamingOptions.Mode;
  const mode = options.getMode();
  return {
    name: options.getProposedName(),
    mode: mode === ENFORCE ? "enforce" : mode === DISABLE ? "disable" : "propose",
  };
}
