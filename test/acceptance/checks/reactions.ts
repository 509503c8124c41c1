import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { splitS3Path } from "../../../local/aws";
import { activityAfterLate, days, lateObject } from "../archive";
import type { Context, Item } from "../context";
import { until } from "../target";
import {
  currently,
  endOf,
  isRunning,
  jobRuns,
  reportOf,
  start,
  statisticsOf,
} from "../workflowRuns";
import { holdActivity, put } from "./daily";

/** What the stack notices and does by itself. */
export const reactions: Item[] = [
  {
    kind: "check",
    name: "notice",
    title: "A job that fails is told of in a notice that names it and its run",
    needs: ["workflow"],
    run: async (context) => {
      await put(context, lateObject);
      const { id, run } = await withoutScript(context, async () => {
        const started = await start(context);
        return { id: started, run: await endOf(context, started) };
      });
      context.runs.set("notice", run);
      const failed = jobRuns(run).at(-1);
      assert.equal(failed?.JobRunState, "FAILED", "a job without its script fails");
      const notice = await context.notices.wait(
        "the failed job",
        10,
        ...[
          "Glue Job State Change",
          context.outputs().jobName,
          (failed.Id ?? "").replace(/_attempt_.*/, ""),
          "FAILED",
        ],
      );
      return [
        `the job's script was taken away: ${failed.ErrorMessage}`,
        `run ${id}: ${run.Status}; ${statisticsOf(run)}`,
        `fields of the notice's detail: ${detailFields(notice)}`,
      ];
    },
  },
  {
    kind: "check",
    name: "recovery",
    title: "The failed run is resumed by itself after a minute, and publishes what it missed",
    needs: ["notice", "nothing-new"],
    run: async (context) => {
      const failed = context.runs.get("notice")?.WorkflowRunId;
      const last = async () => {
        const Name = context.outputs().workflowName;
        const { Workflow } = await context.target.clients.glue.getWorkflow({ Name });
        return Workflow?.LastRun?.WorkflowRunId ?? "";
      };
      const resumed = await until(
        context.target,
        "the run's resumption",
        10,
        last,
        (id) => id !== failed,
      );
      const run = await endOf(context, resumed);
      assert.equal(run.PreviousRunId, failed, "it goes on from the failed run");
      assert.equal(run.Status, "COMPLETED");
      const { start_date } = run.WorkflowRunProperties ?? {};
      assert.equal(start_date, days.start_date, "it keeps the run's properties");
      assert.equal(jobRuns(run).at(-1)?.JobRunState, "SUCCEEDED");
      // The machine counts its resumes once it has resumed.
      await until(
        context.target,
        "the count of resumes",
        2,
        () => currently(context, resumed),
        (now) => now.WorkflowRunProperties?.["resumes"] === "1" && !isRunning(now),
      );
      const { objects, sources } = await reportOf(context, run);
      assert.equal(objects.processed, 1);
      assert.equal(sources["ios"]?.rows_written, 1);
      assert.equal(sources["ios"].duplicates, 1);
      await holdActivity(context, activityAfterLate);
      return [`run ${resumed}: ${run.Status}; ${statisticsOf(run)}`, "the late row is there, once"];
    },
  },
  {
    kind: "check",
    name: "deadline",
    title: "The check of the day's deadline runs and finds the day's success",
    needs: ["workflow"],
    run: async (context) => {
      const output = await execute(context, "mobile-user-deadline");
      return [`its state machine succeeded${output}`];
    },
  },
  {
    kind: "check",
    name: "janitor",
    title: "The janitor tells of an idle interactive session, and lets it be",
    run: async (context) => {
      const { glue } = context.target.clients;
      const Id = sessionOf(context);
      const { Job } = await glue.getJob({ JobName: context.outputs().jobName });
      await glue.createSession({
        Id,
        Role: Job?.Role,
        Command: { Name: "glueetl", PythonVersion: "3" },
        GlueVersion: Job?.GlueVersion,
        WorkerType: "G.1X",
        NumberOfWorkers: 2,
        IdleTimeout: 15,
        Timeout: 30,
      });
      await sleep(6000); // longer than `maxIdleHours` of the stack
      await execute(context, "idle-compute");
      await context.notices.wait("the idle session", 10, "Idle Glue compute", Id);
      const { Session } = await glue.getSession({ Id });
      const { Status = "", ErrorMessage = "" } = Session ?? {};
      assert.match(Status, /PROVISIONING|READY/, `it removes nothing here. ${ErrorMessage}`);
      return [`a notice names the session, which is ${Status} still; this run deletes it`];
    },
  },
];

export const sessionOf = ({ record }: Context): string => `acceptance-idle-${record.id}`;

/** Does something while the job's script is deleted; the bucket is then as it was before. */
async function withoutScript<T>({ target, outputs }: Context, work: () => Promise<T>): Promise<T> {
  const { glue, s3 } = target.clients;
  const { Job } = await glue.getJob({ JobName: outputs().jobName });
  const { Bucket, Prefix: Key } = splitS3Path(Job?.Command?.ScriptLocation ?? "");
  const { VersionId } = await s3.deleteObject({ Bucket, Key });
  assert.ok(VersionId, "the bucket keeps versions, so that the deletion can be undone");
  try {
    return await work();
  } finally {
    await s3.deleteObject({ Bucket, Key, VersionId });
  }
}

/** Runs a state machine, as its schedule does, and expects it to succeed. @returns its output. */
async function execute({ target, record }: Context, name: string): Promise<string> {
  const { sfn } = target.clients;
  const stateMachineArn = await machineOf(target.clients.sfn, `${name}-${record.id}`);
  const { executionArn } = await sfn.startExecution({ stateMachineArn });
  const ended = await until(
    target,
    `the end of ${name}`,
    10,
    () => sfn.describeExecution({ executionArn }),
    ({ status }) => status !== "RUNNING",
  );
  assert.equal(ended.status, "SUCCEEDED", `${ended.error}: ${ended.cause}`);
  return ended.output === undefined ? "" : `: ${ended.output.slice(0, 200)}`;
}

async function machineOf(sfn: Context["target"]["clients"]["sfn"], name: string): Promise<string> {
  for (let nextToken: string | undefined; ;) {
    const page = await sfn.listStateMachines({ nextToken });
    const found = page.stateMachines?.find((one) => one.name === name);
    if (found?.stateMachineArn) return found.stateMachineArn;
    nextToken = page.nextToken;
    assert.ok(nextToken, `there is a state machine ${name}`);
  }
}

/** Names of the fields of the event that a notice carries. */
function detailFields(notice: string): string {
  const event: { detail?: object } = JSON.parse(notice);
  return Object.keys(event.detail ?? {}).join(", ");
}
