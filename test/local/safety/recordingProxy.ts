import { createServer, IncomingMessage, Server } from "node:http";

/** An HTTP proxy on loopback that lets nothing through, and remembers what was asked of it. */
export class RecordingProxy {
  readonly asked: string[] = [];
  private readonly server: Server = createServer((request, response) => {
    this.record(request);
    response.writeHead(502).end();
  }).on("connect", (request: IncomingMessage, socket) => {
    this.record(request);
    socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  });

  /** @returns its address. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    const address = this.server.address();
    if (typeof address !== "object" || !address) throw new Error("the proxy has no port");
    return `http://127.0.0.1:${address.port}`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private record({ method, url, headers }: IncomingMessage): void {
    this.asked.push(`${method} ${url} (${headers["user-agent"] ?? "no agent"})`);
  }
}
