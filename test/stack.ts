import * as pulumi from "@pulumi/pulumi";
import * as fs from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { Outputs, Recorded, recordResources, resourcesOf } from "./components/recorder";

/** The sources of the stacks that are here. */
export const sources = [
  { name: "ios", sourceId: "ksMsMXyyEaIOS", crawlerName: "segmentlogs-IOS" },
  { name: "android", sourceId: "ksMsMXyyEaANDROID", crawlerName: "segmentlogs-Android" },
];
/** What `Pulumi.yaml` gives where the stack's config has nothing. */
const projectDefaults = z
  .object({ config: z.record(z.string(), z.object({ default: z.unknown().optional() })) })
  .transform(({ config }) =>
    Object.entries(config).flatMap(([key, { default: value }]) =>
      value === undefined ? [] : [[key, value]],
    ),
  )
  .parse(parse(fs.readFileSync(require.resolve("../Pulumi.yaml"), "utf8")));
const defaults = {
  ...Object.fromEntries(projectDefaults),
  dropFields: ["integrations"],
  owner: "us",
  costCenter: "c",
};

/** The stack as `index.ts` makes it from this config. @param outputs what AWS gives its resources. */
export async function stack(
  config: Record<string, unknown> = {},
  name = "prod",
  outputs?: Outputs,
): Promise<Recorded[]> {
  recordResources(name, outputs);
  pulumi.runtime.setAllConfig(
    Object.fromEntries(
      Object.entries({ ...defaults, sources, ...config }).map(([key, value]) => [
        `glue-etl:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
  );
  for (const file of ["../index", "../config", "../queries"]) {
    Reflect.deleteProperty(require.cache, require.resolve(file));
  }
  return resourcesOf(() => import("../index"));
}
