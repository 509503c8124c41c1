import { PolicyConfigSchema, ResourceValidationPolicy, Severity } from "@pulumi/policy";

/** A resource as a rule sees it. Values that aren't known yet at preview are simply not there. */
export interface Subject {
  /** Type token, for example `aws:glue/workflow:Workflow`. */
  type: string;
  name: string;
  props: Readonly<Record<string, unknown>>;
  /** The rule's config, defaults filled in. */
  config: Readonly<Record<string, unknown>>;
}

/** What a rule found wrong with one field. */
export interface Finding {
  /** Path of the field; empty where the resource itself is what's wrong. */
  field: string;
  /** The value found. */
  found: string;
  /** What to do about it. */
  fix: string;
}

/** One rule: data, and a function that finds what breaks it. */
export interface ResourceRule {
  /** `<service>-<rule>`. */
  name: string;
  level: "advisory" | "mandatory";
  severity: Severity;
  /** What the rule asks for, in one line. */
  description: string;
  /** Why: what it costs, or what leaks. */
  reason: string;
  /** Page of AWS's documentation that the rule rests on. */
  url: string;
  configSchema?: PolicyConfigSchema;
  /** Type tokens that the rule judges; it isn't called for any other. */
  types: readonly string[];
  check: (subject: Subject) => Finding | undefined;
}

/** The form in which the engine runs a rule: one violation at most for one resource. */
export function resourcePolicy(rule: ResourceRule): ResourceValidationPolicy {
  return {
    name: rule.name,
    enforcementLevel: rule.level,
    severity: rule.severity,
    description: `${rule.description}. ${rule.reason}.`,
    url: rule.url,
    configSchema: rule.configSchema,
    validateResource: (args, reportViolation) => {
      if (!rule.types.includes(args.type)) return;
      const finding = rule.check({
        type: args.type,
        name: args.name,
        props: args.props,
        config: args.getConfig<Record<string, unknown>>(),
      });
      if (finding) reportViolation(violationMessage(args.name, rule, finding));
    },
  };
}

function violationMessage(name: string, rule: ResourceRule, finding: Finding): string {
  const what = finding.field ? `${name}.${finding.field}` : name;
  return `${what}: ${finding.found}. ${rule.reason}. Fix: ${finding.fix}.`;
}
