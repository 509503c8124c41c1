import { paginateListWorkGroups } from "@aws-sdk/client-athena";
import { paginateDescribeAlarms, paginateListDashboards } from "@aws-sdk/client-cloudwatch";
import { paginateDescribeLogGroups } from "@aws-sdk/client-cloudwatch-logs";
import type { Rule } from "@aws-sdk/client-eventbridge";
import {
  paginateGetDatabases,
  paginateGetSecurityConfigurations,
  paginateListCrawlers,
  paginateListJobs,
  paginateListSessions,
  paginateListTriggers,
  paginateListWorkflows,
} from "@aws-sdk/client-glue";
import { paginateListRoles } from "@aws-sdk/client-iam";
import { paginateListAliases, paginateListKeys } from "@aws-sdk/client-kms";
import { paginateListBuckets } from "@aws-sdk/client-s3";
import { paginateListStateMachines } from "@aws-sdk/client-sfn";
import { paginateListTopics } from "@aws-sdk/client-sns";
import { paginateListQueues } from "@aws-sdk/client-sqs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Clients } from "./clients";
import { stackName } from "./stackConfig";

/** Something that a run may leave: found by the run's id, and removed by what `find` gives. */
interface Kind {
  name: string;
  find: (clients: Clients, id: string) => Promise<string[]>;
  remove: (clients: Clients, found: string) => Promise<unknown>;
}

/** A thing that is left. */
export interface Leftover {
  kind: string;
  name: string;
}

/** Everything that is left of a run: what has its id in its name, and its keys by their tags. */
export async function leftovers(clients: Clients, id: string): Promise<Leftover[]> {
  const found = await Promise.all(
    kinds.map(async ({ name: kind, find }) =>
      (await find(clients, id)).map((name) => ({ kind, name })),
    ),
  );
  return found.flat();
}

/** Removes what is left of a run. @returns what there was. */
export async function sweep(clients: Clients, id: string): Promise<Leftover[]> {
  const removed: Leftover[] = [];
  for (const { name: kind, find, remove } of kinds) {
    for (const name of await find(clients, id)) {
      await remove(clients, name);
      removed.push({ kind, name });
    }
  }
  return removed;
}

/** In the order in which they can be removed. */
const kinds: Kind[] = [
  {
    name: "Step Functions state machine",
    find: ({ sfn }, id) =>
      collect(paginateListStateMachines({ client: sfn }, {}), ({ stateMachines = [] }) =>
        stateMachines.flatMap(({ stateMachineArn }) => own(id, stateMachineArn)),
      ),
    remove: ({ sfn }, stateMachineArn) => sfn.deleteStateMachine({ stateMachineArn }),
  },
  {
    name: "Glue trigger",
    find: ({ glue }, id) =>
      collect(paginateListTriggers({ client: glue }, {}), ({ TriggerNames = [] }) =>
        TriggerNames.flatMap((name) => own(id, name)),
      ),
    remove: ({ glue }, Name) => glue.deleteTrigger({ Name }),
  },
  {
    name: "Glue workflow",
    find: ({ glue }, id) =>
      collect(paginateListWorkflows({ client: glue }, {}), ({ Workflows = [] }) =>
        Workflows.flatMap((name) => own(id, name)),
      ),
    remove: ({ glue }, Name) => glue.deleteWorkflow({ Name }),
  },
  {
    name: "Glue job",
    find: ({ glue }, id) =>
      collect(paginateListJobs({ client: glue }, {}), ({ JobNames = [] }) =>
        JobNames.flatMap((name) => own(id, name)),
      ),
    remove: ({ glue }, JobName) => glue.deleteJob({ JobName }),
  },
  {
    name: "Glue crawler",
    find: ({ glue }, id) =>
      collect(paginateListCrawlers({ client: glue }, {}), ({ CrawlerNames = [] }) =>
        CrawlerNames.flatMap((name) => own(id, name)),
      ),
    remove: ({ glue }, Name) => glue.deleteCrawler({ Name }),
  },
  {
    name: "Glue session",
    find: ({ glue }, id) =>
      collect(paginateListSessions({ client: glue }, {}), ({ Ids = [] }) =>
        Ids.flatMap((name) => own(id, name)),
      ),
    remove: removeSession,
  },
  {
    name: "Glue security configuration",
    find: ({ glue }, id) =>
      collect(
        paginateGetSecurityConfigurations({ client: glue }, {}),
        ({ SecurityConfigurations = [] }) =>
          SecurityConfigurations.flatMap(({ Name }) => own(id, Name)),
      ),
    remove: ({ glue }, Name) => glue.deleteSecurityConfiguration({ Name }),
  },
  {
    name: "Glue database",
    find: ({ glue }, id) =>
      collect(paginateGetDatabases({ client: glue }, {}), ({ DatabaseList = [] }) =>
        DatabaseList.flatMap(({ Name }) => own(id, Name)),
      ),
    remove: ({ glue }, Name) => glue.deleteDatabase({ Name }),
  },
  {
    name: "Athena work group",
    find: ({ athena }, id) =>
      collect(paginateListWorkGroups({ client: athena }, {}), ({ WorkGroups = [] }) =>
        WorkGroups.flatMap(({ Name }) => own(id, Name)),
      ),
    remove: ({ athena }, WorkGroup) =>
      athena.deleteWorkGroup({ WorkGroup, RecursiveDeleteOption: true }),
  },
  {
    name: "EventBridge rule",
    find: async ({ events }, id) => {
      const rules: Rule[] = [];
      for (let NextToken: string | undefined, first = true; first || NextToken; first = false) {
        const page = await events.listRules({ NextToken });
        rules.push(...(page.Rules ?? []));
        NextToken = page.NextToken;
      }
      return rules.flatMap(({ Name }) => own(id, Name));
    },
    remove: removeRule,
  },
  {
    name: "CloudWatch alarm",
    find: ({ cloudWatch }, id) =>
      collect(paginateDescribeAlarms({ client: cloudWatch }, {}), ({ MetricAlarms = [] }) =>
        MetricAlarms.flatMap(({ AlarmName }) => own(id, AlarmName)),
      ),
    remove: ({ cloudWatch }, name) => cloudWatch.deleteAlarms({ AlarmNames: [name] }),
  },
  {
    name: "CloudWatch dashboard",
    find: ({ cloudWatch }, id) =>
      collect(paginateListDashboards({ client: cloudWatch }, {}), ({ DashboardEntries = [] }) =>
        DashboardEntries.flatMap(({ DashboardName }) => own(id, DashboardName)),
      ),
    remove: ({ cloudWatch }, name) => cloudWatch.deleteDashboards({ DashboardNames: [name] }),
  },
  {
    name: "SNS topic",
    find: ({ sns }, id) =>
      collect(paginateListTopics({ client: sns }, {}), ({ Topics = [] }) =>
        Topics.flatMap(({ TopicArn }) => own(id, TopicArn)),
      ),
    remove: ({ sns }, TopicArn) => sns.deleteTopic({ TopicArn }),
  },
  {
    name: "SQS queue",
    find: ({ sqs }, id) =>
      collect(paginateListQueues({ client: sqs }, {}), ({ QueueUrls = [] }) =>
        QueueUrls.flatMap((url) => own(id, url)),
      ),
    remove: ({ sqs }, QueueUrl) => sqs.deleteQueue({ QueueUrl }),
  },
  {
    name: "S3 bucket",
    find: ({ s3 }, id) =>
      collect(paginateListBuckets({ client: s3 }, {}), ({ Buckets = [] }) =>
        Buckets.flatMap(({ Name }) => own(id, Name)),
      ),
    remove: removeBucket,
  },
  {
    name: "CloudWatch log group",
    find: ({ logs }, id) =>
      collect(
        paginateDescribeLogGroups({ client: logs }, { logGroupNamePattern: id }),
        ({ logGroups = [] }) => logGroups.flatMap(({ logGroupName }) => own(id, logGroupName)),
      ),
    remove: ({ logs }, logGroupName) => logs.deleteLogGroup({ logGroupName }),
  },
  {
    name: "IAM role",
    find: ({ iam }, id) =>
      collect(paginateListRoles({ client: iam }, {}), ({ Roles = [] }) =>
        Roles.flatMap(({ RoleName }) => own(id, RoleName)),
      ),
    remove: removeRole,
  },
  {
    name: "KMS alias",
    find: ({ kms }, id) =>
      collect(paginateListAliases({ client: kms }, {}), ({ Aliases = [] }) =>
        Aliases.flatMap(({ AliasName }) => own(id, AliasName)),
      ),
    remove: ({ kms }, AliasName) => kms.deleteAlias({ AliasName }),
  },
  {
    name: "KMS key",
    find: liveKeys,
    remove: ({ kms }, KeyId) => kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 }),
  },
];

/** The name or ARN, if it's one of the run's. Its id stands alone in it, behind a dash. */
function own(id: string, name: string | undefined): string[] {
  return name !== undefined && new RegExp(`[-_]${id}(?![0-9a-z])`).test(name) ? [name] : [];
}

async function collect<Page, T>(pages: AsyncIterable<Page>, pick: (page: Page) => T[]) {
  const all: T[] = [];
  for await (const page of pages) all.push(...pick(page));
  return all;
}

/** A session that runs must be stopped first, which takes a while, as does its start. */
async function removeSession({ glue }: Clients, Id: string): Promise<void> {
  const status = async () => (await glue.getSession({ Id })).Session?.Status;
  const outlast = async (state: string) => {
    for (let waited = 0; (await status()) === state && waited < 300; waited += 1) await sleep(1000);
  };
  await outlast("PROVISIONING");
  if ((await status()) === "READY") await glue.stopSession({ Id });
  await outlast("STOPPING");
  await glue.deleteSession({ Id });
}

async function removeRule({ events }: Clients, Rule: string): Promise<void> {
  const { Targets = [] } = await events.listTargetsByRule({ Rule });
  const Ids = Targets.flatMap(({ Id }) => Id ?? []);
  if (Ids.length > 0) await events.removeTargets({ Rule, Ids });
  await events.deleteRule({ Name: Rule });
}

/** With all versions of what it holds. */
async function removeBucket({ s3 }: Clients, Bucket: string): Promise<void> {
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await s3.listObjectVersions({ Bucket });
    const Objects = [...Versions, ...DeleteMarkers].flatMap(({ Key, VersionId }) =>
      Key === undefined ? [] : [{ Key, VersionId }],
    );
    if (Objects.length === 0) break;
    await s3.deleteObjects({ Bucket, Delete: { Objects, Quiet: true } });
  }
  await s3.deleteBucket({ Bucket });
}

async function removeRole({ iam }: Clients, RoleName: string): Promise<void> {
  const { PolicyNames = [] } = await iam.listRolePolicies({ RoleName });
  for (const PolicyName of PolicyNames) await iam.deleteRolePolicy({ RoleName, PolicyName });
  await iam.deleteRole({ RoleName });
}

/** Keys with the stack's tag that aren't being deleted. Their names are made by KMS. */
async function liveKeys({ kms }: Clients, id: string): Promise<string[]> {
  const keys = await collect(paginateListKeys({ client: kms }, {}), ({ Keys = [] }) =>
    Keys.flatMap(({ KeyId }) => KeyId ?? []),
  );
  const found: string[] = [];
  for (const KeyId of keys) {
    const { KeyMetadata } = await kms.describeKey({ KeyId });
    if (KeyMetadata?.KeyManager !== "CUSTOMER" || KeyMetadata.KeyState === "PendingDeletion") {
      continue;
    }
    const { Tags = [] } = await kms.listResourceTags({ KeyId });
    const isOwn = ({ TagKey, TagValue }: (typeof Tags)[number]) =>
      TagKey === "Environment" && TagValue === stackName(id);
    if (Tags.some(isOwn)) found.push(KeyId);
  }
  return found;
}
