import { resourceRule, Rule } from "../rule";

/** Rules for the triggers of Glue workflows, one by one. */
export const workflowRules: readonly Rule[] = [
  resourceRule({
    name: "glue-trigger-start",
    level: "mandatory",
    severity: "high",
    description: "An on-demand trigger doesn't start when it's made",
    reason:
      "The provider starts an ON_DEMAND trigger that is enabled, the default, as soon as it's made, whatever `startOnCreation` says: the update then runs the pipeline, and pays for it",
    fix: "Set `enabled` to false: the trigger can be started all the same",
    references: ["terraform-provider-aws#38222"],
    url: "https://docs.aws.amazon.com/glue/latest/dg/about-triggers.html",
    config: {},
    types: ["aws:glue/trigger:Trigger"],
    check: ({ properties }) => {
      if (properties.text("type") !== "ON_DEMAND") return undefined;
      const enabled = properties.flag("enabled");
      if (enabled === false) return undefined;
      const found = enabled === undefined ? "isn't set, so the trigger starts at once" : "is true";
      return { field: "enabled", found, fix: "set false" };
    },
  }),
];
