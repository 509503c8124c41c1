import assert from "node:assert/strict";
import { PipelineMonitoring } from "../../../components";
import { recordResources, resourcesOf } from "../recorder";
import { type Machine, machineOf } from "../stateMachines";
import { type Answer, argumentsOf, ScriptedGlue } from "./scriptedGlue";

const seconds = Date.now() / 1000;
const hour = 3600;

/** What the deployed definition does, run by an emulator of Step Functions against a scripted Glue. */
describe("the machine of the deadline", function () {
  this.timeout(60_000);
  let glue: ScriptedGlue;
  let deadline: Machine;

  before(async () => {
    glue = await ScriptedGlue.start();
    recordResources();
    const watched = { workflowName: "flow", crawlerNames: ["crawl"], jobNames: ["job"] };
    const made = await resourcesOf(
      () => new PipelineMonitoring("flow", { ...watched, kmsKeyArn: "key" }),
    );
    deadline = machineOf(made, "flow-deadline");
  });

  after(() => glue.stop());

  const counts = { SucceededActions: 4, FailedActions: 0, TimeoutActions: 0, StoppedActions: 0 };
  const success = {
    Status: "COMPLETED",
    StartedOn: seconds - 23 * hour,
    Statistics: { ...counts },
  };
  const statistics = (changes: Record<string, number>) => ({
    ...success,
    Statistics: { ...counts, ...changes },
  });

  /** What the machine says of such runs: missed days. */
  async function missed(...pages: Answer[][]): Promise<number> {
    const before = await total();
    const ended = await glue.run(deadline, {
      GetWorkflowRuns: pages.map((Runs, index) => ({
        Runs,
        ...(index < pages.length - 1 ? { NextToken: `page ${index + 1}` } : {}),
      })),
    });
    assert.equal(ended.status, "SUCCEEDED", ended.error);
    assert.deepEqual(
      argumentsOf(ended, "GetWorkflowRuns").map((args) => args["NextToken"]),
      [undefined, ...pages.slice(1).map((_, index) => `page ${index + 1}`)].slice(
        0,
        argumentsOf(ended, "GetWorkflowRuns").length,
      ),
    );
    const after = await total();
    assert.equal(after.count, before.count + 1, "one value");
    return after.sum - before.sum;
  }

  async function total(): Promise<{ count: number; sum: number }> {
    const { Datapoints = [] } = await glue.cloudWatch.getMetricStatistics({
      Namespace: "GlueEtl",
      MetricName: "MissedDays",
      Dimensions: [{ Name: "WorkflowName", Value: "flow" }],
      StartTime: new Date(Date.now() - hour * 1000),
      EndTime: new Date(Date.now() + hour * 1000),
      Period: 60,
      Statistics: ["Sum", "SampleCount"],
    });
    const all = (read: "Sum" | "SampleCount") =>
      Datapoints.reduce((sum, point) => sum + (point[read] ?? 0), 0);
    return { count: all("SampleCount"), sum: all("Sum") };
  }

  it("is met by a success of the last day, on whatever page", async () => {
    assert.equal(await missed([success]), 0);
    assert.equal(await missed([{ ...success, Status: "RUNNING" }], [], [success]), 0);
  });

  const failures: [string, Answer[]][] = [
    ["no run at all", []],
    ["a run that is older", [{ ...success, StartedOn: seconds - 25 * hour }]],
    ["a run that still runs", [{ ...success, Status: "RUNNING" }]],
    ["a run that was stopped", [{ ...success, Status: "STOPPED" }]],
    ["a run that did nothing", [statistics({ SucceededActions: 0 })]],
    ["a failed action", [statistics({ FailedActions: 1 })]],
    ["an action that timed out", [statistics({ TimeoutActions: 1 })]],
    ["an action that was stopped", [statistics({ StoppedActions: 1 })]],
    ["an action with an error", [statistics({ ErroredActions: 1 })]],
  ];
  for (const [what, runs] of failures) {
    it(`is missed by ${what}`, async () => {
      assert.equal(await missed(runs, runs), 1);
    });
  }

  it("fails where the workflow isn't there, so that the alarm on the machine tells", async () => {
    const ended = await glue.run(deadline, {
      GetWorkflowRuns: [{ error: "EntityNotFoundException" }],
    });
    assert.equal(ended.status, "FAILED");
  });
});
