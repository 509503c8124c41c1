import * as pulumi from "@pulumi/pulumi";
import { ArgumentChecks } from "../checks/arguments";
import { DailyWorkflowArgs, FailureStep, WorkflowStep } from "./workflowArguments";

/** A crawler or job: the two kinds have names of their own. */
interface Node {
  kind: "crawler" | "job";
  name: pulumi.Input<string>;
}

/** What a trigger runs, and what must run before. */
interface Edge {
  field: string;
  runs: Node[];
  waitsFor: Node[];
}

/** Crawlers that Glue starts side by side at most (AWS Glue guide, "AWS Glue triggers"). */
export const maxParallelCrawlers = 2;

/** What a trigger can wait for at most (AWS Glue API, "Predicate"). */
const maxConditions = 500;

/** Refuses steps that Glue wouldn't take or that would never run, whatever their names are. */
export function checkSteps(check: ArgumentChecks, args: DailyWorkflowArgs): void {
  if (args.steps.length === 0) {
    check.fail("steps", "is empty", "Name at least one crawler or job");
  }
  args.steps.forEach((steps, index) => checkGroup(check, `steps[${index}]`, steps, index === 0));
  (args.failureSteps ?? []).forEach((step, index) => {
    const field = `failureSteps[${index}]`;
    checkAction(check, field, step);
    const failed = (step.failedCrawlerNames?.length ?? 0) + (step.failedJobNames?.length ?? 0);
    if (failed === 0) {
      const fix = "Set `failedCrawlerNames` or `failedJobNames`";
      check.fail(field, "waits for no failure", fix);
    }
  });
}

function checkGroup(
  check: ArgumentChecks,
  field: string,
  steps: WorkflowStep[],
  isFirst: boolean,
): void {
  if (steps.length === 0) {
    check.fail(field, "is empty", "Name at least one crawler or job in it, or leave it out");
  }
  steps.forEach((step) => checkAction(check, field, step));
  const named = new Set(steps.flatMap((step) => step.triggerName ?? []));
  if (named.size > 1) {
    check.fail(field, `has ${named.size} trigger names`, "Steps side by side share one trigger");
  }
  const waits = new Set(steps.flatMap((step) => step.waitFor ?? []));
  waits.forEach((waitFor) => check.oneOf(`${field}[].waitFor`, waitFor, ["ALL", "ANY"]));
  if (waits.size > 1) {
    check.fail(field, "waits both for all and for any", "Steps side by side share one trigger");
  }
  if (isFirst && waits.has("ANY")) {
    check.fail(`${field}[].waitFor`, "is ANY, with nothing before it", "Leave it out");
  }
  const crawlers = steps.filter((step) => step.crawlerName !== undefined);
  if (crawlers.length > maxParallelCrawlers) {
    const fix = `Glue starts ${maxParallelCrawlers} at most: put the others into a list of their own`;
    check.fail(field, `has ${crawlers.length} crawlers side by side`, fix);
  }
  if (steps.length > maxConditions) {
    const fix = `A trigger can wait for ${maxConditions} at most: put the others into a list of their own`;
    check.fail(field, `has ${steps.length} steps side by side`, fix);
  }
}

function checkAction(check: ArgumentChecks, field: string, step: WorkflowStep | FailureStep): void {
  const { crawlerName, jobName, jobArguments, timeoutMinutes } = step;
  if ((crawlerName === undefined) === (jobName === undefined)) {
    check.fail(field, "has a step that isn't one thing", "Set `crawlerName` or `jobName`");
  }
  if (crawlerName !== undefined && (jobArguments ?? timeoutMinutes) !== undefined) {
    const fix = "Leave `jobArguments` and `timeoutMinutes` out of it";
    check.fail(field, "sets for a crawler what only a job takes", fix);
  }
  for (const argument of Object.keys(jobArguments ?? {})) {
    if (!argument.startsWith("--")) {
      check.fail(`${field}.jobArguments`, `has "${argument}"`, `Write "--${argument}"`);
    }
  }
  if (timeoutMinutes !== undefined) {
    check.wholeNumber(`${field}.timeoutMinutes`, timeoutMinutes, 1, 10_080);
  }
}

/**
 * Refuses names that stand twice, that nothing runs, or that wait for each other: at once where all
 * of them are known, else as soon as they are.
 * @returns what the first trigger waits for, and so all of them.
 */
export function checkNames(
  check: ArgumentChecks,
  { steps, failureSteps = [] }: DailyWorkflowArgs,
): pulumi.Output<void> {
  const edges: Edge[] = [
    ...steps.map((group, index) => ({
      field: `steps[${index}]`,
      runs: group.flatMap(action),
      waitsFor: [],
    })),
    ...failureSteps.map((step, index) => ({
      field: `failureSteps[${index}]`,
      runs: action(step),
      waitsFor: [
        ...(step.failedCrawlerNames ?? []).flatMap((crawlerName) => action({ crawlerName })),
        ...(step.failedJobNames ?? []).flatMap((jobName) => action({ jobName })),
      ],
    })),
  ];
  const names = edges.flatMap(({ runs, waitsFor }) => [...runs, ...waitsFor].map(nameOf));
  const checked = (known: string[]) => {
    const nameOfInput = new Map(names.map((name, index) => [name, known[index] ?? ""]));
    checkEdges(check, edges, ({ kind, name }) => `${kind} "${nameOfInput.get(name)}"`);
  };
  const plain = names.filter((name) => typeof name === "string");
  return plain.length === names.length
    ? pulumi.output(checked(plain))
    : pulumi.all(names).apply(checked);
}

function action({ crawlerName, jobName }: Pick<WorkflowStep, "crawlerName" | "jobName">): Node[] {
  if (crawlerName !== undefined) return [{ kind: "crawler", name: crawlerName }];
  return jobName === undefined ? [] : [{ kind: "job", name: jobName }];
}

const nameOf = ({ name }: Node) => name;

function checkEdges(check: ArgumentChecks, edges: Edge[], textOf: (node: Node) => string): void {
  const run = new Set<string>();
  for (const { field, runs } of edges) {
    for (const text of runs.map(textOf)) {
      if (run.has(text)) {
        check.fail(field, `runs ${text}, which runs elsewhere in the workflow`, "Run each once");
      }
      run.add(text);
    }
  }
  for (const { field, waitsFor } of edges) {
    const absent = waitsFor.map(textOf).find((text) => !run.has(text));
    if (absent !== undefined) {
      const fix = "Add it to `steps`, or wait for what the workflow runs";
      check.fail(field, `waits for ${absent}, which the workflow doesn't run`, fix);
    }
  }
  checkOrder(check, edges, textOf);
}

/** Every edge can be reached from those that wait for nothing. */
function checkOrder(check: ArgumentChecks, edges: Edge[], textOf: (node: Node) => string): void {
  const reached = new Set<string>();
  let left = edges;
  while (left.length > 0) {
    const isReady = ({ waitsFor }: Edge) => waitsFor.every((node) => reached.has(textOf(node)));
    const ready = left.filter(isReady);
    left = left.filter((edge) => !ready.includes(edge));
    const [stuck] = left;
    if (ready.length === 0 && stuck !== undefined) {
      const cycle = `waits for what itself leads to: ${left.flatMap(({ runs }) => runs.map(textOf)).join(", ")}`;
      check.fail(stuck.field, cycle, "Take one of these failure steps out");
    }
    ready.flatMap(({ runs }) => runs).forEach((node) => reached.add(textOf(node)));
  }
}
