import { createHash } from "node:crypto";
import { once } from "node:events";
import { Agent, createServer, IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createProxyServer } from "http-proxy-3";
import { awsError } from "./awsErrors";

/** What can happen to a call. */
export const faults = [
  "internal",
  "unavailable",
  "throttled",
  /** The connection is reset before the emulator hears of the call. */
  "lost request",
  /** The emulator does what it's asked, but the connection is reset instead of an answer. */
  "lost answer",
  /** The connection is reset in the middle of the answer's body. */
  "cut answer",
  "stall",
] as const;
export type Fault = (typeof faults)[number];

/** Which calls fail, and how. */
export interface Weather {
  /** Same seed, same calls: same faults. */
  seed: number;
  /** From 0 to 1. */
  share: number;
  /** Default: all. */
  kinds?: readonly Fault[];
  /** How long a stalled call waits before it goes on to the emulator. */
  stallMs: number;
  /** The calls that can fail, as `METHOD /path target`; default: all. */
  only?: RegExp;
  /** Leaves an SDK's repetitions of a call alone. */
  firstAttempts?: boolean;
}

/** Stands on loopback between clients of AWS and the emulator, and lets some calls fail. */
export class FaultProxy {
  /** What failed since the weather last changed: `lost answer: POST / AWSGlue.StartWorkflowRun`. */
  injected: string[] = [];
  calls = 0;
  private weather: Weather | undefined;
  private readonly counts = new Map<string, number>();
  private readonly planned = new WeakMap<IncomingMessage, Fault>();

  private constructor(
    private readonly server: Server,
    private readonly agent: Agent,
  ) {}

  /** @param target `http://127.0.0.1:<port>`, where the emulator answers or will. */
  static async start(target: string): Promise<FaultProxy> {
    // A connection that is used again can turn out closed: a fault that nobody asked for.
    const agent = new Agent({ keepAlive: false });
    const proxy = createProxyServer({ target, agent });
    const server = createServer();
    server.keepAliveTimeout = 75_000;
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const self = new FaultProxy(server, agent);
    const forward = (request: IncomingMessage, response: ServerResponse, selfHandled: boolean) => {
      proxy.web(request, response, { selfHandleResponse: selfHandled });
    };
    proxy.on("error", (_error, _request, response) => void response.destroy());
    proxy.on("proxyRes", (answer, request, response) => {
      const fault = self.planned.get(request);
      if (fault === "lost answer") {
        answer.resume().on("end", () => void request.socket.resetAndDestroy());
      } else if (fault === "cut answer") {
        void cut(answer, request, response);
      }
    });
    server.on("request", (request, response) => {
      void self.handle(request, response, forward);
    });
    return self;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Changes which calls fail; none without an argument. */
  change(weather?: Weather): void {
    this.weather = weather;
    this.injected = [];
    this.calls = 0;
    this.counts.clear();
  }

  async close(): Promise<void> {
    this.agent.destroy();
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  private async handle(
    request: IncomingMessage,
    response: ServerResponse,
    forward: (request: IncomingMessage, response: ServerResponse, selfHandled: boolean) => void,
  ): Promise<void> {
    const stallMs = this.weather?.stallMs;
    const fault = this.next(request);
    switch (fault) {
      case "internal":
      case "unavailable":
      case "throttled": {
        const { status, headers, body } = awsError(request, fault);
        request.resume();
        await once(request, "end").catch(() => undefined);
        response.writeHead(status, { ...headers, "content-length": body.length });
        response.end(request.method === "HEAD" ? undefined : body);
        return;
      }
      case "lost request":
        request.socket.resetAndDestroy();
        return;
      case "stall":
        await sleep(stallMs);
        forward(request, response, false);
        return;
      default:
        if (fault) this.planned.set(request, fault);
        forward(request, response, fault !== undefined);
    }
  }

  /** The fault of this call, if any: by the seed, the call, and how often it came before. */
  private next(request: IncomingMessage): Fault | undefined {
    // The emulator's own pages are no part of AWS.
    if (!this.weather || request.url?.startsWith("/_")) return undefined;
    const { seed, share, kinds = faults, only, firstAttempts = false } = this.weather;
    const target = String(request.headers["x-amz-target"] ?? "");
    const call = `${request.method} ${request.url?.split("?")[0]} ${target}`.trim();
    if (only && !only.test(call)) return undefined;
    const attempt = String(request.headers["amz-sdk-request"] ?? "");
    if (firstAttempts && !/attempt=1\b/.test(attempt)) return undefined;
    this.calls += 1;
    const count = (this.counts.get(call) ?? 0) + 1;
    this.counts.set(call, count);
    const random = createHash("sha256").update(`${seed} ${call} ${count}`).digest();
    if (random.readUInt32BE(0) >= share * 2 ** 32) return undefined;
    const fault = kinds[random.readUInt32BE(4) % kinds.length];
    this.injected.push(`${fault}: ${call}`);
    return fault;
  }
}

/** Gives half of an answer's body, and then a reset; an answer without a body is lost. */
async function cut(
  answer: IncomingMessage,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  if (body.length > 0 && request.method !== "HEAD") {
    response.writeHead(answer.statusCode ?? 200, {
      ...answer.headers,
      "content-length": body.length,
    });
    response.write(body.subarray(0, Math.floor(body.length / 2)));
    await sleep(20); // a reset overtakes what wasn't read yet
  }
  request.socket.resetAndDestroy();
}
