import * as fs from "node:fs";
import * as path from "node:path";
import * as versions from "./versions.json";

const page = path.join(__dirname, "..", "..", "docs", "versions.md");
const [start, end] = ["<!-- versions -->\n", "<!-- end of versions -->"];

/** docs/versions.md, with the table as versions.json has it. `npm run docs:versions` writes it. */
export function versionsPage(): string {
  const text = fs.readFileSync(page, "utf8");
  const [before, after] = [text.split(start)[0], text.split(end)[1]];
  return `${before}${start}\n${table().join("\n")}\n\n${end}${after}`;
}

function table(): string[] {
  const { node, python, java, go } = versions;
  const [jar, sdk] = versions.sparkPackages.map((name) => name.split(":").at(-1));
  const list = (all: (string | number)[]) => all.join(", ");
  const rows = [
    ["Node", `${node.least.join(" or ")}, or later`, list(node.tested), list(node.unitTested)],
    ["Python", `${python.least} or later`, list(python.tested), ""],
    ["Java", `${list(java.supported)}; else PyPI's 17`, list(java.tested), ""],
    ["Pulumi CLI", `${versions.pulumi} or later`, versions.pulumi, ""],
    ["Go, where the CLI is built", `${go.least} or later; else PyPI's`, list(go.tested), ""],
    ["Glue's libraries", ...glueVersions()],
    ["Spark's S3 jars", `hadoop-aws ${jar}, AWS SDK ${sdk}`, `${jar}, ${sdk}`, ""],
    ["ministack", versions.ministack, versions.ministack, ""],
    ["moto", versions.moto, versions.moto, ""],
  ];
  const header = ["what", "taken", "all tests ran on", "some tests ran on"];
  return [header, header.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`);
}

/** The job's libraries, which a Glue version brings. */
function glueVersions(): [string, string, string] {
  const { "5.1": used, "6.0": next } = versions.glue;
  const set = (version: string, { python, ...libraries }: Record<string, string>) =>
    [
      `Glue ${version}: Python ${python}`,
      ...Object.entries(libraries).map(([name, of]) => `${name} ${of}`),
    ].join(", ");
  return ["5.1", set("5.1", used), `${set("6.0", next)} (the job alone)`];
}

if (require.main === module) fs.writeFileSync(page, versionsPage());
