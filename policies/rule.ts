import {
  PolicyConfigSchema,
  ResourceValidationPolicy,
  Severity,
  StackValidationPolicy,
} from "@pulumi/policy";
import { ConfigFields, RuleConfig, ruleConfig } from "./config";
import { ExemptionUse } from "./exemptions";
import { Properties, whenKnown } from "./properties";
import { Run } from "./run";
import { Stack } from "./stack";

/** A resource as a rule sees it. */
export interface Resource {
  /** Type token, for example `aws:glue/workflow:Workflow`. */
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly properties: Properties;
  /** Settings of the provider that makes it. */
  readonly provider: Properties;
}

/** What a rule found wrong with one field. */
export interface Finding {
  /** Path of the field; empty where the resource itself is what's wrong. */
  readonly field: string;
  /** The value found, as a clause: `is 2880`. */
  readonly found: string;
  /** The value to set, as an order: `set 120 or less`. */
  readonly fix: string;
}

/** A value to set. */
export interface Change {
  /** Names of the nested properties, outermost first. */
  readonly path: readonly string[];
  readonly value: unknown;
}

/** What all rules say of themselves. */
export interface RuleData {
  /** `<service>-<rule>`. */
  readonly name: string;
  readonly level: "advisory" | "mandatory";
  readonly severity: Severity;
  /** What the rule asks for, in one line without a full stop. */
  readonly description: string;
  /** Why: what it costs, or what leaks; one sentence without a full stop. */
  readonly reason: string;
  /** How it is mended, whatever was found; one sentence without a full stop. */
  readonly fix: string;
  /** Controls of other catalogs that ask for the same, for example `Security Hub Glue.4`. */
  readonly references: readonly string[];
  /** Page of AWS's documentation that the rule rests on. */
  readonly url: string;
}

/** A rule about resources one by one, judged before each is made or changed. */
export interface ResourceRule<F extends ConfigFields> extends RuleData {
  readonly config: F;
  /** Type tokens that the rule judges; it isn't called for any other. */
  readonly types: readonly string[];
  readonly check: (resource: Resource, config: RuleConfig<F>) => Finding | undefined;
  /** What to set to mend it, where that can be known; used at the level `remediate`. */
  readonly remediate?: (resource: Resource, config: RuleConfig<F>) => readonly Change[];
}

/** A finding of a rule about the stack, and the resource that it's about. */
export interface StackFinding extends Finding {
  readonly resource: { readonly urn: string; readonly name: string };
}

/** A rule about how resources stand together, judged when all are known. */
export interface StackRule<F extends ConfigFields> extends RuleData {
  readonly config: F;
  readonly check: (stack: Stack, config: RuleConfig<F>) => Iterable<StackFinding>;
}

/** A rule, ready for a policy pack. */
export interface Rule extends RuleData {
  readonly remediates: boolean;
  readonly configSchema: PolicyConfigSchema;
  /** @param run what the rules of one run of the engine share. */
  policy(run: Run): ResourceValidationPolicy | StackValidationPolicy;
}

export function resourceRule<F extends ConfigFields>(rule: ResourceRule<F>): Rule {
  const { schema, reader } = ruleConfig(rule.name, rule.config);
  return {
    ...rule,
    remediates: rule.remediate !== undefined,
    configSchema: schema,
    policy(run) {
      const configOf = reader(run);
      const { check, remediate } = rule;
      const policy: ResourceValidationPolicy = {
        ...metadata(rule),
        configSchema: schema,
        validateResource: (args, report) => {
          run.inputs.set(args.urn, new Properties(args.props));
          const config = configOf(args.getConfig());
          if (!rule.types.includes(args.type)) return;
          const finding = whenKnown(() => check(resourceOf(args), config));
          if (finding) judge(run, rule, { ...finding, resource: args }, report);
        },
      };
      if (remediate === undefined) return policy;
      return {
        ...policy,
        remediateResource: (args) => {
          if (!rule.types.includes(args.type)) return undefined;
          const config = configOf(args.getConfig());
          const changes = whenKnown(() => remediate(resourceOf(args), config)) ?? [];
          changes.forEach(({ path, value }) => setAt(args.props, path, value));
          return changes.length > 0 ? args.props : undefined;
        },
      };
    },
  };
}

export function stackRule<F extends ConfigFields>(rule: StackRule<F>): Rule {
  const { schema, reader } = ruleConfig(rule.name, rule.config);
  return {
    ...rule,
    remediates: false,
    configSchema: schema,
    policy(run) {
      const configOf = reader(run);
      return {
        ...metadata(rule),
        configSchema: schema,
        validateStack: (args, report) => {
          const stack = new Stack(args.resources, run.inputs);
          for (const finding of rule.check(stack, configOf(args.getConfig()))) {
            judge(run, rule, finding, report);
          }
        },
      };
    },
  };
}

/** What the engine is told of a rule, whatever it judges. */
function metadata(rule: RuleData) {
  const control = rule.references.find((reference) => reference.startsWith("Security Hub "));
  return {
    name: rule.name,
    enforcementLevel: rule.level,
    severity: rule.severity,
    description: `${rule.description}. ${rule.reason}.`,
    remediationSteps: `${rule.fix}.`,
    url: rule.url,
    tags: [...rule.references],
    ...(control && {
      framework: {
        name: "AWS Foundational Security Best Practices",
        version: "1.0.0",
        reference: control.replace("Security Hub ", ""),
        specification: rule.description,
      },
    }),
  };
}

function resourceOf(args: {
  type: string;
  name: string;
  urn: string;
  props: Record<string, unknown>;
  provider?: { props: Record<string, unknown> };
}): Resource {
  return {
    type: args.type,
    name: args.name,
    urn: args.urn,
    properties: new Properties(args.props),
    provider: new Properties(args.provider?.props),
  };
}

/** Sets in place: a copy would have to read values that aren't known yet. */
function setAt(properties: object, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  const nested: unknown = Reflect.get(properties, key);
  if (rest.length === 0) Reflect.set(properties, key, value);
  else if (typeof nested === "object" && nested !== null) setAt(nested, rest, value);
  else
    Reflect.set(
      properties,
      key,
      rest.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value),
    );
}

function judge(
  run: Run,
  rule: RuleData,
  finding: StackFinding,
  report: (message: string, urn?: string) => void,
): void {
  const use = run.exemptions.find(rule.name, finding.resource);
  if (use === undefined || use.expired) {
    report(violationMessage(finding, use), finding.resource.urn);
  }
}

function violationMessage({ resource, field, found, fix }: StackFinding, use?: ExemptionUse) {
  const what = field ? `${resource.name}: \`${field}\`` : resource.name;
  const expired = use
    ? ` Its exemption ended on ${use.exemption.until}; it was ${use.exemption.owner}'s to mend.`
    : "";
  return `${what} ${found}. To fix it, ${fix}.${expired}`;
}
