import { version as pluginVersion } from "@pulumi/aws/package.json";
import * as path from "node:path";
import { clientsOf } from "./clients";
import { folderOf } from "./records";
import type { Target } from "./target";
import { credentials, region, startPlatform, stopPlatform } from "../../local/platform";
import { startProvider } from "../../local/provider";
import { pulumiCli } from "../../local/setup/pulumiCli";

/** Waits of state machines take a tenth of their time; the components' least backoff is a minute. */
const waitScale = "0.1";

/** The local platform and the local provider; the engine is the real one, built or installed here. */
export async function localTarget(id: string): Promise<Target> {
  process.env["SFN_WAIT_SCALE"] = waitScale;
  const pulumi = await pulumiCli();
  const { endpoint } = await startPlatform({ keep: false });
  const provider = await startProvider({ endpoint, region, ...credentials });
  const clients = clientsOf({ endpoint, region, credentials });
  const { Account = "" } = await clients.sts.getCallerIdentity({});
  const bin = path.resolve(__dirname, "../../local/engine/bin");
  return {
    mode: "local",
    place: "the local platform, which isn't AWS",
    isAws: false,
    region,
    partition: "aws",
    account: Account,
    clients,
    pulumi,
    environment: {
      PULUMI_DEBUG_PROVIDERS: `aws:${provider.port}`,
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PATH: `${bin}${path.delimiter}${process.env["PATH"] ?? ""}`,
    },
    home: path.join(folderOf(id), "home"),
    plugin: `the local provider, in place of aws ${pluginVersion}`,
    pollMs: 250,
    close: async () => {
      await provider.close();
      await stopPlatform();
    },
  };
}
