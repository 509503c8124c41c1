import type { Node as GlueNode, WorkflowRun } from "@aws-sdk/client-glue";
import assert from "node:assert/strict";
import { splitS3Path } from "../../../local/aws";
import { messageOf } from "../../../local/errors";
import { inOrder, lastAttempt } from "../../../local/runs/steps";
import {
  accounts,
  activity,
  archive,
  bodyOf,
  days,
  keyOf,
  quarantined,
  type RawObject,
  wallTimes,
} from "../archive";
import { ask, type Context, type Item } from "../context";
import {
  currently,
  failedAttempt,
  endOf,
  jobRuns,
  reportOf,
  runOver,
  start,
  statisticsOf,
} from "../workflowRuns";

/** The archive, the first run, its answers, and a run that finds nothing new. */
export const daily: Item[] = [
  {
    kind: "check",
    name: "load",
    title: "An archive of known answers is loaded where Segment would put it",
    run: async (context) => {
      for (const object of archive) await put(context, object);
      return [`${archive.length} objects of two sources and two received days`];
    },
  },
  {
    kind: "check",
    name: "workflow",
    title: "The workflow runs its eight steps in order",
    needs: ["load"],
    run: async (context) => {
      const run = await firstRun(context);
      context.runs.set("workflow", run);
      return stepsOf(context, run);
    },
  },
  {
    kind: "question",
    name: "inactive-schedule",
    title: "Does `start-workflow-run` run a workflow whose schedule trigger is inactive?",
    needs: ["load"],
    run: async (context) => seenBefore(context, "inactive-schedule"),
  },
  {
    kind: "check",
    name: "answers",
    title: "Athena gives the rows, users, days and wall times that are known, and no private field",
    needs: ["workflow"],
    run: async (context) => {
      await holdActivity(context, activity);
      const times = await ask(
        context,
        `SELECT message_id, CAST(local_timestamp AS varchar) FROM ${context.outputs().tableName}
WHERE message_id IN ('i-1', 'i-2', 'i-3', 'i-4', 'a-2') ORDER BY message_id`,
      );
      assert.deepEqual(times.rows, wallTimes);
      const { columns } = await ask(
        context,
        `SELECT * FROM ${context.outputs().tableName} LIMIT 1`,
      );
      const names = columns.map(({ name }) => name);
      assert.ok(names.includes("context_os_version"), names.join(", "));
      assert.ok(!names.includes("context_ip"), "addresses are dropped");
      return [
        `${activity.length} days of platforms, ${sum(activity, 3)} rows; the clocks go on at the right instant`,
      ];
    },
  },
  {
    kind: "check",
    name: "account",
    title:
      "The run's report closes each source's account: read = written + duplicates + quarantined",
    needs: ["workflow"],
    run: async (context) => {
      const { sources } = await reportOf(context, firstOf(context));
      assert.deepEqual(sources, accounts);
      return Object.entries(accounts).map(
        ([name, each]) =>
          `${name}: ${each.records_read} read, ${each.rows_written} written, ${each.duplicates} duplicates, ${each.quarantined} quarantined`,
      );
    },
  },
  {
    kind: "check",
    name: "quarantine",
    title: "The quarantine's table has each record that can't be a row, with its reason and line",
    needs: ["workflow"],
    run: async (context) => {
      const { rows } = await ask(
        context,
        `SELECT source, reason, CAST(line_number AS varchar) FROM ${context.outputs().quarantineTableName}
ORDER BY source, reason`,
      );
      assert.deepEqual(rows, quarantined);
      return rows.map((row) => row.join(", "));
    },
  },
  {
    kind: "check",
    name: "nothing-new",
    title: "A second run finds nothing new: it succeeds and changes no row",
    needs: ["answers"],
    run: async (context) => {
      const run = (await retriedRun(context)) ?? (await runOver(context));
      context.runs.set("nothing-new", run);
      assert.equal(run.Status, "COMPLETED");
      assert.deepEqual(lastStates(run), [], "all last attempts succeed");
      const { objects } = await reportOf(context, run);
      assert.equal(objects.processed, 0);
      await holdActivity(context, activity);
      return [`of ${objects.seen} objects none was read again; the same rows`];
    },
  },
  {
    kind: "question",
    name: "healed-retry",
    title:
      "Does an attempt that failed count in a run's FailedActions once its retry has succeeded?",
    needs: ["nothing-new"],
    run: async (context) => seenBefore(context, "healed-retry"),
  },
];

/** What a check has seen of a question. */
function seenBefore({ answers }: Context, question: string): string[] {
  const seen = answers.get(question);
  assert.ok(seen, "the check that would have told didn't get so far");
  return seen;
}

export async function put({ target, outputs }: Context, object: RawObject): Promise<void> {
  const { Bucket, Prefix } = splitS3Path(outputs().sourcePaths[object.source] ?? "");
  await target.clients.s3.putObject({ Bucket, Key: Prefix + keyOf(object), Body: bodyOf(object) });
}

/** Holds the view of the day's users, which reads the curated table, against what is known. */
export async function holdActivity(context: Context, known: string[][]): Promise<void> {
  const { rows } = await ask(
    context,
    `SELECT date, platform, CAST(active_users AS varchar), CAST(events AS varchar)
FROM daily_active_users ORDER BY date, platform`,
  );
  assert.deepEqual(rows, known);
}

export function firstOf({ runs }: Context): WorkflowRun {
  const run = runs.get("workflow");
  assert.ok(run, "there was a first run");
  return run;
}

/**
 * The first run is started with the schedule inactive, as in dev. Should that not run, the trigger is
 * activated for as long as it takes, so that the rest can be tried.
 */
async function firstRun(context: Context): Promise<WorkflowRun> {
  const { glue } = context.target.clients;
  let why: string;
  try {
    const run = await runOver(context);
    if (inOrder(run).some(lastAttempt)) {
      context.answers.set("inactive-schedule", ["Yes: the run took all its steps."]);
      return run;
    }
    why = `the run ended ${run.Status} and had started nothing`;
  } catch (error) {
    why = messageOf(error);
  }
  context.answers.set("inactive-schedule", [`No: ${why}. The trigger was activated for the run.`]);
  const Name = `mobile-user-start-${context.record.id}`;
  await glue.startTrigger({ Name });
  try {
    return await runOver(context);
  } finally {
    await glue.stopTrigger({ Name });
  }
}

/** States of the steps, held against the order in which they must come. */
function stepsOf({ record: { id } }: Context, run: WorkflowRun): string[] {
  const nodes = inOrder(run);
  assert.deepEqual(
    nodes.map(({ Type, Name }) => `${Type} ${Name}`),
    [
      "TRIGGER mobile-user-start",
      "CRAWLER segmentlogs-IOS",
      "TRIGGER android-crawler-trigger",
      "CRAWLER segmentlogs-Android",
      "TRIGGER mobile-user-etl-trigger",
      "JOB mobile-user-daily",
      "TRIGGER mobile-crawler-trigger",
      "CRAWLER segmentlogs-Mobile",
    ].map((step) => `${step}-${id}`),
  );
  assert.equal(run.Status, "COMPLETED");
  const attempts = nodes.filter(({ Type }) => Type !== "TRIGGER").map(timesOf);
  attempts.reduce((before, after) => {
    assert.ok(before.completed <= after.started, `${after.name} starts after ${before.name} ends`);
    return after;
  });
  return [
    ...attempts.map(
      ({ name, started, completed }) =>
        `${name}: SUCCEEDED in ${((completed - started) / 1000).toFixed(0)} s`,
    ),
    `statistics: ${statisticsOf(run)}`,
  ];
}

function timesOf(node: GlueNode) {
  const { state, started, completed, error } = lastAttempt(node) ?? {};
  assert.equal(state, "SUCCEEDED", `${node.Name}: ${error ?? "no attempt"}`);
  return { name: node.Name ?? "", started: Number(started), completed: Number(completed) };
}

/** Steps whose last attempt hasn't succeeded. */
function lastStates(run: WorkflowRun): string[] {
  return inOrder(run).flatMap((node) => {
    const attempt = lastAttempt(node);
    return attempt && attempt.state !== "SUCCEEDED" ? [`${node.Name} ${attempt.state}`] : [];
  });
}

/**
 * A run whose job fails at first, by a run property that is put right before its retry reads it.
 * @returns undefined where the retry failed, too: what is asked then has no answer.
 */
async function retriedRun(context: Context): Promise<WorkflowRun | undefined> {
  const RunId = await start(context, { ...days, start_date: "no date" });
  const failed = await failedAttempt(context, RunId);
  const Name = context.outputs().workflowName;
  const RunProperties = { start_date: days.start_date };
  await context.target.clients.glue.putWorkflowRunProperties({ Name, RunId, RunProperties });
  const run = await endOf(context, RunId);
  const attempts = jobRuns(await currently(context, RunId));
  const states = attempts.map(({ Id, JobRunState }) => `${Id} ${JobRunState}`).join(", ");
  const last = attempts.at(-1);
  if (last?.Id !== failed.Id && last?.JobRunState === "SUCCEEDED") {
    const count = run.Statistics?.FailedActions;
    context.answers.set("healed-retry", [
      `FailedActions is ${count}: it ${count === 0 ? "doesn't count" : "counts"}.`,
      `attempts: ${states}; statistics: ${statisticsOf(run)}`,
    ]);
    return run;
  }
  context.answers.set("healed-retry", [`No answer: the retry didn't heal the run (${states}).`]);
  return undefined;
}

const sum = (rows: string[][], column: number): number =>
  rows.reduce((total, row) => total + Number(row[column]), 0);
