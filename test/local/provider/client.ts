import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Properties } from "../../../local/provider/values";
import { fromStruct, toStruct } from "../../../local/provider/wire";

/** The id and properties that a failed create or update leaves for the state. */
export class LeftOver extends Error {
  constructor(
    message: string,
    readonly id: string,
    readonly properties: Properties,
  ) {
    super(message);
  }
}

export interface DiffResult {
  readonly changed: boolean;
  readonly deleteBeforeReplace: boolean;
  /** `<KIND>` by path; `*` behind a kind marks a change of inputs. */
  readonly details: Record<string, string>;
}

export interface Recorded {
  readonly id: string;
  readonly properties: Properties;
  readonly inputs: Properties;
}

function answer<Response>(
  call: (done: (error: grpc.ServiceError | null, response: Response) => void) => unknown,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    call((error, response) => {
      if (error) {
        reject(leftOver(error) ?? new Error(error.details));
      } else {
        resolve(response);
      }
    });
  });
}

function leftOver(error: grpc.ServiceError): LeftOver | undefined {
  const [packed] = error.metadata.get("grpc-status-details-bin");
  if (!(packed instanceof Buffer)) {
    return undefined;
  }
  const [detail] = Status.deserializeBinary(packed).getDetailsList();
  const failure = rpc.ErrorResourceInitFailed.deserializeBinary(
    detail?.getValue_asU8() ?? new Uint8Array(),
  );
  const properties = fromStruct(failure.getProperties());
  return new LeftOver(failure.getReasonsList().join("; "), failure.getId(), properties);
}

const kindNames = Object.entries(rpc.PropertyDiff.Kind);

/** Speaks to a provider as the engine does. */
export class Client {
  private readonly rpcClient: ResourceProviderClient;

  constructor(port: number) {
    this.rpcClient = new ResourceProviderClient(
      `127.0.0.1:${port}`,
      grpc.credentials.createInsecure(),
    );
  }

  close(): void {
    this.rpcClient.close();
  }

  async configure(args: Properties): Promise<rpc.ConfigureResponse> {
    const request = new rpc.ConfigureRequest();
    request.setArgs(toStruct(args));
    return answer<rpc.ConfigureResponse>((done) => this.rpcClient.configure(request, done));
  }

  async check(token: string, news: Properties, olds: Properties = {}, seed = "seed") {
    const request = new rpc.CheckRequest();
    request.setUrn(urn(token));
    request.setNews(toStruct(news));
    request.setOlds(toStruct(olds));
    request.setRandomseed(Buffer.from(seed));
    const response = await answer<rpc.CheckResponse>((done) => this.rpcClient.check(request, done));
    return {
      inputs: fromStruct(response.getInputs()),
      failures: response
        .getFailuresList()
        .map((failure) => `${failure.getProperty()}: ${failure.getReason()}`),
    };
  }

  async diff(token: string, old: Recorded, news: Properties): Promise<DiffResult> {
    const request = new rpc.DiffRequest();
    request.setUrn(urn(token));
    request.setId(old.id);
    request.setOlds(toStruct(old.properties));
    request.setOldInputs(toStruct(old.inputs));
    request.setNews(toStruct(news));
    const response = await answer<rpc.DiffResponse>((done) => this.rpcClient.diff(request, done));
    const details: Record<string, string> = {};
    response.getDetaileddiffMap().forEach((detail, path) => {
      const kind = kindNames.find(([, value]) => value === detail.getKind())?.[0] ?? "";
      details[path] = kind + (detail.getInputdiff() ? "*" : "");
    });
    return {
      changed: response.getChanges() === rpc.DiffResponse.DiffChanges.DIFF_SOME,
      deleteBeforeReplace: response.getDeletebeforereplace(),
      details,
    };
  }

  async create(token: string, inputs: Properties, preview = false): Promise<Recorded> {
    const request = new rpc.CreateRequest();
    request.setUrn(urn(token));
    request.setProperties(toStruct(inputs));
    request.setPreview(preview);
    const response = await answer<rpc.CreateResponse>((done) =>
      this.rpcClient.create(request, done),
    );
    const properties = fromStruct(response.getProperties());
    return { id: response.getId(), properties, inputs };
  }

  /** Undefined if the resource is gone. */
  async read(token: string, id: string, old?: Recorded): Promise<Recorded | undefined> {
    const request = new rpc.ReadRequest();
    request.setUrn(urn(token));
    request.setId(id);
    request.setProperties(toStruct(old?.properties ?? {}));
    request.setInputs(toStruct(old?.inputs ?? {}));
    const response = await answer<rpc.ReadResponse>((done) => this.rpcClient.read(request, done));
    const properties = fromStruct(response.getProperties());
    const inputs = fromStruct(response.getInputs());
    return response.getId() === "" ? undefined : { id: response.getId(), properties, inputs };
  }

  async update(token: string, old: Recorded, news: Properties, preview = false): Promise<Recorded> {
    const request = new rpc.UpdateRequest();
    request.setUrn(urn(token));
    request.setId(old.id);
    request.setOlds(toStruct(old.properties));
    request.setOldInputs(toStruct(old.inputs));
    request.setNews(toStruct(news));
    request.setPreview(preview);
    const response = await answer<rpc.UpdateResponse>((done) =>
      this.rpcClient.update(request, done),
    );
    return { id: old.id, properties: fromStruct(response.getProperties()), inputs: news };
  }

  async delete(token: string, old: Recorded): Promise<void> {
    const request = new rpc.DeleteRequest();
    request.setUrn(urn(token));
    request.setId(old.id);
    request.setProperties(toStruct(old.properties));
    await answer<Empty>((done) => this.rpcClient.delete(request, done));
  }

  async invoke(token: string): Promise<Properties> {
    const request = new rpc.InvokeRequest();
    request.setTok(token);
    return fromStruct(
      (
        await answer<rpc.InvokeResponse>((done) => this.rpcClient.invoke(request, done))
      ).getReturn(),
    );
  }
}

function urn(token: string): string {
  return `urn:pulumi:test::project::${token}::sample`;
}
