import { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { SFN } from "@aws-sdk/client-sfn";
import { SNS } from "@aws-sdk/client-sns";
import { SQS } from "@aws-sdk/client-sqs";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { pythonEnvironment } from "../../../local/setup/python";
import type { Machine } from "../stateMachines";
import { freePort } from "../../freePort";

/** An answer of Glue, or `{ error: "SomeException" }`. */
export type Answer = Record<string, unknown>;

/** How an execution ended, and what it did. */
export interface Ended {
  status: string | undefined;
  error: string | undefined;
  /** Operations of Glue with their arguments, in order. */
  calls: [operation: string, args: Record<string, unknown>][];
  /** Texts that were sent to the topic. */
  notices: string[];
}

/** The arguments of each call of an operation. */
export const argumentsOf = ({ calls }: Ended, operation: string) =>
  calls.filter(([name]) => name === operation).map(([, args]) => args);

/** What was called, in order. */
export const operationsOf = ({ calls }: Ended) => calls.map(([name]) => name);

/** Runs state machines in an emulator whose Glue answers by a script. */
export class ScriptedGlue {
  private readonly sfn: SFN;
  private readonly sns: SNS;
  private readonly sqs: SQS;
  readonly cloudWatch: CloudWatch;
  private machines = 0;
  topicArn = "";
  private queueUrl = "";

  private constructor(
    private readonly endpoint: string,
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const options = { endpoint, region: "us-east-1", credentials };
    this.sfn = new SFN(options);
    this.sns = new SNS(options);
    this.sqs = new SQS(options);
    this.cloudWatch = new CloudWatch(options);
  }

  static async start(): Promise<ScriptedGlue> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "scripted-glue-"));
    const port = await freePort();
    const script = path.join(__dirname, "scripted_glue.py");
    const log = fs.openSync(path.join(folder, "log"), "a");
    const child = spawn(await pythonEnvironment(), [script, String(port), folder], {
      stdio: ["ignore", log, log],
    });
    fs.closeSync(log);
    const started = new ScriptedGlue(`http://127.0.0.1:${port}`, child, folder);
    await started.untilReady();
    await started.listen();
    return started;
  }

  async stop(): Promise<void> {
    const ended = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await ended;
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  /** Runs the machine once, while Glue gives these answers in turn. */
  async run(
    machine: Machine,
    answers: Record<string, Answer[]>,
    { name, input = {} }: { name?: string; input?: object } = {},
  ): Promise<Ended> {
    await this.glue("Script", answers);
    const { stateMachineArn } = await this.sfn.createStateMachine({
      name: `machine-${this.machines++}`,
      definition: JSON.stringify(machine),
      roleArn: "arn:aws:iam::000000000000:role/any",
    });
    const execution = { stateMachineArn, name, input: JSON.stringify(input) };
    const { executionArn } = await this.sfn.startExecution(execution);
    const { status, error } = await this.end(executionArn);
    const { calls } = callList.parse(await this.glue("Calls", {}));
    return { status, error, calls, notices: await this.notices() };
  }

  private async end(executionArn: string | undefined) {
    for (;;) {
      const execution = await this.sfn.describeExecution({ executionArn });
      if (execution.status !== "RUNNING") return execution;
      await sleep(50);
    }
  }

  private async notices(): Promise<string[]> {
    const { Messages = [] } = await this.sqs.receiveMessage({
      QueueUrl: this.queueUrl,
      MaxNumberOfMessages: 10,
    });
    for (const { ReceiptHandle } of Messages) {
      await this.sqs.deleteMessage({ QueueUrl: this.queueUrl, ReceiptHandle });
    }
    return Messages.map(({ Body }) => notice.parse(JSON.parse(Body ?? "")).content.description);
  }

  /** A topic whose messages a queue gets as they are. */
  private async listen(): Promise<void> {
    const { TopicArn } = await this.sns.createTopic({ Name: "notices" });
    const { QueueUrl } = await this.sqs.createQueue({ QueueName: "notices" });
    await this.sns.subscribe({
      TopicArn,
      Protocol: "sqs",
      Endpoint: "arn:aws:sqs:us-east-1:000000000000:notices",
      Attributes: { RawMessageDelivery: "true" },
    });
    this.topicArn = TopicArn ?? "";
    this.queueUrl = QueueUrl ?? "";
  }

  private async glue(operation: string, payload: object): Promise<unknown> {
    const scope = "Credential=test/20260101/us-east-1/glue/aws4_request";
    const response = await fetch(this.endpoint, {
      method: "POST",
      body: JSON.stringify(payload),
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": `AWSGlue.${operation}`,
        authorization: `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=none`,
      },
    });
    return response.json();
  }

  private async untilReady(): Promise<void> {
    for (let waited = 0; waited < 60_000 && this.child.exitCode === null; waited += 100) {
      const health = await fetch(`${this.endpoint}/_ministack/health`).catch(() => undefined);
      if (health?.ok) return;
      await sleep(100);
    }
    const log = fs.readFileSync(path.join(this.folder, "log"), "utf8");
    await this.stop();
    throw new Error(`the emulator did not start:\n${log.slice(-2000)}`);
  }
}

const callList = z.object({
  calls: z.array(z.tuple([z.string(), z.record(z.string(), z.unknown())])),
});
const notice = z.object({ content: z.object({ description: z.string() }) });
