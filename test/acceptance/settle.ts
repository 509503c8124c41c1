import { paginateListExecutions, paginateListStateMachines } from "@aws-sdk/client-sfn";
import { paginateListCrawlers, paginateListWorkflows } from "@aws-sdk/client-glue";
import { until, type Target } from "./target";

/**
 * Ends what still runs of a stack, or would start something, so that it can be destroyed: executions
 * of its state machines, runs of its workflow, crawls.
 */
export async function settle(target: Target, id: string): Promise<void> {
  const { glue, sfn } = target.clients;
  const isOwn = (name = "") => name.endsWith(`-${id}`);
  for await (const { stateMachines = [] } of paginateListStateMachines({ client: sfn }, {})) {
    for (const { name, stateMachineArn } of stateMachines) {
      if (!isOwn(name)) continue;
      const running = { stateMachineArn, statusFilter: "RUNNING" as const };
      for await (const { executions = [] } of paginateListExecutions({ client: sfn }, running)) {
        for (const { executionArn } of executions) await sfn.stopExecution({ executionArn });
      }
    }
  }
  for await (const { Workflows = [] } of paginateListWorkflows({ client: glue }, {})) {
    for (const Name of Workflows.filter(isOwn)) await stopRuns(target, Name);
  }
  for await (const { CrawlerNames = [] } of paginateListCrawlers({ client: glue }, {})) {
    for (const Name of CrawlerNames.filter(isOwn)) await stopCrawl(target, Name);
  }
}

async function stopRuns(target: Target, Name: string): Promise<void> {
  const { glue } = target.clients;
  const running = async () =>
    ((await glue.getWorkflowRuns({ Name })).Runs ?? []).filter(({ Status = "" }) =>
      ["RUNNING", "STOPPING"].includes(Status),
    );
  for (const { Status, WorkflowRunId: RunId } of await running()) {
    if (Status === "RUNNING") await glue.stopWorkflowRun({ Name, RunId });
  }
  await until(target, `the end of runs of ${Name}`, 15, running, (left) => left.length === 0);
}

async function stopCrawl(target: Target, Name: string): Promise<void> {
  const { glue } = target.clients;
  const state = async () => (await glue.getCrawler({ Name })).Crawler?.State;
  if ((await state()) === "RUNNING") await glue.stopCrawler({ Name });
  await until(target, `the end of crawls of ${Name}`, 15, state, (now) => now === "READY");
}
