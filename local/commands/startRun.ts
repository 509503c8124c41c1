import {
  ConcurrentRunsExceededException,
  GetWorkflowRunsCommand,
  StartWorkflowRunCommand,
} from "@aws-sdk/client-glue";
import { setTimeout as sleep } from "node:timers/promises";
import type { Clients } from "../aws";
import { isAwsError, isRepeated, isUnheard, UserError } from "../errors";
import { interrupt } from "../interrupt";
import { say } from "../progress";

/**
 * Starts a run of a workflow, behind one that is under way. @returns its id.
 *
 * StartWorkflowRun takes no token that makes a repeated request the same one: when its answer is lost,
 * the SDK asks again, and is told that a run is under way. That is then the one that was started.
 */
export async function startRun(
  glue: Clients["glue"],
  Name: string,
  RunProperties: Record<string, string>,
): Promise<string | undefined> {
  for (let waited = false; ; waited = true) {
    const asked = Math.floor(Date.now() / 1000) * 1000; // Glue may tell whole seconds alone
    try {
      const { RunId } = await glue.send(new StartWorkflowRunCommand({ Name, RunProperties }));
      return RunId;
    } catch (error) {
      const { Runs = [] } = await glue.send(new GetWorkflowRunsCommand({ Name }));
      const started = Runs.find(({ StartedOn }) => Number(StartedOn) >= asked);
      if (started && mayHaveStarted(error)) return started.WorkflowRunId;
      if (!(error instanceof ConcurrentRunsExceededException)) throw error;
      if (interrupt.aborted) throw new UserError("Interrupted.");
      // Of a command that was killed, or of a schedule.
      if (!waited) say("A run is under way: waiting for its end.");
      await sleep(500);
    }
  }
}

function mayHaveStarted(error: unknown): boolean {
  if (!isAwsError(error)) return false;
  const refused = error instanceof ConcurrentRunsExceededException;
  return isUnheard(error) || (refused && isRepeated(error));
}
