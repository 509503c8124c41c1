import { PolicyConfigJSONSchema } from "@pulumi/policy/schema";
import * as fs from "node:fs";
import * as path from "node:path";
import { Rule } from "./rule";
import { rules } from "./rules";

const readme = path.join(__dirname, "README.md");
const [start, end] = ["<!-- rules -->", "<!-- end of rules -->"];

/** The README with its table made anew from the rules. */
export function readmeWithRules(): string {
  const text = fs.readFileSync(readme, "utf8");
  const [before, after] = [text.indexOf(start), text.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`${readme} lacks ${start} … ${end}`);
  const table = rulesTable();
  return `${text.slice(0, before + start.length)}\n\n${table}\n\n${text.slice(after)}`;
}

function rulesTable(): string {
  return [
    "| rule | level | what it asks for, and why | config, with defaults | asked by |",
    "| --- | --- | --- | --- | --- |",
    ...rules.map(row),
  ].join("\n");
}

function row(rule: Rule): string {
  const cells = [
    `[\`${rule.name}\`](${rule.url})`,
    `${rule.level}, ${rule.severity}${rule.remediates ? "; remediates" : ""}`,
    `${rule.description}. ${rule.reason}. ${rule.fix}.`,
    configOf(rule).join("<br>"),
    rule.references.join(", "),
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

/** Every rule takes exemptions, too; the text above the table says so. */
function configOf({ configSchema }: Rule): string[] {
  return Object.entries(configSchema.properties)
    .filter(([key]) => key !== "exemptions")
    .map(([key, schema]) => describe(key, schema));
}

function describe(key: string, schema: PolicyConfigJSONSchema): string {
  return `\`${key}\` = \`${JSON.stringify(schema.default)}\`: ${schema.description ?? ""}`;
}

if (require.main === module) fs.writeFileSync(readme, readmeWithRules());
