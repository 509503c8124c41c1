import { GetWorkflowRunCommand, GetWorkflowRunsCommand } from "@aws-sdk/client-glue";
import * as fs from "node:fs";
import { clients } from "../aws";
import { deployedOutputs } from "../engine/outputs";
import { messageOf, UserError } from "../errors";
import { Platform, runningPlatform } from "../platform";
import { makePage } from "../report";
import { pageFile } from "../report/pages";

export interface ReportOptions {
  /** Id of a workflow run; the newest unless it is given. */
  run?: string;
}

/**
 * The page of a run, as a file. A run that nobody has followed, as of a schedule, gets its page now,
 * if the platform is up.
 */
export async function reportFile({ run }: ReportOptions): Promise<string> {
  const platform = await runningPlatform();
  const newest = platform && (await newestRun(platform));
  const id = run ?? newest;
  const file = pageFile(id);
  if (fs.existsSync(file)) return file;
  if (platform && id) return pageOf(platform, id, id === newest);
  throw new UserError(
    run
      ? `There is no page of the run ${run}. If the run is known, \`npm run local -- start\` first.`
      : "No run has left a page yet. Start one: `npm run local -- run`.",
  );
}

async function newestRun(platform: Platform): Promise<string | undefined> {
  const { workflowName: Name } = deployedOutputs();
  const { Runs = [] } = await clients(platform).glue.send(new GetWorkflowRunsCommand({ Name }));
  return Runs.filter(({ CompletedOn }) => CompletedOn)
    .sort((one, other) => Number(other.StartedOn) - Number(one.StartedOn))
    .at(0)?.WorkflowRunId;
}

async function pageOf(platform: Platform, RunId: string, isNewest: boolean): Promise<string> {
  const { workflowName: Name } = deployedOutputs();
  const { glue } = clients(platform);
  const { Run } = await glue
    .send(new GetWorkflowRunCommand({ Name, RunId, IncludeGraph: true }))
    .catch((error: unknown) => {
      throw new UserError(`The workflow ${Name} has no run ${RunId}: ${messageOf(error)}`);
    });
  if (!Run?.CompletedOn) throw new UserError(`The run ${RunId} is still at work.`);
  return makePage(platform, Run, isNewest);
}

/** Whether somebody sits before a screen that can show a page. */
export function hasDesktop(
  env: NodeJS.ProcessEnv = process.env,
  isTerminal: boolean = process.stdout.isTTY === true,
  system: NodeJS.Platform = process.platform,
): boolean {
  if (!isTerminal || env["CI"] !== undefined || env["SSH_CONNECTION"] !== undefined) return false;
  return ["darwin", "win32"].includes(system) || Boolean(env["DISPLAY"] ?? env["WAYLAND_DISPLAY"]);
}

/** Opens the page where there is a desktop, and names its file. */
export async function showReport(
  options: ReportOptions,
  print: (text: string) => void,
): Promise<void> {
  const file = await reportFile(options);
  print(`${file}\n`);
  if (!hasDesktop()) return;
  const { default: open } = await import("open");
  await open(file);
}
