import {
  BatchStopJobRunCommand,
  ConcurrentRunsExceededException,
  GetJobRunCommand,
  StartJobRunCommand,
} from "@aws-sdk/client-glue";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { clients, Clients } from "../aws";
import { deployedOutputs } from "../engine/outputs";
import { messageOf, UserError } from "../errors";
import { interrupt } from "../interrupt";
import { projectRoot } from "../paths";
import { Platform } from "../platform";
import { say, since, step } from "../progress";
import { run } from "../setup/processes";
import { describeReport, readReport, RunReport } from "../runs/counts";
import { reportChanges } from "../runs/reportChanges";
import { RunOptions, runProperties, runWorkflow, saidBy } from "./run";

const codeDir = path.join(projectRoot, "glue-jobs");
/** Editors write a file in several steps, and a branch changes many files. */
const quietTime = 300;

/**
 * Runs the workflow, then, whenever the job's code changes, deploys it and runs the job alone, until
 * it's interrupted. Every run takes all objects of the range again: only so do runs compare.
 */
export async function watchRuns(platform: Platform, options: RunOptions): Promise<void> {
  const changes = await watchCode();
  try {
    let last = await tried(() => runWorkflow(platform, { ...options, rebuild: true }));
    if (last) describeReport(last).forEach(say);
    for (;;) {
      say(`Watching ${codeDir}. Ctrl-C ends it.`);
      const files = await changes.next();
      if (interrupt.aborted) return;
      say(`Changed: ${files.map((file) => path.relative(codeDir, file)).join(", ")}`);
      const report = await tried(() => runJobAnew(platform, options));
      if (report) tell(last, report);
      last = report ?? last;
    }
  } finally {
    await changes.close();
  }
}

function tell(before: RunReport | undefined, after: RunReport): void {
  if (!before) {
    describeReport(after).forEach(say);
    return;
  }
  const changes = reportChanges(before, after);
  if (changes.length === 0) say("The report is the same as that of the run before.");
  else say(["Against the run before:", ...changes.map((line) => `  ${line}`)].join("\n"));
}

/** What fails is told: the next change may mend it. */
async function tried(work: () => Promise<RunReport>): Promise<RunReport | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    if (!interrupt.aborted) say(messageOf(error));
    return undefined;
  }
}

async function runJobAnew(platform: Platform, options: RunOptions): Promise<RunReport> {
  // The engine reads the program once a process.
  const deploy = [...process.execArgv, path.join(projectRoot, "local", "cli.ts"), "deploy"];
  await step("Deploying the job's code", () => run(process.execPath, deploy));
  const { glue, logs, s3 } = clients(platform);
  const { jobName: JobName, curatedPath } = deployedOutputs();
  const properties = Object.entries(runProperties({ ...options, rebuild: true }));
  const Arguments = Object.fromEntries(properties.map(([name, value]) => [`--${name}`, value]));
  const start = Date.now();
  const RunId = await startJob(glue, JobName, Arguments);
  say(`Job ${JobName}, run ${RunId}`);
  for (;;) {
    const { JobRun } = await glue.send(new GetJobRunCommand({ JobName, RunId }));
    if (JobRun?.JobRunState === "SUCCEEDED") break;
    if (JobRun?.CompletedOn) {
      const { JobRunState, ErrorMessage } = JobRun;
      const said = await saidBy(logs, JobRun);
      throw new UserError(`${said}\n${JobName} ${JobRunState}: ${ErrorMessage}`);
    }
    if (interrupt.aborted && RunId) {
      await glue.send(new BatchStopJobRunCommand({ JobName, JobRunIds: [RunId] }));
      throw new UserError("Interrupted: the run is stopped.");
    }
    await sleep(250);
  }
  say(`Succeeded in ${since(start)}.`);
  return readReport(s3, curatedPath, RunId);
}

/** Starts a run of the job, behind Glue's own retry of one that has failed. @returns its id. */
async function startJob(
  glue: Clients["glue"],
  JobName: string,
  Arguments: Record<string, string>,
): Promise<string | undefined> {
  for (;;) {
    try {
      const { JobRunId } = await glue.send(new StartJobRunCommand({ JobName, Arguments }));
      return JobRunId;
    } catch (error) {
      if (!(error instanceof ConcurrentRunsExceededException)) throw error;
      if (interrupt.aborted) throw new UserError("Interrupted.");
      await sleep(250);
    }
  }
}

interface Changes {
  /** The files that changed since it was last asked, once it is quiet; none at an interrupt. */
  next(): Promise<string[]>;
  close(): Promise<void>;
}

async function watchCode(): Promise<Changes> {
  const { watch } = await import("chokidar");
  const changed = new Set<string>();
  const watcher = watch(codeDir, {
    ignoreInitial: true,
    ignored: (file, stats) => stats?.isFile() === true && !file.endsWith(".py"),
  });
  let lastChange = 0;
  watcher.on("all", (_, file) => {
    if (!file.endsWith(".py")) return;
    changed.add(file);
    lastChange = Date.now();
  });
  await new Promise<void>((resolve) => watcher.once("ready", resolve));
  return {
    async next() {
      while (!interrupt.aborted && (changed.size === 0 || Date.now() - lastChange < quietTime)) {
        await sleep(100);
      }
      const files = [...changed].sort();
      changed.clear();
      return files;
    },
    close: () => watcher.close(),
  };
}
