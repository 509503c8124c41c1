import { z } from "zod";
import { Rule, StackFinding, stackRule } from "../rule";
import { Step, stepKey, Workflow, WorkflowTrigger, workflowsOf } from "./workflowSteps";

/** The rule for what the triggers of a workflow make of it. */
export const workflowGraphRules: readonly Rule[] = [
  stackRule({
    name: "glue-workflow-graph",
    level: "mandatory",
    severity: "high",
    description: "A workflow has one start, no cycle, and nothing in it that never runs",
    reason:
      "Glue takes triggers that never fire: the workflow then ends early and still reports success",
    fix: "Give the workflow one starting trigger, and let each other one wait for what the workflow runs before",
    references: [],
    url: "https://docs.aws.amazon.com/glue/latest/dg/workflows_overview.html",
    config: {
      // The engine tells policies nothing of what a program reads by `get`.
      existing: z
        .array(z.string())
        .default([])
        .describe("Names of jobs and crawlers that are there, but not made by the stack"),
    },
    check: (stack, { existing }) =>
      workflowsOf(stack).flatMap((workflow) => graphFindings(workflow, existing)),
  }),
];

/** One finding for the workflow or for each trigger that is the cause, not for what follows of it. */
function graphFindings(workflow: Workflow, existing: readonly string[]): StackFinding[] {
  const starts = workflow.triggers.filter(({ type }) => type !== "CONDITIONAL");
  if (starts.length !== 1) return [wrongStart(workflow, starts)];
  const broken = workflow.triggers.flatMap(
    (trigger) => ownFinding(trigger, workflow, existing) ?? [],
  );
  if (broken.length > 0) return broken;
  // Each conditional trigger waits for what another one runs, so without a cycle the start leads to all.
  const cycle = findCycle(workflow.triggers);
  return cycle.slice(0, 1).map((first) => cycleFinding(first, cycle));
}

function wrongStart({ resource }: Workflow, starts: readonly WorkflowTrigger[]): StackFinding {
  const names = starts.map((start) => `\`${start.resource.name}\``).join(", ");
  return {
    resource,
    field: "",
    found: starts.length === 0 ? "has no starting trigger" : `has ${starts.length}: ${names}`,
    fix: "give it exactly one trigger of type SCHEDULED, ON_DEMAND or EVENT",
  };
}

/** What is wrong with a trigger whatever the others do, but for what they run. */
function ownFinding(
  trigger: WorkflowTrigger,
  workflow: Workflow,
  existing: readonly string[],
): StackFinding | undefined {
  const { resource, type, runs, watches, operators } = trigger;
  const finding = (field: string, found: string, fix: string) => ({ resource, field, found, fix });
  if (runs.length === 0) return finding("actions", "is empty", "name a job or a crawler");
  const absent = [...runs, ...watches].find(
    (step) => step.resource === undefined && !existing.includes(step.name),
  );
  if (absent !== undefined) {
    const field = runs.includes(absent) ? "actions" : "predicate.conditions";
    const fix = "name one of the stack, or list it in this rule's `existing`";
    return finding(field, `names ${described(absent)}, which the stack doesn't have`, fix);
  }
  if (type !== "CONDITIONAL") return undefined;
  if (watches.length === 0) {
    return finding("predicate.conditions", "is empty", "name a job or a crawler to wait for");
  }
  const wrong = operators.findIndex((operator) => operator !== undefined && operator !== "EQUALS");
  if (wrong >= 0) {
    const field = `predicate.conditions[${wrong}].logicalOperator`;
    return finding(field, `is ${operators[wrong]}`, "set EQUALS, the only one that Glue knows");
  }
  const run = new Set(workflow.triggers.flatMap((other) => other.runs.map(stepKey)));
  const foreign = watches.find((step) => !run.has(stepKey(step)));
  return (
    foreign &&
    finding(
      "predicate.conditions",
      `waits for ${described(foreign)}, which no trigger of the workflow runs`,
      "wait for what the workflow runs, or run it in the workflow",
    )
  );
}

const described = ({ kind, name }: Step): string => `${kind} \`${name}\``;

/**
 * Triggers that wait for each other, each for the one before it, from the first of them on; empty
 * where there are none.
 */
function findCycle(triggers: readonly WorkflowTrigger[]): WorkflowTrigger[] {
  const runners = indexBy(triggers, ({ runs }) => runs);
  const watchers = indexBy(triggers, ({ watches }) => watches);
  const before = (trigger: WorkflowTrigger) => neighbours(trigger.watches, runners);
  const waiting = new Map(triggers.map((trigger) => [trigger, before(trigger).length]));
  const settled = triggers.filter((trigger) => waiting.get(trigger) === 0);
  for (const trigger of settled) {
    waiting.delete(trigger);
    for (const next of neighbours(trigger.runs, watchers)) {
      const left = (waiting.get(next) ?? 0) - 1;
      waiting.set(next, left);
      if (left === 0) settled.push(next);
    }
  }
  const path: WorkflowTrigger[] = [];
  let [trigger] = waiting.keys();
  while (trigger !== undefined && !path.includes(trigger)) {
    path.unshift(trigger);
    trigger = before(trigger).find((leader) => waiting.has(leader));
  }
  if (trigger === undefined) return [];
  const cycle = path.slice(0, path.indexOf(trigger) + 1);
  const first = cycle.indexOf(triggers.find((one) => cycle.includes(one)) ?? trigger);
  return [...cycle.slice(first), ...cycle.slice(0, first)];
}

function indexBy(
  triggers: readonly WorkflowTrigger[],
  steps: (trigger: WorkflowTrigger) => readonly Step[],
): Map<string, WorkflowTrigger[]> {
  const index = new Map<string, WorkflowTrigger[]>();
  for (const trigger of triggers) {
    for (const key of steps(trigger).map(stepKey)) {
      const same = index.get(key);
      if (same) same.push(trigger);
      else index.set(key, [trigger]);
    }
  }
  return index;
}

const neighbours = (steps: readonly Step[], index: ReadonlyMap<string, WorkflowTrigger[]>) =>
  steps.flatMap((step) => index.get(stepKey(step)) ?? []);

function cycleFinding(trigger: WorkflowTrigger, cycle: readonly WorkflowTrigger[]): StackFinding {
  const names = [...cycle, ...cycle.slice(0, 1)].map(({ resource }) => resource.name);
  return {
    resource: trigger.resource,
    field: "predicate.conditions",
    found: `waits for what itself leads to: ${names.join(" → ")}`,
    fix: "take one of these conditions out",
  };
}
