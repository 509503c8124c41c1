import { PackHost } from "./packHost";

const packs = new Map<string, Promise<PackHost>>();

/**
 * A pack that all tests with the same config share, as booting one takes a second. It remembers
 * what it has been told of: what a test adopts needs a name of its own.
 * @param config as in a file for `--policy-pack-config`.
 * @param stack the stack's name.
 */
export function sharedPack(
  config: Record<string, Record<string, unknown>> = {},
  stack = "dev",
): Promise<PackHost> {
  const key = JSON.stringify([config, stack]);
  const pack = packs.get(key) ?? PackHost.start(config, stack);
  packs.set(key, pack);
  return pack;
}

/** Required by .mocharc.json: in parallel mode this is called after each file, else once. */
export const mochaHooks = {
  async afterAll(): Promise<void> {
    const ended = [...packs.values()];
    packs.clear();
    for (const pack of ended) await (await pack).stop();
  },
};

/** What `use` gives with such a pack. */
export async function withPack<T>(
  use: (host: PackHost) => Promise<T>,
  config?: Record<string, Record<string, unknown>>,
  stack?: string,
): Promise<T> {
  return use(await sharedPack(config, stack));
}
