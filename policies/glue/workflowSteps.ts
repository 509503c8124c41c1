import { Properties, whenKnown } from "../properties";
import { References, Stack, StackResource } from "../stack";

const workflowType = "aws:glue/workflow:Workflow";
const triggerType = "aws:glue/trigger:Trigger";

/** The two kinds of thing that a workflow runs, and where a trigger and a resource name them. */
const kinds = [
  { kind: "job", type: "aws:glue/job:Job", field: "jobName" },
  { kind: "crawler", type: "aws:glue/crawler:Crawler", field: "crawlerName" },
] as const;

/** A job or crawler that triggers name. */
export interface Step {
  readonly kind: "job" | "crawler";
  readonly name: string;
  /** The resource of that name, where the stack has it. */
  readonly resource: StackResource | undefined;
}

/** A trigger of a workflow. */
export interface WorkflowTrigger {
  readonly resource: StackResource;
  /** `SCHEDULED`, `ON_DEMAND`, `EVENT` or `CONDITIONAL`. */
  readonly type: string;
  readonly runs: readonly Step[];
  readonly watches: readonly Step[];
  /** Whether it waits for all that it watches, or for any of it. */
  readonly waitsForAll: boolean;
  /** What each of its conditions compares by. */
  readonly operators: readonly (string | undefined)[];
}

/** A workflow that the program makes, with all of its triggers. */
export interface Workflow {
  readonly resource: StackResource;
  readonly triggers: readonly WorkflowTrigger[];
}

/** The workflows of the stack, those left out of which something isn't known yet. */
export function workflowsOf(stack: Stack): Workflow[] {
  const workflows = stack.made(workflowType);
  const triggers = stack.all(triggerType);
  const references = new References(triggers, "workflowName", workflows, ["name", "id"]);
  if (workflows.length === 0 || references.incomplete) return [];
  const resolve = stepsByName(stack);
  return workflows.flatMap(
    (resource) =>
      whenKnown(() => [
        {
          resource,
          triggers: references.to(resource).map((trigger) => readTrigger(trigger, resolve)),
        },
      ]) ?? [],
  );
}

/** How two triggers tell that they speak of the same step. */
export const stepKey = ({ kind, name }: Pick<Step, "kind" | "name">): string => `${kind} ${name}`;

type Resolve = (entry: Properties) => Step[];

/** Finds the resources that actions and conditions name. */
function stepsByName(stack: Stack): Resolve {
  const resources = new Map(
    kinds.flatMap(({ kind, type }) =>
      stack.all(type).flatMap((resource) => {
        const name = whenKnown(() => resource.properties.text("name"));
        return name === undefined ? [] : [[stepKey({ kind, name }), resource] as const];
      }),
    ),
  );
  return (entry) =>
    kinds.flatMap(({ kind, field }) => {
      const name = entry.text(field);
      return name ? [{ kind, name, resource: resources.get(stepKey({ kind, name })) }] : [];
    });
}

function readTrigger(resource: StackResource, resolve: Resolve): WorkflowTrigger {
  const { properties } = resource;
  const conditions = properties.list("predicate.conditions");
  return {
    resource,
    type: properties.text("type") ?? "",
    runs: properties.list("actions").flatMap(resolve),
    watches: conditions.flatMap(resolve),
    waitsForAll: properties.text("predicate.logical") !== "ANY",
    operators: conditions.map((condition) => condition.text("logicalOperator")),
  };
}
