import assert from "node:assert/strict";
import { WorkflowRecovery } from "../../../components";
import { recordResources, resourcesOf } from "../recorder";
import { type Machine, machineOf } from "../stateMachines";
import { type Answer, argumentsOf, operationsOf, ScriptedGlue } from "./scriptedGlue";

const seconds = Date.now() / 1000;

/** What the deployed definition does, run by an emulator of Step Functions against a scripted Glue. */
describe("the machine of WorkflowRecovery", function () {
  this.timeout(60_000);
  let glue: ScriptedGlue;
  let recovery: Machine;

  before(async () => {
    glue = await ScriptedGlue.start();
    recordResources();
    const made = await resourcesOf(
      () =>
        new WorkflowRecovery("recovery", {
          workflowName: "flow",
          crawlerNames: ["crawl"],
          jobNames: ["job"],
          topicArn: glue.topicArn,
          kmsKeyArn: "key",
        }),
    );
    recovery = machineOf(made, "recovery");
  });

  after(() => glue.stop());

  const run = (properties: Record<string, string> = {}, changes: Answer = {}): Answer => ({
    Name: "flow",
    WorkflowRunId: "wr_1",
    Status: "COMPLETED",
    WorkflowRunProperties: properties,
    ...changes,
  });
  const last = (...args: Parameters<typeof run>): Answer => ({
    Workflow: { Name: "flow", LastRun: run(...args) },
  });
  const job = (UniqueId: string, ...states: string[]): Answer => ({
    Type: "JOB",
    Name: "job",
    UniqueId,
    JobDetails: {
      JobRuns: states.map((JobRunState, index) => ({
        Id: index === 0 ? `jr_${UniqueId}` : `jr_${UniqueId}_attempt_${index}`,
        JobRunState,
        StartedOn: seconds + index,
      })),
    },
  });
  const crawler = (...states: string[]): Answer => ({
    Type: "CRAWLER",
    Name: "crawl",
    UniqueId: "c",
    CrawlerDetails: {
      Crawls: states.map((State, index) => ({ State, StartedOn: seconds + index })),
    },
  });
  const trigger = { Type: "TRIGGER", Name: "start", UniqueId: "t", TriggerDetails: {} };
  const graph = (nodes: Answer[], properties: Record<string, string> = {}): Answer => ({
    Run: { ...run(properties), Graph: { Nodes: [trigger, ...nodes] } },
  });
  const ofJob = (jobRunId: string) => ({ detail: { jobName: "job", state: "FAILED", jobRunId } });
  const ofCrawler = { detail: { crawlerName: "crawl", state: "Failed" } };
  const changed = { PutWorkflowRunProperties: [{}], ResumeWorkflowRun: [{ RunId: "wr_2" }] };
  const mine = { name: "mine", input: ofJob("jr_a") };
  const claimed = { recovery: "wr_1 mine" };

  it("waits for the end, takes the run on, and resumes it from what has failed", async () => {
    const properties = { start_date: "2026-01-01", "aws:eventIds": "[]" };
    const ended = await glue.run(
      recovery,
      {
        GetWorkflow: [
          last(properties, { Status: "RUNNING" }),
          last(properties),
          last({ ...properties, ...claimed }),
        ],
        GetWorkflowRun: [
          graph([job("a", "FAILED", "TIMEOUT"), job("b", "SUCCEEDED"), crawler("FAILED")]),
        ],
        ...changed,
      },
      mine,
    );
    assert.equal(ended.status, "SUCCEEDED", ended.error);
    assert.deepEqual(operationsOf(ended), [
      ...["GetWorkflow", "GetWorkflow", "GetWorkflowRun", "PutWorkflowRunProperties"],
      ...["GetWorkflow", "ResumeWorkflowRun", "PutWorkflowRunProperties"],
    ]);
    assert.deepEqual(argumentsOf(ended, "ResumeWorkflowRun"), [
      { Name: "flow", RunId: "wr_1", NodeIds: ["a", "c"] },
    ]);
    assert.deepEqual(argumentsOf(ended, "PutWorkflowRunProperties"), [
      { Name: "flow", RunId: "wr_1", RunProperties: claimed },
      {
        Name: "flow",
        RunId: "wr_2",
        RunProperties: { start_date: "2026-01-01", ...claimed, resumes: "1" },
      },
    ]);
    assert.deepEqual(ended.notices, []);
  });

  it("counts on, and takes a claim of the run before for none", async () => {
    const properties = { resumes: "1", recovery: "wr_0 other" };
    const ended = await glue.run(
      recovery,
      {
        GetWorkflow: [last(properties), last({ resumes: "1", ...claimed })],
        GetWorkflowRun: [graph([job("a", "FAILED")], properties)],
        ...changed,
      },
      mine,
    );
    const [, counted] = argumentsOf(ended, "PutWorkflowRunProperties");
    assert.deepEqual(counted?.["RunProperties"], { ...claimed, resumes: "2" });
  });

  it("resumes from a crawl that failed", async () => {
    const ended = await glue.run(
      recovery,
      {
        GetWorkflow: [last(), last(claimed)],
        GetWorkflowRun: [graph([crawler("FAILED"), job("a")])],
        ...changed,
      },
      { name: "mine", input: ofCrawler },
    );
    assert.deepEqual(argumentsOf(ended, "ResumeWorkflowRun")[0]?.["NodeIds"], ["c"]);
  });

  const untouched: [string, Record<string, Answer[]>, object][] = [
    ["there was no run", { GetWorkflow: [{ Workflow: { Name: "flow" } }] }, ofJob("jr_a")],
    ["somebody stopped the run", { GetWorkflow: [last({}, { Status: "STOPPED" })] }, ofJob("jr_a")],
    [
      "Glue's own retry mended it",
      {
        GetWorkflow: [last()],
        GetWorkflowRun: [graph([job("a", "FAILED", "SUCCEEDED")])],
      },
      ofJob("jr_a"),
    ],
    [
      "the job ran outside of the workflow",
      { GetWorkflow: [last()], GetWorkflowRun: [graph([job("a", "FAILED")])] },
      ofJob("jr_z"),
    ],
    [
      "the crawl ran outside of the workflow",
      { GetWorkflow: [last()], GetWorkflowRun: [graph([job("a", "FAILED"), crawler()])] },
      ofCrawler,
    ],
    [
      "another execution has taken it on",
      {
        GetWorkflow: [last({ recovery: "wr_1 other" })],
        GetWorkflowRun: [graph([job("a", "FAILED")])],
      },
      ofJob("jr_a"),
    ],
  ];
  for (const [why, answers, input] of untouched) {
    it(`leaves the run alone where ${why}`, async () => {
      const ended = await glue.run(recovery, answers, { name: "mine", input });
      assert.deepEqual([ended.status, ended.notices], ["SUCCEEDED", []], ended.error);
      assert.ok(operationsOf(ended).every((name) => name.startsWith("Get")));
    });
  }

  const late: [string, Answer][] = [
    ["another execution had the last word", last({ recovery: "wr_1 other" })],
    ["another run has started meanwhile", last({}, { WorkflowRunId: "wr_9" })],
  ];
  for (const [why, afterwards] of late) {
    it(`doesn't resume where ${why}`, async () => {
      const ended = await glue.run(
        recovery,
        {
          GetWorkflow: [last(), afterwards],
          GetWorkflowRun: [graph([job("a", "FAILED")])],
          ...changed,
        },
        mine,
      );
      assert.equal(ended.status, "SUCCEEDED", ended.error);
      assert.deepEqual(argumentsOf(ended, "ResumeWorkflowRun"), []);
    });
  }

  it("takes it well where somebody else was quicker", async () => {
    for (const error of ["ConcurrentRunsExceededException", "IllegalWorkflowStateException"]) {
      const ended = await glue.run(
        recovery,
        {
          GetWorkflow: [last(), last(claimed)],
          GetWorkflowRun: [graph([job("a", "FAILED")])],
          ...changed,
          ResumeWorkflowRun: [{ error }],
        },
        mine,
      );
      assert.equal(ended.status, "SUCCEEDED", ended.error);
    }
  });

  it("gives up with a notice at the limit", async () => {
    const properties = { resumes: "2" };
    const ended = await glue.run(
      recovery,
      {
        GetWorkflow: [last(properties), last({ ...properties, ...claimed })],
        GetWorkflowRun: [graph([job("a", "FAILED")], properties)],
        ...changed,
      },
      mine,
    );
    assert.deepEqual(argumentsOf(ended, "ResumeWorkflowRun"), []);
    assert.equal(ended.notices.length, 1);
    assert.match(ended.notices[0] ?? "", /Run wr_1 of the workflow flow .* 2 resumes/);
  });

  it("fails where a run doesn't end in a day", async () => {
    const day = /> 86400000 /g;
    const text = JSON.stringify(recovery);
    assert.equal(text.match(day)?.length, 1);
    const impatient: Machine = JSON.parse(text.replace(day, "> 0 "));
    const answers = { GetWorkflow: [last({}, { Status: "RUNNING" })] };
    const ended = await glue.run(impatient, answers, mine);
    assert.deepEqual([ended.status, ended.error], ["FAILED", "RunTooLong"]);
  });

  it("tries again what passes by itself, and fails where it doesn't", async () => {
    const passing = await glue.run(
      recovery,
      { GetWorkflow: [{ error: "InternalServiceException" }, { Workflow: { Name: "flow" } }] },
      mine,
    );
    assert.equal(passing.status, "SUCCEEDED", passing.error);
    const failing = await glue.run(
      recovery,
      { GetWorkflow: [{ error: "EntityNotFoundException" }] },
      mine,
    );
    assert.deepEqual([failing.status, failing.error], ["FAILED", "Glue.EntityNotFoundException"]);
  });
});
