import { GetWorkflowRunsCommand } from "@aws-sdk/client-glue";
import { clients } from "../aws";
import { deployedOutputs } from "../engine/outputs";
import { messageOf } from "../errors";
import { Platform, runningPlatform, scheduleOf } from "../platform";

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
    if (platform) {
      lines.push(...(await describeSchedule(platform)));
      lines.push(...(await lastRuns(platform, outputs.workflowName)));
    }
  } catch (error) {
    lines.push(`deployed: ${messageOf(error)}`);
  }
  return `${lines.join("\n")}\n`;
}

/** The time of the schedules, and what fires next by itself; nothing if nothing is scheduled. */
export async function describeSchedule(platform: Platform): Promise<string[]> {
  const { now, upcoming } = await scheduleOf(platform);
  if (upcoming.length === 0) return [];
  const next = upcoming.map(({ kind, name, at }) => `${kind} ${name} at ${utc(at)}`);
  return [`schedule: it is ${utc(now)}; next ${next.join(", ")}`];
}

function utc(time: string): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

async function lastRuns(platform: Platform, Name: string): Promise<string[]> {
  const { Runs = [] } = await clients(platform).glue.send(
    new GetWorkflowRunsCommand({ Name, MaxResults: 5 }),
  );
  return Runs.map(
    (run) => `run: ${run.StartedOn?.toISOString()} ${run.Status} ${run.WorkflowRunId}`,
  );
}
