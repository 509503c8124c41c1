import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import {
  packageSchema,
  type PackageSchema,
  pages,
  pagesFolder,
  type SchemaProperty,
  type SchemaType,
} from "../../components/documentation";

const folder = path.resolve(__dirname, "../../components");

describe("the components as a Pulumi package", function () {
  this.timeout(60_000);
  let schema: PackageSchema;
  before(async () => {
    schema = await packageSchema();
  });

  it("has every component that extends ComponentResource", () => {
    const declared = fs
      .readdirSync(folder)
      .filter((file) => file.endsWith(".ts"))
      .map((file) => fs.readFileSync(path.join(folder, file), "utf8"))
      .flatMap((text) => [...text.matchAll(/class (\w+) extends pulumi\.ComponentResource/g)])
      .map(([, name]) => `glue-etl:index:${name}`);
    assert.ok(declared.length >= 7, "no components found");
    assert.deepEqual(Object.keys(schema.resources).sort(), declared.sort());
  });

  it("describes and types every argument, output and nested field", () => {
    assert.deepEqual(lacking(schema), []);
  });

  it("would tell of what is undescribed or untyped", () => {
    const broken = structuredClone(schema);
    const step = broken.types["glue-etl:index:WorkflowStep"]?.properties;
    const source = broken.resources["glue-etl:index:CrawledSource"]?.inputProperties;
    assert.ok(step?.["jobName"] && source?.["prefix"]);
    delete step["jobName"].description;
    source["prefix"] = { description: "Folder", $ref: "#/types/glue-etl:index:None" };
    assert.deepEqual(lacking(broken), [
      "glue-etl:index:CrawledSource.prefix: type",
      "glue-etl:index:WorkflowStep.jobName: description",
    ]);
  });

  it("shows each component's use by an example", () => {
    for (const [token, { description }] of Object.entries(schema.resources)) {
      const name = token.split(":").at(-1) ?? "";
      assert.match(description ?? "", new RegExp(`\`\`\`ts\n[^]*new ${name}\\([^]*\`\`\``), token);
    }
  });

  it("agrees with the pages of the components (npm run docs:components)", () => {
    const made = pages(schema);
    assert.deepEqual(fs.readdirSync(pagesFolder).sort(), Object.keys(made).sort());
    for (const [file, text] of Object.entries(made)) {
      assert.equal(fs.readFileSync(path.join(pagesFolder, file), "utf8"), text, file);
    }
  });
});

/** What has no description or no type, with what it lacks. */
function lacking({ resources, types }: PackageSchema): string[] {
  const isTyped = ({ type, $ref, items, additionalProperties }: SchemaType): boolean => {
    if ($ref !== undefined) return $ref.replace("#/types/", "") in types;
    if (type === "array") return items !== undefined && isTyped(items);
    if (type === "object")
      return additionalProperties !== undefined && isTyped(additionalProperties);
    return ["string", "number", "integer", "boolean"].includes(type ?? "");
  };
  const of = (owner: string, properties: Record<string, SchemaProperty>) =>
    Object.entries(properties).flatMap(([name, property]) => [
      ...(isDescribed(property) ? [] : [`${owner}.${name}: description`]),
      ...(isTyped(property) ? [] : [`${owner}.${name}: type`]),
    ]);
  return [
    ...Object.entries(resources).flatMap(([token, component]) => [
      ...(isDescribed(component) ? [] : [`${token}: description`]),
      ...of(token, component.inputProperties),
      ...of(token, component.properties),
    ]),
    ...Object.entries(types).flatMap(([token, { properties }]) => of(token, properties)),
  ];
}

/** The analyzer makes `[object Object]` of a docstring with a link tag. */
function isDescribed({ description }: { description?: string }): boolean {
  return description !== undefined && /\w{3}/.test(description) && !description.includes("[object");
}
