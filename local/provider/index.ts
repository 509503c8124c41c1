import * as grpc from "@grpc/grpc-js";
import type { Connection } from "./aws";
import { ProviderHost } from "./host";

/** A running provider; the engine attaches by `PULUMI_DEBUG_PROVIDERS=aws:<port>`. */
export interface RunningProvider {
  readonly port: number;
  /** Ends the server and its connections; calls under way fail. */
  close(): Promise<void>;
}

/**
 * Starts the local `aws` provider on a free port of 127.0.0.1.
 * @param options AWS's endpoint (an URL), region and credentials.
 * @throws Error if no port can be bound.
 */
export async function startProvider(options: Connection): Promise<RunningProvider> {
  const host = new ProviderHost(options);
  // Assets and archives are files on this machine, yet whole programs may travel as properties.
  const unlimited = -1;
  const server = new grpc.Server({
    "grpc.max_receive_message_length": unlimited,
    "grpc.max_send_message_length": unlimited,
  });
  server.addService(host.service, host.handlers());
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error) {
        reject(error);
      } else {
        resolve(bound);
      }
    });
  });
  return {
    port,
    close: async () => {
      host.close();
      server.forceShutdown();
    },
  };
}
