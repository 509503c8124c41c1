import { GetWorkflowRunsCommand } from "@aws-sdk/client-glue";
import { clients } from "../aws";
import { deployedOutputs } from "../engine/outputs";
import { messageOf } from "../errors";
import { Platform, runningPlatform } from "../platform";

/** What runs, what is deployed, and the last runs of the workflow. */
export async function status(): Promise<string> {
  const platform = await runningPlatform();
  const lines = [
    platform
      ? `platform: runs at ${platform.endpoint}, process ${platform.pid}`
      : "platform: stopped",
  ];
  try {
    const outputs = deployedOutputs();
    lines.push(
      `deployed: workflow ${outputs.workflowName}, table ${outputs.databaseName}.${outputs.tableName}`,
    );
    if (platform) lines.push(...(await lastRuns(platform, outputs.workflowName)));
  } catch (error) {
    lines.push(`deployed: ${messageOf(error)}`);
  }
  return `${lines.join("\n")}\n`;
}

async function lastRuns(platform: Platform, Name: string): Promise<string[]> {
  const { Runs = [] } = await clients(platform).glue.send(
    new GetWorkflowRunsCommand({ Name, MaxResults: 5 }),
  );
  return Runs.map(
    (run) => `run: ${run.StartedOn?.toISOString()} ${run.Status} ${run.WorkflowRunId}`,
  );
}
