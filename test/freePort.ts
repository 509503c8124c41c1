import { once } from "node:events";
import { createServer } from "node:net";
import { promisify } from "node:util";

/** A port of the loopback address that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await promisify(server.close.bind(server))();
  if (address === null || typeof address === "string") throw new Error("no port is free");
  return address.port;
}
