import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { ArgumentError, DailyWorkflow, DailyWorkflowArgs, FailureStep } from "../../components";
import {
  dependenciesOf,
  inputsOf,
  namesOf,
  recordResources,
  resourcesOf,
  statementsOf,
} from "./recorder";

const trigger = "aws:glue/trigger:Trigger";
const objects = { bucketName: "raw", prefix: "logs/" };
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

  it("waits for any where it says so", async () => {
    const steps = [
      [{ crawlerName: "a" }, { jobName: "j" }],
      [{ jobName: "k", waitFor: "ANY" }, { jobName: "l" }],
      [{ jobName: "m", waitFor: "ALL" }],
    ];
    const made = await resourcesOf(() => new DailyWorkflow("w", { ...args, steps }));
    assert.deepEqual(inputsOf(made, trigger, "w-step-2")["predicate"], {
      logical: "ANY",
      conditions: [
        { logicalOperator: "EQUALS", crawlerName: "a", crawlState: "SUCCEEDED" },
        { logicalOperator: "EQUALS", jobName: "j", state: "SUCCEEDED" },
      ],
    });
    const { predicate } = inputsOf(made, trigger, "w-step-3");
    assert.equal(JSON.parse(JSON.stringify(predicate)).logical, "AND");
  });

  it("runs a step where a job or a crawler fails", async () => {
    const failureSteps: FailureStep[] = [
      { jobName: "clean", failedJobNames: ["j"], failedCrawlerNames: ["a", "c"] },
      { crawlerName: "again", failedJobNames: ["clean"], triggerName: "crawl-again" },
    ];
    const made = await resourcesOf(() => new DailyWorkflow("w", { ...args, failureSteps }));
    assert.deepEqual(inputsOf(made, trigger, "w-failure-1"), {
      name: "w-failure-1",
      workflowName: "w",
      type: "CONDITIONAL",
      predicate: {
        logical: "ANY",
        conditions: [
          { logicalOperator: "EQUALS", crawlerName: "a", crawlState: "FAILED" },
          { logicalOperator: "EQUALS", crawlerName: "c", crawlState: "FAILED" },
          { logicalOperator: "EQUALS", jobName: "j", state: "FAILED" },
          { logicalOperator: "EQUALS", jobName: "j", state: "TIMEOUT" },
        ],
      },
      enabled: true,
      startOnCreation: true,
      actions: [{ jobName: "clean" }],
      tags: { Owner: "us" },
    });
    assert.deepEqual(inputsOf(made, trigger, "crawl-again")["actions"], [{ crawlerName: "again" }]);
  });

  it("hands a job's runs arguments and a timeout", async () => {
    const run = { jobName: "j", jobArguments: { "--day": "1" }, timeoutMinutes: 5 };
    const made = await resourcesOf(() => new DailyWorkflow("w", { ...args, steps: [[run]] }));
    assert.deepEqual(inputsOf(made, trigger)["actions"], [
      { jobName: "j", arguments: { "--day": "1" }, timeout: 5 },
    ]);
  });

  it("gives runs properties, and lets several run", async () => {
    const changes = { defaultRunProperties: { rebuild: "true" }, maxConcurrentRuns: 3 };
    const made = await resourcesOf(() => new DailyWorkflow("w", { ...args, ...changes }));
    const { defaultRunProperties, maxConcurrentRuns } = inputsOf(
      made,
      "aws:glue/workflow:Workflow",
    );
    assert.deepEqual({ defaultRunProperties, maxConcurrentRuns }, changes);
  });

  it("starts on demand, and not as soon as it's made", async () => {
    const made = await resourcesOf(() => new DailyWorkflow("w", { ...args, onDemand: true }));
    const { actions, ...start } = inputsOf(made, trigger, "w-start");
    assert.deepEqual(start, {
      name: "w-start",
      workflowName: "w",
      type: "ON_DEMAND",
      enabled: false,
      tags: { Owner: "us" },
    });
    assert.deepEqual(actions, [{ crawlerName: "a" }, { crawlerName: "b" }]);
  });

  it("starts by new objects, by a role that may do nothing else", async () => {
    const newObjects = { bucketName: "raw", prefix: "logs/", batchSize: 5 };
    const permissionsBoundaryArn = "boundary";
    const made = await resourcesOf(
      () => new DailyWorkflow("w", { ...args, newObjects, permissionsBoundaryArn }),
    );
    const start = inputsOf(made, trigger, "w-start");
    assert.deepEqual(
      [start["type"], start["enabled"], start["schedule"], start["startOnCreation"]],
      ["EVENT", true, undefined, undefined],
    );
    assert.deepEqual(start["eventBatchingConditions"], [{ batchSize: 5, batchWindow: 900 }]);
    const rule = inputsOf(made, "aws:cloudwatch/eventRule:EventRule", "w-new-objects");
    assert.deepEqual(JSON.parse(String(rule["eventPattern"])), {
      source: ["aws.s3"],
      "detail-type": ["Object Created"],
      detail: { bucket: { name: ["raw"] }, object: { key: [{ prefix: "logs/" }] } },
    });
    assert.deepEqual(rule["tags"], { Owner: "us" });
    assert.deepEqual(inputsOf(made, "aws:cloudwatch/eventTarget:EventTarget"), {
      rule: "w-new-objects-id",
      arn: "arn:aws:test:::w",
      roleArn: "arn:aws:test:::w-new-objects-id",
    });
    const role = inputsOf(made, "aws:iam/role:Role");
    const [trust] = statementsOf(role["assumeRolePolicy"]);
    assert.deepEqual(trust?.Principal, { Service: "events.amazonaws.com" });
    assert.equal(role["permissionsBoundary"], "boundary");
    assert.deepEqual(statementsOf(inputsOf(made, "aws:iam/rolePolicy:RolePolicy")["policy"]), [
      {
        Effect: "Allow",
        Sid: "Notify",
        Action: ["glue:notifyEvent"],
        Resource: "arn:aws:test:::w",
      },
    ]);
  });

  it("changes triggers one after the other", async () => {
    const failureSteps = [{ jobName: "clean", failedJobNames: ["j"] }];
    const newObjects = { bucketName: "raw", prefix: "logs/" };
    const made = await resourcesOf(
      () => new DailyWorkflow("w", { ...args, failureSteps, newObjects }),
    );
    const before = (name: string, type = trigger) => dependenciesOf(made, type, name).sort();
    assert.deepEqual(before("w-start"), ["w"]);
    assert.deepEqual(before("start-j"), ["w", "w-start"]);
    assert.deepEqual(before("w-step-3"), ["start-j", "w"]);
    assert.deepEqual(before("w-failure-1"), ["w", "w-step-3"]);
    assert.ok(
      before("w-new-objects", "aws:cloudwatch/eventTarget:EventTarget").includes("w-failure-1"),
    );
  });

  it("takes names that are known later", async () => {
    const steps = [[{ crawlerName: pulumi.output("a") }], [{ jobName: pulumi.output("b") }]];
    const failureSteps = [{ jobName: "c", failedJobNames: [pulumi.output("b")] }];
    const made = await resourcesOf(() => new DailyWorkflow("w", { ...args, steps, failureSteps }));
    assert.equal(inputsOf(made, "aws:glue/workflow:Workflow")["name"], "w");
    assert.equal(made.filter(({ type }) => type === trigger).length, 3);
  });

  it("refuses of names that are known later what it refuses of others, and makes no trigger", async () => {
    const twice = [[{ jobName: pulumi.output("b") }], [{ jobName: pulumi.output("b") }]];
    // Where the program goes on in the meantime, Pulumi fails it by what nobody has caught.
    const refusal = new Promise((resolve) => process.once("unhandledRejection", resolve));
    const made = await resourcesOf(() => new DailyWorkflow("w", { ...args, steps: twice }));
    assert.match(String(await refusal), /"w": `steps\[1\]` runs job "b", which runs elsewhere/);
    assert.deepEqual(namesOf(made), ["DailyWorkflow w", "Workflow w"]);
  });

  it("tells a job from a crawler of the same name", async () => {
    const steps = [[{ crawlerName: "x" }], [{ jobName: "x" }]];
    const made = await resourcesOf(() => new DailyWorkflow("w", { ...args, steps }));
    assert.equal(made.filter(({ type }) => type === trigger).length, 2);
  });

  const refused: [string, Partial<DailyWorkflowArgs>, RegExp][] = [
    ["no steps", { steps: [] }, /DailyWorkflow "w": `steps` is empty/],
    ["an empty list", { steps: [[{ jobName: "j" }], []] }, /`steps\[1\]` is empty/],
    ["a step of nothing", { steps: [[{}]] }, /`steps\[0\]`.*`crawlerName` or `jobName`/],
    ["a step of two things", { steps: [[{ jobName: "j", crawlerName: "c" }]] }, /`steps\[0\]`/],
    [
      "a thing twice",
      { steps: [[{ jobName: "j" }], [{ jobName: "j" }]] },
      /`steps\[1\]` runs job "j", which runs elsewhere in the workflow\. Run each once/,
    ],
    [
      "a failure step that stands in the steps",
      { failureSteps: [{ jobName: "j", failedCrawlerNames: ["a"] }] },
      /`failureSteps\[0\]` runs job "j", which/,
    ],
    [
      "a failure of nothing",
      { failureSteps: [{ jobName: "x" }] },
      /waits for no failure.*Set `failed/,
    ],
    [
      "a failure of what isn't in the workflow",
      { failureSteps: [{ jobName: "x", failedJobNames: ["a"] }] },
      /waits for job "a", which the workflow doesn't run\. Add it to `steps`/,
    ],
    [
      "a job that runs where it fails",
      { failureSteps: [{ jobName: "x", failedJobNames: ["x"] }] },
      /`failureSteps\[0\]` waits for what itself leads to: job "x"/,
    ],
    [
      "a circle of failures",
      {
        failureSteps: [
          { jobName: "x", failedJobNames: ["j", "y"] },
          { jobName: "y", failedJobNames: ["x"] },
        ],
      },
      /waits for what itself leads to: job "x", job "y"/,
    ],
    [
      "three crawlers side by side",
      { steps: [[{ crawlerName: "a" }, { crawlerName: "b" }, { crawlerName: "c" }]] },
      /has 3 crawlers side by side\. Glue starts 2 at most/,
    ],
    [
      "more than a trigger can wait for",
      { steps: [Array.from({ length: 501 }, (_, index) => ({ jobName: `j${index}` }))] },
      /has 501 steps side by side\. A trigger can wait for 500/,
    ],
    ["an unknown wait", { steps: [[{ jobName: "j", waitFor: "SOME" }]] }, /Set one of ALL, ANY/],
    [
      "two waits of one trigger",
      {
        steps: [
          [{ jobName: "i" }],
          [
            { jobName: "j", waitFor: "ANY" },
            { jobName: "k", waitFor: "ALL" },
          ],
        ],
      },
      /`steps\[1\]` waits both for all and for any/,
    ],
    ["a start that waits", { steps: [[{ jobName: "j", waitFor: "ANY" }]] }, /nothing before it/],
    [
      "arguments of a crawler",
      { steps: [[{ crawlerName: "c", jobArguments: { "--a": "b" } }]] },
      /sets for a crawler what only a job takes/,
    ],
    [
      "a timeout of a crawler",
      { steps: [[{ crawlerName: "c", timeoutMinutes: 5 }]] },
      /sets for a crawler what only a job takes/,
    ],
    [
      "an argument without dashes",
      { steps: [[{ jobName: "j", jobArguments: { day: "1" } }]] },
      /`steps\[0\]\.jobArguments` has "day"\. Write "--day"/,
    ],
    ["no time", { steps: [[{ jobName: "j", timeoutMinutes: 0 }]] }, /timeoutMinutes` is 0/],
    ["no name", { workflowName: "" }, /`workflowName` has 0 bytes/],
    ["a name that is too long", { workflowName: "w".repeat(250) }, /`triggerName` has 25\d bytes/],
    ["a name of two lines", { workflowName: "w\nw" }, /`workflowName` has a line break/],
    ["two starts", { onDemand: true, scheduleEnabled: false }, /`schedule` and `onDemand` are set/],
    [
      "three starts",
      { onDemand: true, schedule: "cron(0 1 * * ? *)", newObjects: objects },
      /`schedule` and `onDemand` and `newObjects` are set together/,
    ],
    [
      "a batch of nothing",
      { newObjects: { ...objects, batchSize: 0 } },
      /batchSize` is 0.*1 to 100/,
    ],
    ["a batch of 101", { newObjects: { ...objects, batchSize: 101 } }, /batchSize` is 101/],
    [
      "a window of a thousand seconds",
      { newObjects: { ...objects, batchWindowSeconds: 1000 } },
      /batchWindowSeconds` is 1000.*1 to 900/,
    ],
    ["objects of no folder", { newObjects: { ...objects, prefix: "logs" } }, /newObjects\.prefix`/],
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
    ["a day that no month has", { schedule: "cron(0 13 30 2 ? *)" }, /it never fires/],
    ["a range that ends before it begins", { schedule: "cron(0 22-2 * * ? *)" }, /22-2/],
  ];
  for (const schedule of ["0/15 13 * * ? *", "0 13 LW * ? *", "0 13 31W * ? *", "0 13 ? * 6#5 *"]) {
    it(`takes cron(${schedule})`, async () => {
      await resourcesOf(() => new DailyWorkflow("w", { ...args, schedule: `cron(${schedule})` }));
    });
  }
  for (const [what, changes, message] of refused) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(
        resourcesOf(() => new DailyWorkflow("w", { ...args, ...changes })),
        (error: Error) => error instanceof ArgumentError && message.test(error.message),
      );
    });
  }
});
