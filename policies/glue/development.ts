import { Properties } from "../properties";
import { Finding, Resource, resourceRule, Rule } from "../rule";

const cloudFormationType = "AWS::Glue::DevEndpoint";

/** As the official provider names it, Cloud Control's provider, and Terraform's own. */
const devEndpoints = [
  "aws:glue/devEndpoint:DevEndpoint",
  "aws-native:glue:DevEndpoint",
  "aws:index/glueDevEndpoint:GlueDevEndpoint",
];

/** Resources that make one of any CloudFormation type, by the property that names it. */
const typeFields = new Map([
  ["aws:cloudcontrol/resource:Resource", "typeName"],
  ["aws-native:index:ExtensionResource", "type"],
]);

/** Resources that make what a CloudFormation template has. */
const templates = [
  "aws:cloudformation/stack:Stack",
  "aws:cloudformation/stackSet:StackSet",
  "aws-native:cloudformation:Stack",
  "aws-native:cloudformation:StackSet",
];

const instead = "develop on a local run or in an interactive session, which ends when idle";

/** The rule against what people used to develop Glue jobs on. */
export const developmentRules: readonly Rule[] = [
  resourceRule({
    name: "glue-no-dev-endpoint",
    level: "mandatory",
    severity: "critical",
    description: "A stack has no Glue dev endpoint, not even in a CloudFormation template",
    reason: "A dev endpoint bills for its DPUs by the hour while nobody uses it",
    fix: `Delete it, and ${instead}`,
    references: [],
    url: "https://docs.aws.amazon.com/glue/latest/dg/dev-endpoint.html",
    config: {},
    types: [...devEndpoints, ...typeFields.keys(), ...templates],
    check: devEndpointFinding,
  }),
];

function devEndpointFinding({ type, properties }: Resource): Finding | undefined {
  const typeField = typeFields.get(type);
  if (typeField !== undefined) {
    if (properties.text(typeField) !== cloudFormationType) return undefined;
    const found = `is ${cloudFormationType}`;
    return { field: typeField, found, fix: `delete the resource and ${instead}` };
  }
  if (templates.includes(type)) {
    if (!declaresDevEndpoint(properties)) return undefined;
    const found = "has a dev endpoint";
    return { field: "templateBody", found, fix: `take it out and ${instead}` };
  }
  return { field: "", found: "is a dev endpoint", fix: `delete it and ${instead}` };
}

/** Whether a template, JSON or YAML, has a dev endpoint outside of YAML's comments. */
function declaresDevEndpoint(properties: Properties): boolean {
  const template = properties.text("templateBody") ?? "";
  const isJson = template.trimStart().startsWith("{");
  const text = isJson ? template : template.replace(/(^|\s)#.*$/gm, "$1");
  return new RegExp(`\\bType["']?\\s*:\\s*["']?${cloudFormationType}\\b`).test(text);
}
