import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { pythonEnvironment } from "../../local/setup/python";
import { Project } from "./project";

const account = "arn:aws:sqs:us-east-1:000000000000";
const queueArn = `${account}:notices`;

/**
 * What the stack notices and does by itself, in the local run, beyond what test/acceptance holds there
 * and on AWS: a failure's notice, the resumption that heals it. The steps build on each other.
 */
describe("reactions, end to end", function () {
  this.timeout(400_000);
  this.bail(true);
  let project: Project;
  let python: string;
  let queueUrl: string;
  /** All notices that the queue has got. */
  const notices: string[] = [];
  const aws = (...args: string[]) => project.aws(python, ...args);

  before(async () => {
    python = await pythonEnvironment();
    project = new Project();
    // Waits of state machines take a tenth of their time.
    process.env["SFN_WAIT_SCALE"] = "0.1";
    await project.start();
    queueUrl = await makeQueue();
    project.edit(
      "Pulumi.local.yaml",
      "config:\n",
      `config:
  glue-etl:notificationQueues: [${queueArn}]
  glue-etl:recovery: { maxResumes: 1, backoffSeconds: 60 }
  glue-etl:janitor: { maxIdleHours: 0.001, maxAgeHours: 0.001, remove: true }
`,
    );
    await project.succeed("deploy");
    await project.succeed("load", "--days", "1", "--events", "200");
  });

  after(async () => {
    delete process.env["SFN_WAIT_SCALE"];
    await project.remove();
  });

  it("raises an alarm on a day without a run, and ends it after one", async () => {
    await execute("mobile-user-deadline");
    await alarmIs("ALARM");
    await noticeOf(/"NewStateValue": ?"ALARM"/, /mobile-user-deadline-missed/);
    await project.succeed("run");
    await execute("mobile-user-deadline");
    await alarmIs("OK");
    await noticeOf(/"NewStateValue": ?"OK"/, /mobile-user-deadline-missed/);
  });

  it("gives up loudly, once, when a resume doesn't help", async () => {
    const before = await runIds();
    const giveBack = await takeAway("ReadSources");
    assert.equal((await project.local("run", "--rebuild")).code, 1);
    await noticeOf(/A workflow run is given up/, /1 resumes/);
    const runs = (await runIds()).filter((id) => !before.includes(id));
    assert.equal(runs.length, 2, "the run and one resume");
    await sleep(8000);
    await hear();
    assert.equal(notices.filter((text) => text.includes("is given up")).length, 1);
    assert.equal((await runIds()).length, before.length + 2);
    await giveBack();
  });

  it("tells of idle sessions and dev endpoints, and removes them", async () => {
    const role = (await jobRole()).arn;
    const made = ["--role", role, "--command", "Name=glueetl,PythonVersion=3"];
    await aws("glue", "create-session", "--id", "forgotten", ...made);
    await aws("glue", "create-dev-endpoint", "--endpoint-name", "old", "--role-arn", role);
    await sleep(5000);
    await execute("idle-compute");
    await noticeOf(/session forgotten .*: stopped/, /dev endpoint old .*: deleted/);
    const { Session } = z
      .object({ Session: z.object({ Status: z.string() }) })
      .parse(await aws("glue", "get-session", "--id", "forgotten"));
    assert.match(Session.Status, /STOPP/);
    assert.deepEqual((await aws("glue", "get-dev-endpoints"))["DevEndpoints"], []);
  });

  it("tells of nothing where nothing is idle", async () => {
    const heard = notices.length;
    await execute("idle-compute");
    await sleep(1000);
    await hear();
    assert.equal(notices.length, heard);
  });

  it("has used no permission that it hasn't got", async () => {
    const machines = await machineNames();
    assert.equal(machines.length, 3);
    const { stateMachines } = listed.parse(await aws("stepfunctions", "list-state-machines"));
    for (const { stateMachineArn } of stateMachines) {
      const failed = ["--state-machine-arn", stateMachineArn, "--status-filter", "FAILED"];
      const { executions } = await aws("stepfunctions", "list-executions", ...failed);
      assert.deepEqual(executions, []);
    }
  });

  /** A queue that any topic of the account may send to. */
  async function makeQueue(): Promise<string> {
    const Statement = {
      Effect: "Allow",
      Principal: { Service: "sns.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: queueArn,
      Condition: { StringEquals: { "aws:SourceAccount": "000000000000" } },
    };
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [Statement] });
    const { QueueUrl } = await aws(
      ...["sqs", "create-queue", "--queue-name", "notices"],
      ...["--attributes", JSON.stringify({ Policy })],
    );
    return String(QueueUrl);
  }

  /** Takes what the queue has got since. */
  async function hear(): Promise<string[]> {
    const answer = received.parse(
      await aws(
        ...["sqs", "receive-message", "--queue-url", queueUrl],
        ...["--max-number-of-messages", "10"],
      ),
    );
    for (const { Body, ReceiptHandle } of answer.Messages) {
      notices.push(envelope.parse(JSON.parse(Body)).Message);
      const receipt = ["--receipt-handle", ReceiptHandle];
      await aws("sqs", "delete-message", "--queue-url", queueUrl, ...receipt);
    }
    return notices;
  }

  async function noticeOf(...patterns: RegExp[]): Promise<void> {
    await until(hear, (all) => all.some((text) => patterns.every((one) => one.test(text))));
  }

  async function alarmIs(state: string): Promise<void> {
    const alarms = ["--alarm-name-prefix", "mobile-user-deadline-missed"];
    await until(
      async () => described.parse(await aws("cloudwatch", "describe-alarms", ...alarms)),
      ({ MetricAlarms }) => MetricAlarms[0]?.StateValue === state,
    );
  }

  async function machineNames(): Promise<{ stateMachineArn: string; name: string }[]> {
    return listed.parse(await aws("stepfunctions", "list-state-machines")).stateMachines;
  }

  /** Runs the machine of that name, as its schedule does, and expects it to succeed. */
  async function execute(name: string): Promise<void> {
    const machine = (await machineNames()).find((one) => one.name.startsWith(name));
    assert.ok(machine, name);
    const { executionArn } = await aws(
      ...["stepfunctions", "start-execution", "--state-machine-arn", machine.stateMachineArn],
    );
    const execution = ["--execution-arn", String(executionArn)];
    const ended = await until(
      () => aws("stepfunctions", "describe-execution", ...execution),
      ({ status }) => status !== "RUNNING",
    );
    assert.equal(ended["status"], "SUCCEEDED", JSON.stringify(ended));
  }

  async function jobRole(): Promise<{ arn: string; name: string }> {
    const { Job } = z
      .object({ Job: z.object({ Role: z.string() }) })
      .parse(await aws("glue", "get-job", "--job-name", "mobile-user-daily"));
    return { arn: Job.Role, name: Job.Role.split("/").at(-1) ?? "" };
  }

  /** Takes a statement out of the job's policy. @returns what puts it back. */
  async function takeAway(sid: string): Promise<() => Promise<void>> {
    const role = ["--role-name", (await jobRole()).name];
    const { PolicyNames } = await aws("iam", "list-role-policies", ...role);
    const policy = [...role, "--policy-name", z.array(z.string()).parse(PolicyNames)[0] ?? ""];
    const { PolicyDocument } = rolePolicy.parse(await aws("iam", "get-role-policy", ...policy));
    const put = async (document: object) => {
      const text = JSON.stringify(document);
      await aws("iam", "put-role-policy", ...policy, "--policy-document", text);
    };
    const Statement = PolicyDocument.Statement.filter(({ Sid }) => Sid !== sid);
    assert.equal(Statement.length, PolicyDocument.Statement.length - 1);
    await put({ ...PolicyDocument, Statement });
    return () => put(PolicyDocument);
  }

  async function runIds(): Promise<string[]> {
    const { Runs } = await aws("glue", "get-workflow-runs", "--name", "mobile-user");
    return z
      .array(z.object({ WorkflowRunId: z.string() }))
      .parse(Runs)
      .map(({ WorkflowRunId }) => WorkflowRunId);
  }
});

const received = z.object({
  Messages: z.array(z.object({ Body: z.string(), ReceiptHandle: z.string() })).default([]),
});
const envelope = z.object({ Message: z.string() });
const described = z.object({ MetricAlarms: z.array(z.object({ StateValue: z.string() })) });
const listed = z.object({
  stateMachines: z.array(z.object({ stateMachineArn: z.string(), name: z.string() })),
});
const rolePolicy = z.object({
  PolicyDocument: z.looseObject({ Statement: z.array(z.looseObject({ Sid: z.string() })) }),
});
/** Asks until the answer is enough, four minutes at most. */
async function until<T>(ask: () => Promise<T>, enough: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + 240_000;
  for (;;) {
    const answer = await ask();
    if (enough(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(answer)}`);
    await sleep(1000);
  }
}
