import type { Node as GlueNode } from "@aws-sdk/client-glue";
import { messageOf } from "../../../local/errors";
import { outputOf } from "../../../local/runs/jobLog";
import { sessionOf } from "../checks/reactions";
import { firstOf } from "../checks/daily";
import type { Context, Item } from "../context";
import { until } from "../target";
import { jobRuns } from "../workflowRuns";

/** What Glue does about runs, logs and sessions that no source settles. */
export const runQuestions: Item[] = [
  {
    kind: "question",
    name: "statement-times",
    title: "Are times of a session's statements seconds or milliseconds?",
    needs: ["janitor"],
    run: async (context) => {
      const { glue } = context.target.clients;
      const SessionId = sessionOf(context);
      await until(
        context.target,
        "the session",
        10,
        () => glue.getSession({ Id: SessionId }),
        ({ Session }) => Session?.Status !== "PROVISIONING",
      );
      try {
        const { Id = 0 } = await glue.runStatement({ SessionId, Code: "1 + 1" });
        const { Statement } = await until(
          context.target,
          "the end of a statement",
          5,
          () => glue.getStatement({ SessionId, Id }),
          (now) => !["WAITING", "RUNNING"].includes(now.Statement?.State ?? ""),
        );
        const started = Statement?.StartedOn ?? 0;
        return [`StartedOn is ${started}: ${started > 1e11 ? "milliseconds" : "seconds"}`];
      } finally {
        // Nothing else needs the session, which is billed by the second.
        await glue.stopSession({ Id: SessionId });
      }
    },
  },
  {
    kind: "question",
    name: "log-streams",
    title: "How are the log streams of jobs and crawlers named?",
    needs: ["workflow"],
    run: async (context) => {
      const run = firstOf(context);
      const [job] = jobRuns(run);
      const expected = job && outputOf(job);
      const streams = await ownStreams(context);
      const isThere = streams.some((one) => one === `${expected?.group}: ${expected?.stream}`);
      const crawl = run.Graph?.Nodes?.map(crawlOf).find((one) => one !== undefined);
      return [
        `job run ${job?.Id}, log group ${job?.LogGroupName}; the script's output is ${isThere ? "" : "not "}in ${expected?.group}, stream ${expected?.stream}`,
        `a crawl says ${crawl?.LogGroup}, stream ${crawl?.LogStream}`,
        ...streams,
      ];
    },
  },
  {
    kind: "question",
    name: "completed-run",
    title: "Can the run properties of a COMPLETED run be changed?",
    needs: ["nothing-new"],
    run: async (context) => {
      const { glue } = context.target.clients;
      const Name = context.outputs().workflowName;
      const RunId = context.runs.get("nothing-new")?.WorkflowRunId;
      await glue.putWorkflowRunProperties({ Name, RunId, RunProperties: { asked: "yes" } });
      const { RunProperties = {} } = await glue.getWorkflowRunProperties({ Name, RunId });
      return [
        RunProperties["asked"] === "yes"
          ? "Yes: what was put is read back."
          : `No: it is taken, but what is read is ${JSON.stringify(RunProperties)}.`,
      ];
    },
  },
  {
    kind: "question",
    name: "resumed-properties",
    title: "Which run properties has a run that was resumed, beside those that the recovery puts?",
    needs: ["recovery"],
    run: async (context) => {
      const { glue } = context.target.clients;
      const { Workflow } = await glue.getWorkflow({ Name: context.outputs().workflowName });
      const properties = Workflow?.LastRun?.WorkflowRunProperties ?? {};
      return [Object.keys(properties).sort().join(", ")];
    },
  },
];

const crawlOf = ({ CrawlerDetails }: GlueNode) => CrawlerDetails?.Crawls?.at(-1);

/** `group: stream` of each stream of Glue's that is the stack's own. */
async function ownStreams({ target, record }: Context): Promise<string[]> {
  const { logs } = target.clients;
  const { logGroups = [] } = await logs.describeLogGroups({ logGroupNamePrefix: "/aws-glue/" });
  const own = logGroups.flatMap(({ logGroupName = "" }) =>
    logGroupName.includes(record.id) ? [logGroupName] : [],
  );
  const found = await Promise.all(
    own.map(async (logGroupName) => {
      try {
        const { logStreams = [] } = await logs.describeLogStreams({ logGroupName });
        return logStreams.map(({ logStreamName }) => `${logGroupName}: ${logStreamName}`);
      } catch (error) {
        return [`${logGroupName}: ${messageOf(error)}`];
      }
    }),
  );
  return found.flat();
}
