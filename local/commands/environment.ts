import { lastOutputs, StackOutputs } from "../engine/outputs";
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
  return environmentLines(platform, lastOutputs());
}

/** @param outputs what is deployed, if anything is: queries then go to its work group and database. */
export function environmentLines({ endpoint }: Platform, outputs?: StackOutputs): string {
  return [
    '# In a shell (bash, zsh, sh): eval "$(npm run --silent local -- env)"',
    "# No profile, key, session token, endpoint or config file of yours is left in that shell.",
    `unset AWS_PROFILE AWS_SESSION_TOKEN $(env | sed -n 's/^\\(\\(AWS\\|WR\\)_[A-Z0-9_]*\\)=.*/\\1/p')`,
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
    ...(outputs
      ? exportLines({
          AWS_ATHENA_WORK_GROUP: outputs.workGroupName,
          WR_WORKGROUP: outputs.workGroupName,
          WR_DATABASE: outputs.databaseName,
        })
      : []),
    "",
  ].join("\n");
}

function exportLines(variables: Record<string, string>): string[] {
  return Object.entries(variables).map(([name, value]) => `export ${name}=${value}`);
}
