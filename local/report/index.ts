import { GetWorkflowRunCommand, WorkflowRun } from "@aws-sdk/client-glue";
import { clients } from "../aws";
import { messageOf } from "../errors";
import { Platform } from "../platform";
import { say } from "../progress";
import { timed } from "../timings";
import { collect } from "./data/collect";
import { keepPage } from "./pages";

/** Makes the page of a run that has ended. @returns its file. */
export async function makePage(platform: Platform, run: WorkflowRun): Promise<string> {
  const page = await collect(platform, run);
  // Loaded late: the charts' library takes a moment, which runs beside the questions to Athena.
  const { render } = await import("./page");
  return keepPage(page.runId, render(page));
}

/** Leaves the page of a run and tells where; that there is none is no failure of the run. */
export async function leavePage(platform: Platform, run: WorkflowRun): Promise<void> {
  try {
    const file = await timed("Making the report", () => makePage(platform, run));
    say(`Report: ${file}`);
  } catch (error) {
    say(`The report of the run couldn't be made: ${messageOf(error)}`);
  }
}

/** The run with its graph; undefined where the workflow has no such run. */
export async function workflowRun(
  platform: Platform,
  Name: string,
  RunId: string,
): Promise<WorkflowRun | undefined> {
  const { glue } = clients(platform);
  try {
    const { Run } = await glue.send(new GetWorkflowRunCommand({ Name, RunId, IncludeGraph: true }));
    return Run;
  } catch {
    return undefined;
  }
}
