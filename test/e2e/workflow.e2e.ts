import { Glue, type Node, type WorkflowRun } from "@aws-sdk/client-glue";
import { S3 } from "@aws-sdk/client-s3";
import { SQS } from "@aws-sdk/client-sqs";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { CrawledSource, crawlStep, DailyWorkflow } from "../../components";
import { glueRole, grant } from "../../components/access/roles";
import { type RunningProvider, startProvider } from "../../local/provider";
import { pulumiCli } from "../../local/setup/pulumiCli";
import { Emulator } from "../local/provider/emulator";
import { PolicyEngine } from "../policies/engine/policyStack";

/** Scripts of the jobs. */
const scripts = {
  fine: "import time; time.sleep(2)",
  quick: "pass",
  bad: "import time; time.sleep(2); raise SystemExit('as planned')",
  rescue: "pass",
  never: "pass",
  told: "import sys; assert sys.argv[sys.argv.index('--day') + 1] == '1', sys.argv",
  arrived: "pass",
};

/** Workflows of trivial jobs and a crawler. */
function program(): void {
  const owner = new pulumi.ComponentResource("test:index:Jobs", "jobs");
  const role = glueRole("jobs", { description: "Runs the jobs of a test" }, owner);
  const policy = grant("jobs", role, [
    { Sid: "Code", Action: ["s3:GetObject"], Resource: "arn:aws:s3:::code/*" },
  ]);
  const named = Object.fromEntries(
    Object.keys(scripts).map((name) => [
      name,
      new aws.glue.Job(
        name,
        {
          name,
          roleArn: role.arn,
          glueVersion: "5.1",
          command: { name: "glueetl", scriptLocation: `s3://code/${name}.py` },
          maxRetries: 0,
        },
        { dependsOn: policy },
      ).name,
    ]),
  );
  const job = (name: keyof typeof scripts) => ({ jobName: named[name] ?? "" });
  const orders = new CrawledSource("orders", {
    crawlerName: "orders",
    databaseName: "shop",
    bucketName: "data",
    prefix: "orders/",
    recrawlBehavior: "CRAWL_EVENT_MODE",
  });
  new DailyWorkflow("drawn", {
    workflowName: "drawn",
    onDemand: true,
    steps: [
      [job("fine"), job("bad")],
      [{ ...job("quick"), waitFor: "ANY" }],
      [crawlStep(orders), { ...job("told"), jobArguments: { "--day": "1" }, timeoutMinutes: 5 }],
    ],
    failureSteps: [{ ...job("rescue"), failedJobNames: [job("bad").jobName] }],
  });
  new DailyWorkflow("strict", {
    workflowName: "strict",
    onDemand: true,
    steps: [[job("fine"), job("bad")], [job("never")]],
  });
  new DailyWorkflow("arrivals", {
    workflowName: "arrivals",
    newObjects: { bucketName: "data", prefix: "inbox/", batchSize: 2 },
    steps: [[job("arrived")]],
  });
}

/** Names that are known only once something is made, the same ones twice. */
function broken(): void {
  const { name } = new aws.glue.Workflow("other", { name: "other" });
  new DailyWorkflow("twice", {
    workflowName: "twice",
    onDemand: true,
    steps: [[{ jobName: name }], [{ jobName: name }]],
  });
}

describe("workflows of the components, run", function () {
  this.timeout(180_000);
  let emulator: Emulator;
  let provider: RunningProvider;
  let engine: PolicyEngine;
  let glue: Glue;
  let s3: S3;
  let sqs: SQS;

  before(async function () {
    this.timeout(600_000);
    await pulumiCli();
    emulator = await Emulator.start();
    provider = await startProvider(emulator.options);
    engine = new PolicyEngine(provider.port);
    glue = new Glue(emulator.settings);
    s3 = new S3({ ...emulator.settings, forcePathStyle: true });
    sqs = new SQS(emulator.settings);
    for (const Bucket of ["code", "data"]) await s3.createBucket({ Bucket });
    for (const [name, Body] of Object.entries(scripts)) {
      await s3.putObject({ Bucket: "code", Key: `${name}.py`, Body });
    }
    await glue.createDatabase({ DatabaseInput: { Name: "shop" } });
    await put("orders/1/a.json");
    const stack = await engine.stack("workflows", program);
    await stack.setConfig("aws:region", { value: "us-east-1" });
    await stack.up();
  });
  after(async () => {
    for (const client of [glue, s3, sqs]) client.destroy();
    engine.stop();
    await provider.close();
    await emulator.stop();
  });

  const put = (Key: string) => s3.putObject({ Bucket: "data", Key, Body: '{"id": 1}\n' });

  /** What is there, once it is as wanted. */
  async function until<T>(look: () => Promise<T>, isEnough: (found: T) => boolean): Promise<T> {
    for (let waited = 0; ; waited += 200) {
      const found = await look();
      if (isEnough(found)) return found;
      assert.ok(waited < 90_000, JSON.stringify(found));
      await sleep(200);
    }
  }

  const ended = (Name: string, RunId: string | undefined) =>
    until(
      async () => (await glue.getWorkflowRun({ Name, RunId, IncludeGraph: true })).Run ?? {},
      ({ Status }) => Status === "COMPLETED",
    );

  async function run(Name: string): Promise<WorkflowRun> {
    return ended(Name, (await glue.startWorkflowRun({ Name })).RunId);
  }

  const nodesOf = ({ Graph }: WorkflowRun, type: string) =>
    (Graph?.Nodes ?? []).filter((node) => node.Type === type);
  const runOf = (node: Node | undefined) => node?.JobDetails?.JobRuns?.[0];
  const statesOf = (workflowRun: WorkflowRun) =>
    Object.fromEntries(
      nodesOf(workflowRun, "JOB").map((node) => [node.Name, runOf(node)?.JobRunState ?? "none"]),
    );

  it("run side by side, after any, and where something fails, as drawn", async () => {
    const drawn = await run("drawn");
    assert.deepEqual(statesOf(drawn), {
      fine: "SUCCEEDED",
      bad: "FAILED",
      quick: "SUCCEEDED",
      told: "SUCCEEDED",
      rescue: "SUCCEEDED",
    });
    const [crawler] = nodesOf(drawn, "CRAWLER");
    assert.deepEqual(
      crawler?.CrawlerDetails?.Crawls?.map(({ State }) => State),
      ["SUCCEEDED"],
    );
    const jobRun = (name: string) =>
      runOf(nodesOf(drawn, "JOB").find((node) => node.Name === name));
    const [fine, bad] = [jobRun("fine"), jobRun("bad")];
    assert.ok(fine?.StartedOn && fine.CompletedOn && bad?.StartedOn && bad.CompletedOn);
    assert.ok(fine.StartedOn < bad.CompletedOn && bad.StartedOn < fine.CompletedOn);
  });

  it("don't go on after all where one has failed", async () => {
    assert.deepEqual(statesOf(await run("strict")), {
      fine: "SUCCEEDED",
      bad: "FAILED",
      never: "none",
    });
  });

  it("start by new objects below their prefix, in batches", async () => {
    const runs = async () => (await glue.getWorkflowRuns({ Name: "arrivals" })).Runs ?? [];
    await put("inbox/1");
    await put("outbox/1");
    await sleep(2_000);
    assert.deepEqual(await runs(), []);
    await put("inbox/2");
    const [started] = await until(runs, (found) => found.length > 0);
    const arrivals = await ended("arrivals", started?.WorkflowRunId);
    assert.deepEqual(statesOf(arrivals), { arrived: "SUCCEEDED" });
    assert.deepEqual(arrivals.StartingEventBatchCondition, { BatchSize: 2 });
  });

  it("crawl only what events tell of, once there was a whole crawl", async () => {
    const partitions = async () => {
      const answer = await glue.getPartitions({ DatabaseName: "shop", TableName: "orders" });
      return (answer.Partitions ?? []).flatMap(({ Values }) => Values ?? []).sort();
    };
    assert.deepEqual(await partitions(), ["1"]);
    const silent = { Bucket: "data", NotificationConfiguration: {} };
    await s3.putBucketNotificationConfiguration(silent);
    await put("orders/untold/a.json");
    const telling = { EventBridgeConfiguration: {} };
    await s3.putBucketNotificationConfiguration({ ...silent, NotificationConfiguration: telling });
    await put("orders/2/a.json");
    await glue.startCrawler({ Name: "orders" });
    const crawled = async () => (await glue.getCrawler({ Name: "orders" })).Crawler;
    const crawler = await until(crawled, (found) => found?.State === "READY");
    assert.equal(crawler?.LastCrawl?.Status, "SUCCEEDED", crawler?.LastCrawl?.ErrorMessage);
    assert.deepEqual(await partitions(), ["1", "2"]);
    const queues = (await sqs.listQueues({ QueueNamePrefix: "orders-" })).QueueUrls ?? [];
    assert.equal(queues.length, 2);
    for (const QueueUrl of queues) {
      const AttributeNames = ["All" as const];
      const { Attributes = {} } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames });
      assert.equal(Attributes["ApproximateNumberOfMessages"], "0", QueueUrl);
      assert.equal(Attributes["ApproximateNumberOfMessagesNotVisible"], "0", QueueUrl);
    }
  });

  it("aren't made of names that turn out to be the same", async () => {
    const stack = await engine.stack("broken", broken);
    await stack.setConfig("aws:region", { value: "us-east-1" });
    await assert.rejects(stack.up(), /DailyWorkflow "twice": `steps\[1\]` runs job "other", which/);
    const { Triggers = [] } = await glue.getTriggers({});
    assert.deepEqual(
      Triggers.filter(({ WorkflowName }) => WorkflowName === "twice"),
      [],
    );
  });
});
