import assert from "node:assert/strict";
import { ArgumentError, IdleComputeJanitor, IdleComputeJanitorArgs } from "../../components";
import {
  inputsOf,
  namesOf,
  Recorded,
  recordResources,
  resourcesOf,
  statementsOf,
} from "./recorder";
import { callsOf, looseEnds, machineOf } from "./stateMachines";

const args: IdleComputeJanitorArgs = { topicArn: "topic", kmsKeyArn: "key", tags: { Owner: "us" } };
const make = (changes: Partial<IdleComputeJanitorArgs> = {}) =>
  resourcesOf(() => new IdleComputeJanitor("janitor", { ...args, ...changes }));
const allowed = (made: Recorded[]) =>
  statementsOf(inputsOf(made, "aws:iam/rolePolicy:RolePolicy", "janitor-states")["policy"]).filter(
    ({ Sid }) => Sid !== "Logs" && Sid !== "TopicKey",
  );

describe("IdleComputeJanitor", () => {
  before(() => recordResources());

  it("makes a machine with role and log, a schedule that starts it by a role, and alarms on both", async () => {
    const made = await make();
    assert.deepEqual(namesOf(made), [
      "EventRule janitor",
      "EventTarget janitor",
      "IdleComputeJanitor janitor",
      "LogGroup janitor",
      "MetricAlarm janitor-broken",
      "MetricAlarm janitor-undelivered",
      "Role janitor-start",
      "Role janitor-states",
      "RolePolicy janitor-start",
      "RolePolicy janitor-states",
      "StateMachine janitor",
    ]);
    const { scheduleExpression, eventPattern, state } = inputsOf(
      made,
      "aws:cloudwatch/eventRule:EventRule",
    );
    assert.deepEqual(
      [scheduleExpression, eventPattern, state],
      ["cron(0 * * * ? *)", undefined, "ENABLED"],
    );
    assert.deepEqual(inputsOf(made, "aws:cloudwatch/eventTarget:EventTarget"), {
      rule: "janitor-id",
      arn: "arn:aws:test:::janitor-id",
      roleArn: "arn:aws:test:::janitor-start-id",
    });
  });

  for (const remove of [false, true]) {
    it(`may do exactly what it calls where it ${remove ? "removes" : "only tells"}`, async () => {
      const made = await make({ remove });
      const machine = machineOf(made, "janitor");
      assert.deepEqual(looseEnds(machine), []);
      assert.deepEqual(callsOf(machine), [
        ...(remove ? ["glue:DeleteDevEndpoint"] : []),
        "glue:GetDevEndpoints",
        "glue:ListSessions",
        "glue:ListStatements",
        ...(remove ? ["glue:StopSession"] : []),
        "sns:Publish",
      ]);
      assert.deepEqual(
        allowed(made)
          .flatMap(({ Action }) => Action)
          .sort(),
        callsOf(machine),
      );
    });
  }

  it("scopes what can be scoped", async () => {
    const glue = "arn:aws:glue:us-west-2:111122223333";
    assert.deepEqual(
      allowed(await make({ remove: true })).map(({ Action, Resource }) => [Action, Resource]),
      [
        [["glue:ListSessions", "glue:GetDevEndpoints"], "*"],
        [["glue:ListStatements"], `${glue}:session/*`],
        [["glue:StopSession"], `${glue}:session/*`],
        [["glue:DeleteDevEndpoint"], `${glue}:devEndpoint/*`],
        [["sns:Publish"], "topic"],
      ],
    );
  });

  it("goes by the hours that are set", async () => {
    const text = JSON.stringify(
      machineOf(await make({ maxIdleHours: 1.5, maxAgeHours: 24 }), "janitor"),
    );
    assert.match(text, /toMillis\(CreatedOn\)\) \/ 3600000 > 1\.5/);
    assert.match(text, /hours > 1\.5/);
    assert.match(text, /toMillis\(CreatedTimestamp\)\) \/ 3600000 > 24/);
  });

  const refused: [string, Partial<IdleComputeJanitorArgs>, RegExp][] = [
    ["a schedule that isn't one", { schedule: "rate(1 hour)" }, /`schedule` is "rate\(1 hour\)"/],
    ["no time at all", { maxIdleHours: 0 }, /`maxIdleHours` is 0/],
    ["more than a week", { maxAgeHours: 169 }, /`maxAgeHours` is 169/],
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
