import { WorkflowRun } from "@aws-sdk/client-glue";
import { messageOf } from "../errors";
import { Platform } from "../platform";
import { say } from "../progress";
import { timed } from "../timings";
import { collect } from "./data/collect";
import { keepPage } from "./pages";

/**
 * Makes the page of a run that has ended.
 * @param run with its graph.
 * @param isNewest whether no run has started since.
 * @returns its file.
 */
export async function makePage(
  platform: Platform,
  run: WorkflowRun,
  isNewest: boolean,
): Promise<string> {
  // The charts' library takes a moment to load: it does while the platform is asked.
  const [page, { render }] = await Promise.all([collect(platform, run), import("./page")]);
  return keepPage(page.runId, render(page), isNewest);
}

/** Leaves the page of the newest run and tells where; that there is none is no failure of the run. */
export async function leavePage(platform: Platform, run: WorkflowRun): Promise<void> {
  try {
    const file = await timed("Making the report", () => makePage(platform, run, true));
    say(`Report: ${file}`);
  } catch (error) {
    say(`The report of the run couldn't be made: ${messageOf(error)}`);
  }
}
