import * as pulumi from "@pulumi/pulumi";
import { Arns } from "../access/policyDocuments";
import { callGlue, notify, orElse, State } from "./stateMachine";

/** What a machine resumes, how often, and whom it tells. */
export interface Recovery {
  workflowName: pulumi.Input<string>;
  maxResumes: number;
  backoffSeconds: number;
  topicArn: pulumi.Input<string>;
}

/**
 * Each look at the run takes nine events of the 25,000 that an execution may have (Step Functions guide,
 * "Service quotas"). So the longer the run takes, the longer is the next wait: a tenth of the time so
 * far, within these bounds. A day takes fewer than 200 looks.
 */
const pollSeconds = { least: 30, most: 600 };
/** Of two executions that take a run on at the same time, the last to say so has it by then. */
const settleSeconds = 20;
/** A run that takes longer isn't waited for. */
const longestWaitMs = 24 * 60 * 60 * 1000;

/**
 * The states of the machine that resumes a workflow's runs. Variables: `run`, the last run; `failed`,
 * ids of the nodes that failed in it; `resumes`, how often it has been resumed; `claim`, what an
 * execution writes into the run property `recovery` to take a run on.
 */
export function recoveryStates(to: Arns, recovery: Recovery): Record<string, State> {
  return { ...findFailures(to, recovery), ...takeOn(to, recovery), ...act(to, recovery) };
}

/** Waits for the end of the last run, and looks for what has failed in it. */
function findFailures(to: Arns, { workflowName: Name }: Recovery): Record<string, State> {
  return {
    LastRun: lastRun(to, Name, "HasEnded"),
    HasEnded: {
      Type: "Choice",
      Choices: [
        { Condition: '{% $run.Status = "COMPLETED" %}', Next: "Graph" },
        { Condition: `{% ${isRunning} and ${waited} > ${longestWaitMs} %}`, Next: "TooLong" },
        { Condition: `{% ${isRunning} %}`, Next: "WaitForEnd" },
      ],
      // Somebody stopped the run, or it never started.
      Default: "NothingToDo",
    },
    WaitForEnd: { Type: "Wait", Seconds: `{% ${untilNextLook} %}`, Next: "LastRun" },
    Graph: callGlue(
      to,
      "getWorkflowRun",
      { Name, RunId: "{% $run.WorkflowRunId %}", IncludeGraph: true },
      {
        Assign: {
          failed: `{% [${nodes}[${hasFailed}].UniqueId] %}`,
          isOfRun: `{% ${isOfRun} %}`,
          resumes: `{% ${resumes} %}`,
          claim: "{% $run.WorkflowRunId & ' ' & $states.context.Execution.Name %}",
        },
        Next: "HasFailed",
      },
    ),
    HasFailed: {
      Type: "Choice",
      Choices: [
        {
          Condition: `{% $isOfRun and $count($failed) > 0 and $not(${isTaken}) %}`,
          Next: "TakeOn",
        },
      ],
      Default: "NothingToDo",
    },
    NothingToDo: { Type: "Succeed" },
    TooLong: { Type: "Fail", Error: "RunTooLong", Cause: "The run hasn't ended in a day" },
  };
}

/** Takes the run on, waits, and goes on where nobody else has, and no other run has started. */
function takeOn(
  to: Arns,
  { workflowName: Name, maxResumes, backoffSeconds }: Recovery,
): Record<string, State> {
  return {
    TakeOn: callGlue(
      to,
      "putWorkflowRunProperties",
      {
        Name,
        RunId: "{% $run.WorkflowRunId %}",
        RunProperties: { recovery: "{% $claim %}" },
      },
      { Next: "BackOff" },
    ),
    BackOff: {
      Type: "Wait",
      Seconds: `{% $resumes < ${maxResumes} ? ${backoffSeconds} * $power(2, $resumes) : ${settleSeconds} %}`,
      Next: "LastRunNow",
    },
    LastRunNow: lastRun(to, Name, "IsStillOurs"),
    IsStillOurs: {
      Type: "Choice",
      Choices: [
        { Condition: `{% ${isOurs} and $resumes < ${maxResumes} %}`, Next: "Resume" },
        { Condition: `{% ${isOurs} %}`, Next: "GiveUp" },
      ],
      Default: "NothingToDo",
    },
  };
}

/** Resumes the run, or tells that it's given up. */
function act(
  to: Arns,
  { workflowName: Name, maxResumes, topicArn }: Recovery,
): Record<string, State> {
  return {
    Resume: callGlue(
      to,
      "resumeWorkflowRun",
      { Name, RunId: "{% $run.WorkflowRunId %}", NodeIds: "{% $failed %}" },
      {
        Assign: { resumedRunId: "{% $states.result.RunId %}" },
        Catch: [
          {
            // Somebody was quicker.
            ErrorEquals: [
              "Glue.ConcurrentRunsExceededException",
              "Glue.IllegalWorkflowStateException",
            ],
            Next: "NothingToDo",
          },
        ],
        Next: "Count",
      },
    ),
    // Names that start with `aws:` are Glue's own.
    Count: callGlue(
      to,
      "putWorkflowRunProperties",
      {
        Name,
        RunId: "{% $resumedRunId %}",
        RunProperties:
          '{% $merge([$sift($run.WorkflowRunProperties, function($value, $key) { $not($contains($key, "aws:")) }), {"resumes": $string($resumes + 1)}]) %}',
      },
      { End: true },
    ),
    GiveUp: notify(
      to,
      topicArn,
      "A workflow run is given up",
      `"Run " & $run.WorkflowRunId & " of the workflow " & $run.Name & " has failed, and so have ${maxResumes} resumes. Nothing more is tried: mend the cause, then resume the run or start another."`,
      { End: true },
    ),
  };
}

/** A workflow that has never run has no last run. */
function lastRun(to: Arns, Name: pulumi.Input<string>, Next: string): State {
  const run = orElse("$states.result.Workflow.LastRun", '{"Status": "NONE"}');
  return callGlue(to, "getWorkflow", { Name }, { Assign: { run: `{% ${run} %}` }, Next });
}

const detail = "$states.context.Execution.Input.detail";
const nodes = "$states.result.Run.Graph.Nodes";
const isRunning = '$run.Status in ["RUNNING", "STOPPING"]';
const waited = "$millis() - $toMillis($states.context.Execution.StartTime)";
const untilNextLook = `$max([${pollSeconds.least}, $min([${pollSeconds.most}, $floor((${waited}) / 10000)])])`;
const resumes = orElse("$number($states.result.Run.WorkflowRunProperties.resumes)", "0");

/** A run may have got the properties of the run that it resumes. */
const isTaken = `$contains(${orElse("$run.WorkflowRunProperties.recovery", '""')}, $run.WorkflowRunId)`;
const isOurs = "$run.WorkflowRunProperties.recovery = $claim";

const last = (runs: string) =>
  `$sort(${runs}, function($a, $b) { $a.StartedOn > $b.StartedOn })[-1]`;

/** The last job run or crawl of a node has failed; a job that is retried has several runs. */
const hasFailed =
  `${last("JobDetails.JobRuns")}.JobRunState in ["FAILED", "TIMEOUT", "ERROR"]` +
  ` or ${last("CrawlerDetails.Crawls")}.State in ["FAILED", "ERROR"]`;

/** What the event tells of is in this run: jobs and crawlers also run outside of the workflow. */
const isOfRun =
  `$substringBefore(${detail}.jobRunId, "_attempt_")` +
  ` in ${nodes}.JobDetails.JobRuns.$substringBefore(Id, "_attempt_")` +
  ` or ${detail}.crawlerName in ${nodes}[${hasFailed}].Name`;
