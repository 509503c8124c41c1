import { PackHost } from "./packHost";

/**
 * What `use` gives, with a pack that is ended whatever comes of it.
 * @param config as in a file for `--policy-pack-config`.
 * @param stack the stack's name.
 */
export async function withPack<T>(
  use: (host: PackHost) => Promise<T>,
  config: Record<string, Record<string, unknown>> = {},
  stack = "dev",
): Promise<T> {
  const host = await PackHost.start(config, stack);
  try {
    return await use(host);
  } finally {
    await host.stop();
  }
}
