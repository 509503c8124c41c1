import { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { S3 } from "@aws-sdk/client-s3";
import { SFN } from "@aws-sdk/client-sfn";
import { SNS } from "@aws-sdk/client-sns";
import { SQS } from "@aws-sdk/client-sqs";
import * as assert from "node:assert/strict";
import { type RunningProvider, startProvider } from "../../../local/provider";
import type { Properties } from "../../../local/provider/values";
import { account } from "./caseParts";
import { Client, type Recorded } from "./client";
import { Emulator } from "./emulator";

const trustOf = (Service: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service } }],
  });
const allow = (Action: string, Resource: string, Principal?: Properties) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action, Resource, Principal }],
  });

describe("what the provider connects, as events flow through it", function () {
  this.timeout(150_000);
  let emulator: Emulator;
  let provider: RunningProvider;
  let client: Client;
  let sqs: SQS;
  let queues = 0;

  before(async function () {
    this.timeout(600_000);
    emulator = await Emulator.start();
    provider = await startProvider(emulator.options);
    client = new Client(provider.port);
    await client.configure({});
    sqs = new SQS({ ...emulator.settings, useQueueUrlAsEndpoint: false });
  });

  after(async () => {
    client.close();
    sqs.destroy();
    await provider.close();
    await emulator.stop();
  });

  const make = async (type: string, program: Properties): Promise<Recorded> => {
    const { inputs, failures } = await client.check(`aws:${type}`, program);
    assert.deepEqual(failures, []);
    return client.create(`aws:${type}`, inputs);
  };

  /** A queue to which one service may send. */
  const makeQueue = async (Service: string) => {
    const name = `queue-${queues++}`;
    const arn = `arn:aws:sqs:us-east-1:${account}:${name}`;
    const { id: queueUrl } = await make("sqs/queue:Queue", { name });
    const policy = allow("sqs:SendMessage", arn, { Service });
    await make("sqs/queuePolicy:QueuePolicy", { queueUrl, policy });
    return { arn, url: queueUrl };
  };

  /** The next message, read as JSON. */
  const received = async ({ url: QueueUrl }: { url: string }, seconds = 20): Promise<unknown> => {
    const answer = await sqs.receiveMessage({ QueueUrl, WaitTimeSeconds: Math.min(seconds, 20) });
    const [message] = answer.Messages ?? [];
    if (message === undefined && seconds > 20) {
      return received({ url: QueueUrl }, seconds - 20);
    }
    await sqs.deleteMessage({ QueueUrl, ReceiptHandle: message?.ReceiptHandle });
    return JSON.parse(message?.Body ?? "null");
  };

  it("a subscription passes on what its filter lets through, raw", async () => {
    const queue = await makeQueue("sns.amazonaws.com");
    const { id: topic } = await make("sns/topic:Topic", { name: "notices" });
    await make("sns/topicSubscription:TopicSubscription", {
      topic,
      protocol: "sqs",
      endpoint: queue.arn,
      rawMessageDelivery: true,
      filterPolicy: '{"kind": ["job"]}',
      filterPolicyScope: "MessageBody",
    });
    const sns = new SNS(emulator.settings);
    await sns.publish({ TopicArn: topic, Message: '{"kind": "crawler"}' });
    await sns.publish({ TopicArn: topic, Message: '{"kind": "job"}' });
    assert.deepEqual(await received(queue), { kind: "job" });
    sns.destroy();
  });

  it("a bucket tells a queue of the objects that it asks for, and EventBridge of all", async () => {
    const queue = await makeQueue("s3.amazonaws.com");
    const seen = await makeQueue("events.amazonaws.com");
    await make("s3/bucket:Bucket", { bucket: "telling" });
    await make("s3/bucketNotification:BucketNotification", {
      bucket: "telling",
      eventbridge: true,
      queues: [{ queueArn: queue.arn, events: ["s3:ObjectCreated:*"], filterPrefix: "raw/" }],
    });
    const pattern = { source: ["aws.s3"], "detail-type": ["Object Created"] };
    await make("cloudwatch/eventRule:EventRule", {
      name: "created",
      eventPattern: JSON.stringify(pattern),
    });
    await make("cloudwatch/eventTarget:EventTarget", {
      rule: "created",
      arn: seen.arn,
      inputTransformer: {
        inputPaths: { key: "$.detail.object.key" },
        inputTemplate: '{"seen": <key>}',
      },
    });
    const test = await received(queue);
    assert.equal(
      Object.entries(test ?? {}).find(([name]) => name === "Event")?.[1],
      "s3:TestEvent",
    );

    const s3 = new S3({ ...emulator.settings, forcePathStyle: true });
    await s3.putObject({ Bucket: "telling", Key: "other/1", Body: "1" });
    assert.deepEqual(await received(seen), { seen: "other/1" });
    await s3.putObject({ Bucket: "telling", Key: "raw/2", Body: "2" });
    assert.match(JSON.stringify(await received(queue)), /"key":"raw\/2"/);
    s3.destroy();
  });

  it("an alarm publishes when its metric crosses the threshold", async () => {
    const queue = await makeQueue("sns.amazonaws.com");
    const { id: topic } = await make("sns/topic:Topic", { name: "alarms" });
    await make("sns/topicSubscription:TopicSubscription", {
      topic,
      protocol: "sqs",
      endpoint: queue.arn,
      rawMessageDelivery: true,
    });
    await make("cloudwatch/metricAlarm:MetricAlarm", {
      name: "too-many",
      namespace: "Test",
      metricName: "Failures",
      dimensions: { Job: "daily" },
      statistic: "Sum",
      period: 60,
      evaluationPeriods: 1,
      threshold: 5,
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: "notBreaching",
      alarmActions: [topic],
    });
    const cloudWatch = new CloudWatch(emulator.settings);
    const datum = { MetricName: "Failures", Dimensions: [{ Name: "Job", Value: "daily" }] };
    await cloudWatch.putMetricData({ Namespace: "Test", MetricData: [{ ...datum, Value: 9 }] });
    const told = JSON.stringify(await received(queue, 60));
    assert.match(told, /"AlarmName":"too-many".*"NewStateValue":"ALARM"/);
    cloudWatch.destroy();
  });

  it("a schedule starts a state machine in JSONata with the role that may", async () => {
    const { id: stateMachine } = await make("sfn/stateMachine:StateMachine", {
      name: "janitor",
      roleArn: (
        await make("iam/role:Role", {
          name: "janitor",
          assumeRolePolicy: trustOf("states.amazonaws.com"),
        })
      ).properties.arn,
      definition: JSON.stringify({
        QueryLanguage: "JSONata",
        StartAt: "Double",
        States: {
          Double: { Type: "Pass", Output: "{% $states.input.number * 2 %}", End: true },
        },
      }),
    });
    const { properties: role } = await make("iam/role:Role", {
      name: "starter",
      assumeRolePolicy: trustOf("events.amazonaws.com"),
    });
    await make("iam/rolePolicy:RolePolicy", {
      name: "start",
      role: "starter",
      policy: allow("states:StartExecution", stateMachine),
    });
    await make("cloudwatch/eventRule:EventRule", {
      name: "every-minute",
      scheduleExpression: "cron(* * * * ? *)",
    });
    await make("cloudwatch/eventTarget:EventTarget", {
      rule: "every-minute",
      arn: stateMachine,
      roleArn: role.arn,
      input: '{"number": 21}',
    });
    const sfn = new SFN(emulator.settings);
    const deadline = Date.now() + 120_000;
    for (let output: string | undefined; output !== "42";) {
      assert.ok(Date.now() < deadline, `the last output is ${output}`);
      await new Promise((done) => setTimeout(done, 1000));
      const { executions } = await sfn.listExecutions({ stateMachineArn: stateMachine });
      const [{ executionArn } = {}] = executions ?? [];
      output = executionArn && (await sfn.describeExecution({ executionArn })).output;
    }
    sfn.destroy();
  });
});
