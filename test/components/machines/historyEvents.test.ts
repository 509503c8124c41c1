import assert from "node:assert/strict";
import { IdleComputeJanitor, PipelineMonitoring, WorkflowRecovery } from "../../../components";
import { recordResources, resourcesOf } from "../recorder";
import { assignedInOrder, type Machine, machineOf } from "../stateMachines";
import { type Answers, Walker } from "./historyEvents";

/** Events that an execution may have (Step Functions guide, "Service quotas"). */
const limit = 25_000;

const CreatedOn = "2025-12-31T00:00:00Z";
const times = (count: number, item: object) =>
  Array.from({ length: count }, (_, index) => ({ ...item, Id: `s${index}` }));
/** The last page of each session's statements is its tenth. */
const token = (count: number) => (count % 10 === 9 ? {} : { NextToken: "more" });

/** What keeps each machine at it for the longest time that there is. */
const worst: Record<string, { answers: Answers; end: string; days?: number }> = {
  recovery: {
    answers: () => ({ Workflow: { LastRun: { Status: "RUNNING", WorkflowRunId: "wr" } } }),
    end: "TooLong",
    days: 1,
  },
  "flow-deadline": {
    answers: () => ({ Runs: [{ Status: "COMPLETED" }], NextToken: "more" }),
    end: "TooManyRuns",
  },
  janitor: {
    answers: (call, count) =>
      ({
        listSessions: { Sessions: times(50, { Status: "READY", CreatedOn }), NextToken: "more" },
        listStatements: { Statements: [], ...token(count) },
        getDevEndpoints: {
          DevEndpoints: times(50, { Status: "READY", CreatedTimestamp: CreatedOn }),
          NextToken: "more",
        },
      })[call] ?? {},
    end: "NotAllSeen",
  },
};

/** Step Functions ends an execution that has too many events, whatever it is about. */
describe("the history of a state machine's execution", function () {
  this.timeout(60_000);
  const machines: Record<string, Machine> = {};

  before(async () => {
    recordResources();
    const shared = { topicArn: "topic", kmsKeyArn: "key" };
    const flow = { workflowName: "flow", crawlerNames: ["crawl"], jobNames: ["job"] };
    const made = await resourcesOf(() => {
      new WorkflowRecovery("recovery", { ...shared, ...flow });
      new PipelineMonitoring("flow", { ...shared, ...flow });
      new IdleComputeJanitor("janitor", { ...shared, remove: true });
    });
    for (const { type, name } of made) {
      if (type.endsWith(":StateMachine")) machines[name] = machineOf(made, name);
    }
  });

  it("has the values here that it has on AWS, where entries of Assign don't see each other", () => {
    for (const machine of Object.values(machines)) assert.deepEqual(assignedInOrder(machine), []);
    const Assign = { x: "{% $y %}", y: "{% $x + 1 %}" };
    const ordered = { StartAt: "One", States: { One: { Type: "Pass", Assign, End: true } } };
    assert.deepEqual(assignedInOrder(ordered), ["One: y reads x"]);
  });

  it("is bounded for every machine that there is", () => {
    assert.deepEqual(Object.keys(machines).sort(), Object.keys(worst).sort());
  });

  for (const [name, { answers, end, days = 0 }] of Object.entries(worst)) {
    for (const failedTries of [0, 5]) {
      it(`of ${name} stays below the limit where each task fails ${failedTries} times first`, async () => {
        const machine = machines[name];
        assert.ok(machine);
        const walk = await new Walker(answers, failedTries).run(machine);
        assert.equal(walk.end, end);
        assert.ok(walk.events < limit, `${walk.events} events`);
        assert.ok(walk.seconds >= 86_400 * days, `${walk.seconds} seconds`);
      });
    }
  }

  it("of recovery is short: a run is seen to end within a tenth of its time, or ten minutes", async () => {
    const machine = machines["recovery"];
    assert.ok(machine && worst["recovery"]);
    const looks: number[] = [];
    const walker = new Walker((call, count) => {
      looks.push(count);
      return worst["recovery"]?.answers(call, count);
    }, 0);
    const { events } = await walker.run(machine);
    assert.ok(looks.length < 200, `${looks.length} looks`);
    assert.ok(events < 2000, `${events} events`);
  });
});
