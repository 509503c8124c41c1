import * as grpc from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { isRecord, type Properties } from "./values";

export function fromStruct(struct: Struct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}

export function toStruct(properties: Properties): Struct {
  const value = plain(properties);
  return Struct.fromJavaScript(isPlainRecord(value) ? value : {});
}

/** What a protobuf Struct can hold: absent entries go, dates become text. */
function plain(value: unknown): JavaScriptValue {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map(plain);
  }
  if (value instanceof Date) {
    return value.toISOString();
  }
  if (isRecord(value)) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return Object.fromEntries(entries.map(([key, item]) => [key, plain(item)]));
  }
  return null;
}

function isPlainRecord(value: JavaScriptValue): value is Record<string, JavaScriptValue> {
  return isRecord(value);
}

/** The resource exists but isn't as asked for: its id and properties go into the state. */
export class IncompleteResource extends Error {
  constructor(
    message: string,
    readonly id: string,
    readonly properties: Properties,
    readonly inputs: Properties,
  ) {
    super(message);
  }
}

/** A gRPC handler that answers with the promise's value, or with its error. */
export function unary<Request, Response>(
  answer: (request: Request) => Response | Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    Promise.resolve(call.request)
      .then(answer)
      .then(
        (response) => {
          callback(null, response);
        },
        (error: unknown) => {
          callback(toServiceError(error));
        },
      );
  };
}

export function unimplemented<Request, Response>(
  name: string,
): grpc.handleUnaryCall<Request, Response> {
  return (_call, callback) => {
    const details = `the local provider has no ${name}`;
    callback({ code: grpc.status.UNIMPLEMENTED, details });
  };
}

function toServiceError(error: unknown): Partial<grpc.StatusObject> {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof IncompleteResource)) {
    return { code: grpc.status.UNKNOWN, details: message };
  }
  const failure = new ErrorResourceInitFailed();
  failure.setId(error.id);
  failure.setProperties(toStruct(error.properties));
  failure.setInputs(toStruct(error.inputs));
  failure.setReasonsList([message]);
  const detail = new Any();
  detail.pack(failure.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new Status();
  status.setCode(grpc.status.UNKNOWN);
  status.setMessage(message);
  status.addDetails(detail);
  // gRPC's name for structured errors; the Node library leaves packing them to the caller.
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return { code: grpc.status.UNKNOWN, details: message, metadata };
}
