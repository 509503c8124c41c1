import { z } from "zod";
import { jsonProperties } from "../json";
import { Properties, whenKnown } from "../properties";
import { Rule, StackFinding, stackRule } from "../rule";
import { References, Stack, StackResource } from "../stack";
import { KnownEvent, matches } from "../eventPattern";
import { Step, stepKey, workflowsOf } from "./workflowSteps";

/** The rule for who hears of failures. */
export const failureNoticeRules: readonly Rule[] = [
  stackRule({
    name: "glue-workflow-failure-notice",
    level: "mandatory",
    severity: "high",
    description: "Failures of what a workflow runs reach somebody",
    reason: "A workflow that stops in the night leaves yesterday's numbers on the dashboards",
    fix: "Send Glue's state changes to a topic or queue by an EventBridge rule with a target",
    references: [],
    url: "https://docs.aws.amazon.com/glue/latest/dg/automating-awsglue-with-cloudwatch-events.html",
    config: {
      jobStates: z
        .array(z.enum(["FAILED", "TIMEOUT", "STOPPED"]))
        .default(["FAILED", "TIMEOUT"])
        .describe("States of a job run that must be told of"),
    },
    check: (stack, { jobStates }) => {
      const patterns = patternsWithTarget(stack);
      if (patterns === undefined) return [];
      return stepsOf(stack).flatMap((step) => findingOf(step, jobStates, patterns));
    },
  }),
];

/** The jobs and crawlers of all workflows, each once. */
function stepsOf(stack: Stack): Step[] {
  const steps = workflowsOf(stack).flatMap(({ triggers }) => triggers.flatMap(({ runs }) => runs));
  return [...new Map(steps.map((step) => [stepKey(step), step])).values()];
}

/** Event patterns of the rules that send to a target; undefined while they can't all be told. */
function patternsWithTarget(stack: Stack): Properties[] | undefined {
  const rules = stack.all("aws:cloudwatch/eventRule:EventRule");
  const targets = stack.all("aws:cloudwatch/eventTarget:EventTarget");
  const references = new References(targets, "rule", rules, ["name", "id"]);
  if (references.incomplete) return undefined;
  return whenKnown(() =>
    rules
      .filter((rule) => references.to(rule).length > 0 && isActive(rule))
      .flatMap((rule) => patternOf(rule) ?? []),
  );
}

/** AWS services send their events to the default bus alone. */
function isActive({ properties }: StackResource): boolean {
  const enabled = properties.flag("isEnabled") ?? properties.text("state") !== "DISABLED";
  return enabled && (properties.text("eventBusName") ?? "default") === "default";
}

/** A rule without a pattern, or with one that isn't JSON, tells of nothing. */
function patternOf({ properties }: StackResource): Properties | undefined {
  const pattern = jsonProperties(properties.text("eventPattern"));
  return pattern.keys().length > 0 ? pattern : undefined;
}

function findingOf(
  { kind, name, resource }: Step,
  jobStates: readonly string[],
  patterns: readonly Properties[],
): StackFinding[] {
  if (resource === undefined) return [];
  const event = (state: string): KnownEvent => ({
    source: "aws.glue",
    "detail-type": detailTypes[kind],
    detail: { [`${kind}Name`]: name, state },
  });
  const states = kind === "job" ? jobStates : ["Failed"];
  const untold = states.filter((state) => !patterns.some((one) => matches(one, event(state))));
  if (untold.length === 0) return [];
  return [
    {
      resource,
      field: "",
      found: `tells nobody when it is ${untold.join(" or ")}`,
      fix: `match "${detailTypes[kind]}" events of ${kind} ${name} in an EventBridge rule, and give the rule a target`,
    },
  ];
}

const detailTypes = { job: "Glue Job State Change", crawler: "Glue Crawler State Change" };
