import { Policies, StackValidationPolicy } from "@pulumi/policy";
import { ExemptionUse } from "./exemptions";
import { rules } from "./rules";
import { Run, startRun } from "./run";

/** The name under which exemptions are listed in a run's output. */
export const exemptionsPolicyName = "policy-exemptions";

/**
 * The policies of all rules, to be put into a policy pack; the last of them lists the exemptions.
 * @param run what they share; one for each pack of a process.
 */
export function policies(run = startRun()): Policies {
  return [...rules.map((rule) => rule.policy(run)), listExemptions(run)];
}

function listExemptions(run: Run): StackValidationPolicy {
  return {
    name: exemptionsPolicyName,
    enforcementLevel: "advisory",
    severity: "low",
    description: "Exemptions are few, and end",
    validateStack: (_stack, report) => {
      for (const use of run.exemptions.all()) report(describe(use), [...use.urns][0]);
    },
  };
}

function describe({ rule, exemption, urns, expired }: ExemptionUse): string {
  const { resource, reason, owner, until } = exemption;
  const exempt = `${resource} is exempt from ${rule} until ${until}: ${reason} (${owner})`;
  if (urns.size === 0) return `${exempt}. Nothing needs this exemption: remove it.`;
  return expired ? `${exempt}. It has ended: remove it.` : `${exempt}.`;
}
