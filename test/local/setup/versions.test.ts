import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { whyNotOn } from "../../../local/bootstrap.mjs";
import * as versions from "../../../local/setup/versions.json";
import { versionsPage } from "../../../local/setup/versionsPage";

const root = path.join(__dirname, "..", "..", "..");
const read = (file: string) => fs.readFileSync(path.join(root, file), "utf8");
const setup = (file: string) => read(`local/setup/${file}`);

const { "5.1": used, "6.0": next } = versions.glue;

/** What a lock file has for the libraries of a Glue version. */
function pins(glue: typeof next, end: string): string[] {
  return Object.entries({ pyspark: glue.spark, ...glue })
    .filter(([name]) => name !== "python" && name !== "spark")
    .map(([name, version]) => `${name}==${version}${end}`);
}

/** Text that a file must have, by what versions.json says. */
const elsewhere: [string, string, string[]][] = [
  [
    "requirements.in",
    setup("requirements.in"),
    [
      `ministack==${versions.ministack}\n`,
      `moto[athena,glue]==${versions.moto}\n`,
      `pyspark==${used.spark}\n`,
      `numpy==${used.numpy}\n`,
      `pandas==${used.pandas}\n`,
      `pyarrow==${used.pyarrow}\n`,
      `pulumi==${versions.pulumi}\n`,
    ],
  ],
  [
    "requirements.txt",
    setup("requirements.txt"),
    [
      `\nministack==${versions.ministack} \\`,
      `\nmoto==${versions.moto} \\`,
      `\npyspark==${used.spark} \\`,
      `\nnumpy==${used.numpy} \\`,
      `\npandas==${used.pandas} \\`,
      `\npyarrow==${used.pyarrow} \\`,
      `\npulumi==${versions.pulumi} \\`,
    ],
  ],
  ["requirements-glue-5.1.in", setup("requirements-glue-5.1.in"), [`boto3==${used.boto3}\n`]],
  ["requirements-glue-5.1.txt", setup("requirements-glue-5.1.txt"), [`boto3==${used.boto3} \\`]],
  ["requirements-glue-6.0.in", setup("requirements-glue-6.0.in"), pins(next, "\n")],
  ["requirements-glue-6.0.txt", setup("requirements-glue-6.0.txt"), pins(next, " \\")],
  [
    "the CLI's go.mod",
    setup("pulumi-cli/go.mod"),
    [`\ngo ${versions.go.least}\n`, `github.com/pulumi/pulumi/pkg/v3 v${versions.pulumi}\n`],
  ],
  [
    "package.json",
    read("package.json"),
    [
      `"@pulumi/pulumi": "${versions.pulumi}"`,
      `"node": "${versions.node.least.map((each, i) => `${i === 0 ? "^" : ">="}${each}.0`).join(" || ")}"`,
    ],
  ],
  ["pyproject.toml", read("pyproject.toml"), [`python_version = "${versions.python.least}"\n`]],
  [
    "README.md",
    read("README.md"),
    [
      `Node ${versions.node.least.join(" or ")}, or later, Python ${versions.python.least} or later`,
    ],
  ],
  ["CONTRIBUTING.md", read("CONTRIBUTING.md"), [`--python-version ${versions.python.least} `]],
];

describe("versions", () => {
  for (const [name, text, wanted] of elsewhere) {
    for (const part of wanted) {
      it(`${name} agrees on ${part.trim()}`, () =>
        assert.ok(text.includes(part), text.slice(0, 300)));
    }
  }

  it("the workflows use what is taken", () => {
    for (const file of fs.readdirSync(path.join(root, ".github", "workflows"))) {
      for (const [, tool, version = ""] of read(`.github/workflows/${file}`).matchAll(
        /(node|python)-version: "?([\d.]+)/g,
      )) {
        const taken =
          tool === "node"
            ? versions.node.least.some((least) => least.split(".")[0] === version)
            : version.startsWith("3.") && Number(version.slice(2)) >= 11;
        assert.ok(taken, `${file}: ${tool} ${version}`);
      }
    }
  });

  it("the page's table is made from them", () => {
    assert.equal(read("docs/versions.md"), versionsPage(), "npm run docs:versions");
  });

  it("the Node that runs this is among those that tests have run on", () => {
    const [major = ""] = process.versions.node.split(".");
    assert.ok([...versions.node.tested, ...versions.node.unitTested].includes(major), major);
  });

  const least = ["20.19", "22.12"];
  for (const version of ["20.19.0", "20.20.2", "22.12.0", "23.0.0", "26.10.0"]) {
    it(`takes Node ${version}`, () => assert.equal(whyNotOn(version, least), undefined));
  }
  for (const version of ["18.20.8", "20.18.3", "21.7.3", "22.11.0"]) {
    it(`refuses Node ${version}, and says which to install`, () =>
      assert.equal(
        whyNotOn(version, least),
        `Node ${version} can't run this: install Node 20.19 or 22.12, or later.`,
      ));
  }
});
