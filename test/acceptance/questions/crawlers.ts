import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { splitS3Path } from "../../../local/aws";
import { messageOf } from "../../../local/errors";
import { put } from "../checks/daily";
import type { Context, Item } from "../context";
import { until } from "../target";

/** What Glue asks of crawlers that no source settles. */
export const crawlerQuestions: Item[] = [
  {
    kind: "question",
    name: "create-crawler",
    title: "What does CreateCrawler ask of the crawler's role?",
    run: async (context) => {
      const { iam } = context.target.clients;
      const RoleName = questionName(context);
      await iam.createRole({ RoleName, AssumeRolePolicyDocument: trustOfGlue });
      try {
        const none = await createCrawler(context, "no permission at all");
        await iam.putRolePolicy({
          RoleName,
          PolicyName: "read",
          PolicyDocument: allow("glue:GetSecurityConfiguration"),
        });
        return [none, await createCrawler(context, "glue:GetSecurityConfiguration alone")];
      } finally {
        await iam.deleteRolePolicy({ RoleName, PolicyName: "read" }).catch(() => undefined);
        await iam.deleteRole({ RoleName });
      }
    },
  },
  {
    kind: "question",
    name: "event-crawl",
    title: "What does an event-mode crawler make of a message that EventBridge has made?",
    needs: ["recovery"],
    run: async (context) => {
      await context.stack.up(context.note, { withEvents: true });
      const outputs = await context.stack.outputs();
      const withWeb = { ...context, outputs: () => outputs };
      const Name = `segmentlogs-web-${context.record.id}`;
      await putEvent(withWeb, "2026-03-08");
      const first = await crawl(withWeb, Name);
      await putEvent(withWeb, "2026-03-09");
      const message = await waitForMessage(withWeb, Name);
      const second = await crawl(withWeb, Name);
      return [
        `the first crawl: ${first}`,
        `a message in the queue after a new object: ${message}`,
        `the second crawl: ${second}`,
      ];
    },
  },
];

export const questionName = ({ record }: Pick<Context, "record">): string =>
  `acceptance-question-${record.id}`;

const version = "2012-10-17";
const trustOfGlue = JSON.stringify({
  Version: version,
  Statement: [
    { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "glue.amazonaws.com" } },
  ],
});

const allow = (action: string): string =>
  JSON.stringify({
    Version: version,
    Statement: [{ Effect: "Allow", Action: [action], Resource: "*" }],
  });

/** Tries to make a crawler like those of the stack with the question's role. @returns the answer. */
async function createCrawler(context: Context, has: string): Promise<string> {
  const { target, outputs, record } = context;
  const { glue } = target.clients;
  const { Crawler } = await glue.getCrawler({ Name: `segmentlogs-IOS-${record.id}` });
  assert.ok(Crawler);
  const Name = questionName(context);
  const Role = `arn:${target.partition}:iam::${target.account}:role/${Name}`;
  const { CrawlerSecurityConfiguration, Targets } = Crawler;
  const DatabaseName = outputs().databaseName;
  const deadline = Date.now() + (target.isAws ? 60_000 : 0);
  for (;;) {
    try {
      await glue.createCrawler({ Name, Role, DatabaseName, Targets, CrawlerSecurityConfiguration });
      await glue.deleteCrawler({ Name });
      return `with ${has}: it is made`;
    } catch (error) {
      // A role and its policies take some seconds until all of AWS knows them.
      if (Date.now() > deadline) return `with ${has}: ${messageOf(error)}`;
      await sleep(target.pollMs);
    }
  }
}

const putEvent = (context: Context, day: string): Promise<void> =>
  put(context, { source: "web", day, file: "a.gz", lines: ['{"messageId":"w-1"}'] });

/** Crawls, and tells what the crawl and the catalog came to. */
async function crawl(context: Context, Name: string): Promise<string> {
  const { glue } = context.target.clients;
  await glue.startCrawler({ Name });
  const { Crawler } = await until(
    context.target,
    `the crawl of ${Name}`,
    20,
    () => glue.getCrawler({ Name }),
    (now) => now.Crawler?.State === "READY",
  );
  const { Status, ErrorMessage } = Crawler?.LastCrawl ?? {};
  const { Prefix } = splitS3Path(context.outputs().sourcePaths["web"] ?? "");
  const TableName = Prefix.split("/").at(-2)?.toLowerCase();
  const { DatabaseName } = Crawler ?? {};
  // Without a table there are none.
  const answer = await glue.getPartitions({ DatabaseName, TableName }).catch(() => undefined);
  const partitions = (answer?.Partitions ?? []).flatMap(({ Values = [] }) => Values).sort();
  return `${Status}${ErrorMessage ? ` (${ErrorMessage})` : ""}; partitions ${partitions.join(", ") || "none"}`;
}

/** The first message that the crawler's queue has got, which stays there. */
async function waitForMessage({ target }: Context, Name: string): Promise<string> {
  const { glue, sqs } = target.clients;
  const { Crawler } = await glue.getCrawler({ Name });
  const arn = Crawler?.Targets?.S3Targets?.[0]?.EventQueueArn ?? "";
  const QueueName = arn.split(":").at(-1) ?? "";
  const { QueueUrl } = await sqs.getQueueUrl({ QueueName });
  const waits = { VisibilityTimeout: 0, WaitTimeSeconds: target.isAws ? 20 : 1 };
  for (let asked = 0; asked < 6; asked += 1) {
    const { Messages = [] } = await sqs.receiveMessage({ QueueUrl, ...waits });
    if (Messages[0]?.Body) return Messages[0].Body;
  }
  return "none came";
}
