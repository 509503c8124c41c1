import { z } from "zod";

/** Config of the rules that judge production in another way than the rest. */
export const productionStacks = {
  productionStacks: z
    .array(z.string().min(1))
    .default(["prod", "production"])
    .describe("Names of the stacks that are production"),
};

/** Whether a resource stands in a stack that is production, told by its URN. */
export function inProduction(
  { urn }: { urn: string },
  config: { productionStacks: string[] },
): boolean {
  return config.productionStacks.some((stack) => urn.startsWith(`urn:pulumi:${stack}::`));
}
