import assert from "node:assert/strict";
import { ArgumentError, DailyWorkflow, DailyWorkflowArgs } from "../../components";
import { inputsOf, namesOf, recordResources, resourcesOf } from "./recorder";

const trigger = "aws:glue/trigger:Trigger";
const args: DailyWorkflowArgs = {
  workflowName: "w",
  steps: [
    [{ crawlerName: "a" }, { crawlerName: "b" }],
    [{ jobName: "j", triggerName: "start-j" }],
    [{ crawlerName: "c" }],
  ],
  tags: { Owner: "us" },
};

describe("DailyWorkflow", () => {
  before(() => recordResources());

  it("makes a workflow and one trigger a transition", async () => {
    const made = await resourcesOf(() => new DailyWorkflow("w", args));
    assert.deepEqual(namesOf(made), [
      "DailyWorkflow w",
      "Trigger start-j",
      "Trigger w-start",
      "Trigger w-step-3",
      "Workflow w",
    ]);
    assert.deepEqual(inputsOf(made, "aws:glue/workflow:Workflow"), {
      name: "w",
      maxConcurrentRuns: 1,
      tags: { Owner: "us" },
    });
  });

  it("starts by schedule what stands first, side by side", async () => {
    const made = await resourcesOf(() => new DailyWorkflow("w", args));
    assert.deepEqual(inputsOf(made, trigger, "w-start"), {
      name: "w-start",
      workflowName: "w",
      type: "SCHEDULED",
      schedule: "cron(0 13 * * ? *)",
      enabled: true,
      startOnCreation: true,
      actions: [{ crawlerName: "a" }, { crawlerName: "b" }],
      tags: { Owner: "us" },
    });
  });

  it("waits for all that stands before", async () => {
    const made = await resourcesOf(() => new DailyWorkflow("w", args));
    assert.deepEqual(inputsOf(made, trigger, "start-j"), {
      name: "start-j",
      workflowName: "w",
      type: "CONDITIONAL",
      predicate: {
        logical: "AND",
        conditions: [
          { logicalOperator: "EQUALS", crawlerName: "a", crawlState: "SUCCEEDED" },
          { logicalOperator: "EQUALS", crawlerName: "b", crawlState: "SUCCEEDED" },
        ],
      },
      enabled: true,
      startOnCreation: true,
      actions: [{ jobName: "j" }],
      tags: { Owner: "us" },
    });
    assert.deepEqual(inputsOf(made, trigger, "w-step-3")["predicate"], {
      logical: "AND",
      conditions: [{ logicalOperator: "EQUALS", jobName: "j", state: "SUCCEEDED" }],
    });
  });

  it("makes a start that isn't active where the schedule isn't enabled", async () => {
    const made = await resourcesOf(
      () => new DailyWorkflow("w", { ...args, scheduleEnabled: false }),
    );
    const start = inputsOf(made, trigger, "w-start");
    assert.deepEqual([start["enabled"], start["startOnCreation"]], [false, false]);
    assert.equal(inputsOf(made, trigger, "start-j")["enabled"], true);
  });

  const refused: [string, Partial<DailyWorkflowArgs>, RegExp][] = [
    ["no steps", { steps: [] }, /DailyWorkflow "w": `steps` is empty/],
    ["an empty list", { steps: [[{ jobName: "j" }], []] }, /`steps\[1\]` is empty/],
    ["a step of nothing", { steps: [[{}]] }, /`steps\[0\]`.*`crawlerName` or `jobName`/],
    ["a step of two things", { steps: [[{ jobName: "j", crawlerName: "c" }]] }, /`steps\[0\]`/],
    ["a thing twice", { steps: [[{ jobName: "j" }], [{ jobName: "j" }]] }, /has "j" twice/],
    [
      "two names for one trigger",
      {
        steps: [
          [
            { jobName: "j", triggerName: "x" },
            { jobName: "k", triggerName: "y" },
          ],
        ],
      },
      /`steps\[0\]` has 2 trigger names/,
    ],
    [
      "one name for two triggers",
      { steps: [[{ jobName: "j", triggerName: "x" }], [{ jobName: "k", triggerName: "x" }]] },
      /has "x" twice/,
    ],
    ["no concurrency", { maxConcurrentRuns: 0 }, /`maxConcurrentRuns`/],
    ["a rate", { schedule: "rate(1 day)" }, /it isn't cron/],
    ["five fields", { schedule: "cron(0 13 * * ?)" }, /5 fields, not 6/],
    ["no question mark", { schedule: "cron(0 13 * * * *)" }, /day-of-week must be \?/],
    ["two question marks", { schedule: "cron(0 13 ? * ? *)" }, /day-of-week must be \?/],
    ["hour 25", { schedule: "cron(0 25 * * ? *)" }, /25/],
    ["a time that is over", { schedule: "cron(0 13 * * ? 2020)" }, /it never fires/],
  ];
  for (const [what, changes, message] of refused) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(
        resourcesOf(() => new DailyWorkflow("w", { ...args, ...changes })),
        (error: Error) => error instanceof ArgumentError && message.test(error.message),
      );
    });
  }
});
