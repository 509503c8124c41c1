import { PulumiCommand } from "@pulumi/pulumi/automation";
import { version as pluginVersion } from "@pulumi/aws/package.json";
import { SemVer } from "semver";
import { z } from "zod";
import { messageOf, UserError } from "../../local/errors";
import { run } from "../../local/setup/processes";
import * as versions from "../../local/setup/versions.json";
import { step } from "../../local/progress";
import { Clients, clientsOf } from "./clients";
import type { Target } from "./target";

/**
 * AWS as the user's environment names it: their CLI on PATH, the official plugin, their credentials.
 * @throws UserError that says what is missing and where to get it.
 */
export async function awsTarget(region: string): Promise<Target> {
  const pulumi = await officialCli();
  const clients = clientsOf({ region });
  const { account, partition, host } = await identity(clients);
  await plugin(pulumi);
  // Variables and profiles can name an endpoint that stands in for AWS: what it answers isn't AWS's.
  const isAws = /\.(amazonaws\.com(\.cn)?|api\.aws)$/.test(host);
  return {
    mode: "aws",
    place: isAws ? "AWS" : `${host}, which isn't AWS`,
    isAws,
    region,
    partition,
    account,
    clients,
    pulumi,
    environment: {},
    plugin: `aws ${pluginVersion}`,
    pollMs: isAws ? 5000 : 250,
    close: async () => undefined,
  };
}

async function officialCli(): Promise<PulumiCommand> {
  try {
    return await PulumiCommand.get({ version: new SemVer(versions.pulumi) });
  } catch (error) {
    throw new UserError(
      `The Pulumi CLI ${versions.pulumi} or later isn't on your PATH: install it as https://www.pulumi.com/docs/install/ says. (${messageOf(error).split("\n")[0]})`,
    );
  }
}

const request = z.object({ hostname: z.string() });

/** Who the user is, and which host said so. */
async function identity({ sts }: Clients) {
  let host = "";
  sts.middlewareStack.add(
    (next) => (args) => {
      host = request.parse(args.request).hostname;
      return next(args);
    },
    { step: "finalizeRequest" },
  );
  try {
    const { Account = "", Arn = "" } = await sts.getCallerIdentity({});
    return { account: Account, partition: Arn.split(":")[1] ?? "aws", host };
  } catch (error) {
    throw new UserError(
      `AWS doesn't know you: ${messageOf(error)}\nSet AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; after \`aws sso login\` where your profile is of IAM Identity Center.`,
    );
  }
}

/** Installs the plugin of the version that the program's SDK asks for, unless it's there or attached. */
async function plugin({ command }: PulumiCommand): Promise<void> {
  if (/(^|,)aws:/.test(process.env["PULUMI_DEBUG_PROVIDERS"] ?? "")) return;
  const install = ["plugin", "install", "resource", "aws", `v${pluginVersion}`];
  try {
    // It does nothing where the plugin is there.
    await step(`Looking for the plugin aws ${pluginVersion}`, () => run(command, install));
  } catch (error) {
    throw new UserError(
      `The plugin aws ${pluginVersion} can't be installed. Try \`pulumi ${install.join(" ")}\`.\n${messageOf(error)}`,
    );
  }
}
