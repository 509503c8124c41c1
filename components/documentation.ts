import { ComponentProvider, getPulumiComponents } from "@pulumi/pulumi/provider/experimental";
import * as fs from "node:fs";
import * as path from "node:path";
import * as components from ".";

/** A type in Pulumi's package schema. */
export interface SchemaType {
  type?: string;
  $ref?: string;
  items?: SchemaType;
  additionalProperties?: SchemaType;
  /** Whether the value must be known at once, so that no resource's output will do. */
  plain?: boolean;
}

/** An argument, an output or a field of an argument. */
export interface SchemaProperty extends SchemaType {
  description?: string;
}

/** The part of Pulumi's package schema that the pages need. */
export interface PackageSchema {
  resources: Record<
    string,
    {
      description?: string;
      inputProperties: Record<string, SchemaProperty>;
      requiredInputs: string[];
      properties: Record<string, SchemaProperty>;
    }
  >;
  types: Record<string, { properties: Record<string, SchemaProperty>; required: string[] }>;
}

const provider = new ComponentProvider({
  name: "glue-etl",
  dirname: __dirname,
  components: getPulumiComponents(components),
});

/** The schema that programs in other languages get, made from the components' types and docstrings. */
export async function packageSchema(): Promise<PackageSchema> {
  const schema: PackageSchema = JSON.parse(await provider.getSchema());
  return schema;
}

/** A page in Markdown for each component, and one that lists them, by file name. */
export function pages(schema: PackageSchema): Record<string, string> {
  const tokens = Object.keys(schema.resources).sort();
  return {
    "README.md": list(schema, tokens),
    ...Object.fromEntries(tokens.map((token) => [`${nameOf(token)}.md`, page(schema, token)])),
  };
}

function list({ resources }: PackageSchema, tokens: readonly string[]): string {
  const rows = tokens.map((token) => {
    const [whatItIs = ""] = (resources[token]?.description ?? "").split("\n\n");
    return `| [${nameOf(token)}](${nameOf(token)}.md) | ${cell(whatItIs)} |`;
  });
  return `${[
    "# Components",
    made,
    ["| component | what it is |", "| --- | --- |", ...rows].join("\n"),
    "How to use them in a project of yours: [components/README.md](../../components/README.md).",
  ].join("\n\n")}\n`;
}

function page({ resources, types }: PackageSchema, token: string): string {
  const component = resources[token];
  if (component === undefined) throw new Error(`the schema lacks ${token}`);
  const fields = nestedTypes(types, component.inputProperties).flatMap((type) => [
    `### ${nameOf(type)}`,
    table("field", types[type]?.properties ?? {}, types[type]?.required ?? []),
  ]);
  return `${[
    `# ${nameOf(token)}`,
    made,
    component.description ?? "",
    `In other languages: \`${token}\`.`,
    "## Arguments",
    table("argument", component.inputProperties, component.requiredInputs),
    ...fields,
    "## Outputs",
    table("output", component.properties),
  ].join("\n\n")}\n`;
}

/** The types of which `properties` are made, in the order in which they are met. */
function nestedTypes(
  types: PackageSchema["types"],
  properties: Record<string, SchemaProperty>,
): string[] {
  const found = new Set<string>();
  const visit = (type: SchemaType | undefined): void => {
    if (type === undefined) return;
    const name = type.$ref?.replace(/^#\/types\//, "");
    if (name !== undefined && name in types && !found.has(name)) {
      found.add(name);
      Object.values(types[name]?.properties ?? {}).forEach(visit);
    }
    visit(type.items);
    visit(type.additionalProperties);
  };
  Object.values(properties).forEach(visit);
  return [...found];
}

/** @param required the properties that must be set. Default: none can be, they're outputs. */
function table(
  what: string,
  properties: Record<string, SchemaProperty>,
  required?: readonly string[],
): string {
  const heads = [what, "type", ...(required ? ["default"] : []), "what it is"];
  const rows = Object.entries(properties).map(([name, property]) => {
    const [text = "", ...defaults] = (property.description ?? "").split(/\s*Default: /);
    const byDefault = defaults.join(" ") || "none";
    const isInput = required !== undefined && property.plain !== true;
    const type = isInput ? `Input<${typeText(property)}>` : typeText(property);
    const value = required?.includes(name) ? "**required**" : byDefault.replace(/\.$/, "");
    return [`\`${name}\``, code(type), ...(required ? [value] : []), text];
  });
  return [heads, heads.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.map(cell).join(" | ")} |`)
    .join("\n");
}

function typeText({ type, $ref, items, additionalProperties }: SchemaType): string {
  if (items) return `${typeText(items)}[]`;
  if (additionalProperties) return `Record<string, ${typeText(additionalProperties)}>`;
  return $ref ? nameOf($ref) : (type ?? "any");
}

const made = "<!-- Made from the docstrings by `npm run docs:components`. -->";
const code = (text: string) => `\`${text}\``;
const cell = (text: string) => text.replaceAll("\n", " ").replaceAll("|", "\\|");
const nameOf = (token: string) => token.split(/[:/]/).at(-1) ?? token;

/** Where the pages are. */
export const pagesFolder = path.join(__dirname, "../docs/components");

async function write(): Promise<void> {
  const made = pages(await packageSchema());
  fs.rmSync(pagesFolder, { recursive: true, force: true });
  fs.mkdirSync(pagesFolder, { recursive: true });
  for (const [file, text] of Object.entries(made)) {
    fs.writeFileSync(path.join(pagesFolder, file), text);
  }
}

if (require.main === module) void write();
