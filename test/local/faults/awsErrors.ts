import type { IncomingMessage } from "node:http";

/** An error as a service of AWS gives it. */
export interface AwsError {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** How a service says that it has trouble of its own, that it's down, that it's asked too often. */
export type Trouble = "internal" | "unavailable" | "throttled";

const codes = {
  json: {
    internal: [500, "InternalServerException"],
    unavailable: [503, "ServiceUnavailableException"],
    throttled: [400, "ThrottlingException"],
  },
  query: {
    internal: [500, "InternalFailure"],
    unavailable: [503, "ServiceUnavailable"],
    throttled: [400, "Throttling"],
  },
  // S3 has no other word for too many requests.
  s3: {
    internal: [500, "InternalError"],
    unavailable: [503, "ServiceUnavailable"],
    throttled: [503, "SlowDown"],
  },
} as const;

/** The error in the form of the protocol that the request speaks. */
export function awsError(request: IncomingMessage, trouble: Trouble): AwsError {
  const message = "Injected by a test: please try again";
  const { headers } = request;
  if (headers["smithy-protocol"] === "rpc-v2-cbor") {
    const [status, code] = codes.json[trouble];
    return {
      status,
      headers: { "smithy-protocol": "rpc-v2-cbor", "content-type": "application/cbor" },
      // A map of two pairs of texts (RFC 8949, major types 5 and 3).
      body: Buffer.concat([Buffer.of(0xa2), ...["__type", code, "message", message].map(cborText)]),
    };
  }
  if (headers["x-amz-target"] !== undefined) {
    const [status, code] = codes.json[trouble];
    return {
      status,
      headers: { "content-type": "application/x-amz-json-1.1", "x-amzn-errortype": code },
      body: Buffer.from(JSON.stringify({ __type: code, message })),
    };
  }
  const isQuery = headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false;
  const [status, code] = codes[isQuery ? "query" : "s3"][trouble];
  const detail = `<Code>${code}</Code><Message>${message}</Message>`;
  const body = isQuery
    ? `<ErrorResponse><Error><Type>Receiver</Type>${detail}</Error><RequestId>0</RequestId></ErrorResponse>`
    : `<?xml version="1.0" encoding="UTF-8"?><Error>${detail}<RequestId>0</RequestId></Error>`;
  return {
    status,
    headers: { "content-type": isQuery ? "text/xml" : "application/xml" },
    body: Buffer.from(body),
  };
}

function cborText(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = bytes.length < 24 ? [0x60 + bytes.length] : [0x78, bytes.length];
  return Buffer.concat([Buffer.from(length), bytes]);
}
