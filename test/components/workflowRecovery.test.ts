import assert from "node:assert/strict";
import { ArgumentError, WorkflowRecovery, WorkflowRecoveryArgs } from "../../components";
import { inputsOf, namesOf, recordResources, resourcesOf, statementsOf } from "./recorder";
import { callsOf, looseEnds, machineOf } from "./stateMachines";

const workflowArn = "arn:aws:glue:us-west-2:111122223333:workflow/mobile-user";
const args: WorkflowRecoveryArgs = {
  workflowName: "mobile-user",
  crawlerNames: ["ios", "android"],
  jobNames: ["daily"],
  topicArn: "topic",
  kmsKeyArn: "key",
  permissionsBoundaryArn: "boundary",
  tags: { Owner: "us" },
};
const make = (changes: Partial<WorkflowRecoveryArgs> = {}) =>
  resourcesOf(() => new WorkflowRecovery("recovery", { ...args, ...changes }));

describe("WorkflowRecovery", () => {
  before(() => recordResources());

  it("makes a machine with role and log, a rule that starts it by a role, and alarms on both", async () => {
    assert.deepEqual(namesOf(await make()), [
      "EventRule recovery",
      "EventTarget recovery",
      "LogGroup recovery",
      "MetricAlarm recovery-broken",
      "MetricAlarm recovery-undelivered",
      "Role recovery-start",
      "Role recovery-states",
      "RolePolicy recovery-start",
      "RolePolicy recovery-states",
      "StateMachine recovery",
      "WorkflowRecovery recovery",
    ]);
  });

  it("hears of what failed by itself in exactly this workflow", async () => {
    const pattern = async (changes: Partial<WorkflowRecoveryArgs>) => {
      const rule = inputsOf(await make(changes), "aws:cloudwatch/eventRule:EventRule");
      return JSON.parse(String(rule["eventPattern"])) as unknown;
    };
    const state = ["Failed", "FAILED", "TIMEOUT"];
    assert.deepEqual(await pattern({}), {
      source: ["aws.glue"],
      "detail-type": ["Glue Crawler State Change", "Glue Job State Change"],
      detail: { state, $or: [{ crawlerName: ["ios", "android"] }, { jobName: ["daily"] }] },
    });
    // EventBridge takes no `$or` of one.
    assert.deepEqual((await pattern({ crawlerNames: [] })) as object, {
      source: ["aws.glue"],
      "detail-type": ["Glue Crawler State Change", "Glue Job State Change"],
      detail: { state, jobName: ["daily"] },
    });
  });

  it("may do exactly what its states call, on this workflow, and tell by the encrypted topic", async () => {
    const made = await make();
    const machine = machineOf(made, "recovery");
    assert.deepEqual(callsOf(machine), [
      "glue:GetWorkflow",
      "glue:GetWorkflowRun",
      "glue:PutWorkflowRunProperties",
      "glue:ResumeWorkflowRun",
      "sns:Publish",
    ]);
    const [resume, notify, key, logs, ...others] = statementsOf(
      inputsOf(made, "aws:iam/rolePolicy:RolePolicy", "recovery-states")["policy"],
    );
    assert.deepEqual(others, []);
    assert.deepEqual(
      [...(resume?.Action ?? []), ...(notify?.Action ?? [])].sort(),
      callsOf(machine),
    );
    assert.equal(resume?.Resource, workflowArn);
    assert.equal(notify?.Resource, "topic");
    assert.deepEqual([key?.Resource, key?.Action], ["key", ["kms:Decrypt", "kms:GenerateDataKey"]]);
    assert.ok(logs?.Action.every((action) => action.startsWith("logs:")));
    const start = inputsOf(made, "aws:iam/rolePolicy:RolePolicy", "recovery-start")["policy"];
    assert.deepEqual(statementsOf(start), [
      {
        Sid: "Start",
        Effect: "Allow",
        Action: ["states:StartExecution"],
        Resource: "arn:aws:test:::recovery-id",
      },
    ]);
  });

  it("is trusted by its services alone, bounded and tagged", async () => {
    const made = await make();
    const trusted = (name: string) => {
      const role = inputsOf(made, "aws:iam/role:Role", name);
      assert.equal(role["permissionsBoundary"], "boundary");
      assert.deepEqual(role["tags"], { Owner: "us" });
      return statementsOf(role["assumeRolePolicy"]).map(({ Principal }) => Principal);
    };
    assert.deepEqual(trusted("recovery-states"), [{ Service: "states.amazonaws.com" }]);
    assert.deepEqual(trusted("recovery-start"), [{ Service: "events.amazonaws.com" }]);
  });

  it("logs its failures, encrypted and for a while", async () => {
    const made = await make({ logRetentionDays: 7 });
    assert.deepEqual(inputsOf(made, "aws:cloudwatch/logGroup:LogGroup"), {
      name: "/aws/vendedlogs/states/recovery-states-id",
      retentionInDays: 7,
      kmsKeyId: "key",
      tags: { Owner: "us" },
    });
    const machine = inputsOf(made, "aws:sfn/stateMachine:StateMachine");
    assert.deepEqual(machine["loggingConfiguration"], {
      level: "ERROR",
      includeExecutionData: true,
      logDestination: "arn:aws:test:::/aws/vendedlogs/states/recovery-states-id:*",
    });
  });

  it("tells where it fails or can't be started", async () => {
    const made = await make();
    const watched = (name: string) => {
      const { namespace, metricName, dimensions, alarmActions, okActions, treatMissingData } =
        inputsOf(made, "aws:cloudwatch/metricAlarm:MetricAlarm", name);
      assert.deepEqual([alarmActions, okActions], [["topic"], ["topic"]]);
      assert.equal(treatMissingData, "notBreaching");
      return { namespace, metricName, dimensions };
    };
    assert.deepEqual(watched("recovery-broken"), {
      namespace: "AWS/States",
      metricName: "ExecutionsFailed",
      dimensions: { StateMachineArn: "arn:aws:test:::recovery-id" },
    });
    assert.deepEqual(watched("recovery-undelivered"), {
      namespace: "AWS/Events",
      metricName: "FailedInvocations",
      dimensions: { RuleName: "recovery-id" },
    });
  });

  it("leads to an end from each state, in JSONata", async () => {
    const machine = machineOf(await make(), "recovery");
    assert.deepEqual(looseEnds(machine), []);
    assert.equal(machine.QueryLanguage, "JSONata");
  });

  it("waits longer each time, and no more than so often", async () => {
    const { States } = machineOf(await make({ maxResumes: 3, backoffSeconds: 60 }), "recovery");
    assert.equal(
      States["BackOff"]?.["Seconds"],
      "{% $resumes < 3 ? 60 * $power(2, $resumes) : 20 %}",
    );
    const ways = States["IsStillOurs"]?.Choices ?? [];
    assert.deepEqual(
      ways.map(({ Next }) => Next),
      ["Resume", "GiveUp"],
    );
    assert.match(JSON.stringify(ways[0]), /\$resumes < 3/);
  });

  const refused: [string, Partial<WorkflowRecoveryArgs>, RegExp][] = [
    ["nothing to watch", { crawlerNames: [], jobNames: [] }, /`crawlerNames` is empty/],
    ["no resume at all", { maxResumes: 0 }, /`maxResumes` is 0/],
    ["resumes without end", { maxResumes: 11 }, /`maxResumes` is 11/],
    ["a hasty resume", { backoffSeconds: 59 }, /`backoffSeconds` is 59/],
  ];
  for (const [what, changes, message] of refused) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(
        make(changes),
        (error: Error) => error instanceof ArgumentError && message.test(error.message),
      );
    });
  }
});
