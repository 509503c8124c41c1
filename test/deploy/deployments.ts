import { invokedFunctions, Recorded } from "../components/recorder";
import { sources, stack } from "../stack";
import { Made, made, outputsOf } from "./stackResources";

const [ios, android] = sources;

/** A stack with a config. */
export interface Deployment {
  stack: string;
  config: Record<string, unknown>;
}

/** Stacks that together make all that the program can make. */
export const deployments: Deployment[] = [
  { stack: "prod", config: { nameSuffix: "", protect: true } },
  {
    stack: "dev",
    config: { rawBucket: "segment-bucket", sources: [{ ...ios, catalog: "events" }] },
  },
  {
    // Names have its hyphen, and databases have none.
    stack: "dev-eu",
    config: {
      sources: [
        { ...ios, catalog: "events" },
        { ...android, catalog: "declared" },
        { name: "web_shop", sourceId: "web", format: "csv", columns: { timestamp: "at" } },
      ],
      parallelCrawlers: true,
      outputFormat: "csv",
      notificationEmails: ["data@example.com"],
      notificationQueues: ["arn:aws:sqs:us-west-2:111122223333:alerts"],
      slack: { teamId: "T0AB1CDEF", channelId: "C0AB1CDEF" },
      alarms: { minRows: 5, maxRunMinutes: 60 },
      recovery: { maxResumes: 1 },
      janitor: { remove: true },
      retentionDays: { raw: 400, curated: 800, quarantine: 60, results: 7, accessLogs: 90 },
      scheduleEnabled: false,
      flex: true,
      forceDestroy: true,
    },
  },
];

/** Encrypts the catalog of the account, which is for whoever administers it. */
export const catalogDeployment: Deployment = { stack: "dev", config: { encryptCatalog: true } };

/** What a deployment makes, as AWS has it, and the functions that the program calls. */
export async function resourcesOf(
  { stack: name, config }: Deployment,
  permissionsBoundaryArn: string,
): Promise<{ resources: Made[]; functions: string[] }> {
  const recorded = await stack({ permissionsBoundaryArn, ...config }, name, outputsOf);
  return { resources: recorded.filter(isOfAws).map(made), functions: invokedFunctions() };
}

const isOfAws = ({ type }: Recorded) => type.startsWith("aws:");
