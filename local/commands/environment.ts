import { GetWorkGroupCommand } from "@aws-sdk/client-athena";
import { clients } from "../aws";
import { lastOutputs } from "../engine/outputs";
import { UserError } from "../errors";
import { credentials, Platform, region, runningPlatform } from "../platform";

/** Shell lines that point the AWS CLI, the SDKs and the clients of Athena at the running platform. */
export async function environment(): Promise<string> {
  const platform = await runningPlatform();
  if (!platform) {
    throw new UserError(
      "The local platform isn't running. Start it: npm run local -- start. Then ask again.",
    );
  }
  return environmentLines(platform, await deployedAthena(platform));
}

/** Variables of awswrangler and PyAthena: the work group and database of what is deployed. */
async function deployedAthena(platform: Platform): Promise<Record<string, string>> {
  const outputs = lastOutputs();
  if (!outputs) return {};
  const { workGroupName, databaseName } = outputs;
  const { WorkGroup } = await clients(platform).athena.send(
    new GetWorkGroupCommand({ WorkGroup: workGroupName }),
  );
  return {
    AWS_ATHENA_S3_STAGING_DIR: WorkGroup?.Configuration?.ResultConfiguration?.OutputLocation ?? "",
    AWS_ATHENA_WORK_GROUP: workGroupName,
    WR_WORKGROUP: workGroupName,
    WR_DATABASE: databaseName,
  };
}

function environmentLines({ endpoint }: Platform, athena: Record<string, string>): string {
  return [
    '# In a shell (bash, zsh, sh): eval "$(npm run --silent local -- env)"',
    "# No profile, key, session token, endpoint or config file of yours is left in that shell.",
    `unset AWS_PROFILE AWS_SESSION_TOKEN $(env | sed -n 's/^\\(AWS_[A-Z0-9_]*\\)=.*/\\1/p; s/^\\(WR_[A-Z0-9_]*\\)=.*/\\1/p')`,
    ...exportLines({
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_EC2_METADATA_DISABLED: "true",
      // Clients address buckets by path where the endpoint is an IP address.
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      NO_PROXY: '"127.0.0.1,localhost${NO_PROXY:+,$NO_PROXY}"',
      no_proxy: '"127.0.0.1,localhost${no_proxy:+,$no_proxy}"',
    }),
    ...exportLines(athena),
    "",
  ].join("\n");
}

function exportLines(variables: Record<string, string>): string[] {
  return Object.entries(variables).map(([name, value]) => `export ${name}=${value}`);
}
