import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const root = path.resolve(__dirname, "../..");

/** A program of a user: what it says must hold for its types, and of what it prints. */
const program = `import { ArgumentError, CrawledSource, crawlStep, DailyWorkflow } from "glue-etl";
import * as fs from "node:fs";

try {
  const orders = new CrawledSource("orders", {
    crawlerName: "orders",
    databaseName: "shop",
    bucketName: "shop-exports",
    prefix: "orders",
  });
  new DailyWorkflow("shop", { workflowName: "shop", steps: [[crawlStep(orders)]] });
} catch (error) {
  if (!(error instanceof ArgumentError)) throw error;
  console.log(error.message);
}
console.log(fs.existsSync(require.resolve("glue-etl/glue-jobs/mobile-user-daily/main.py")));
`;

describe("the components as a package of npm", function () {
  this.timeout(120_000);
  let folder: string;
  let project: string;
  let files: string[];

  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "components-package-"));
    // Packed from a copy, since the compiled files stand beside the sources for a moment.
    const sources = path.join(folder, "repository");
    for (const name of ["components", "glue-jobs", "tsconfig.json"]) {
      fs.cpSync(path.join(root, name), path.join(sources, name), { recursive: true });
    }
    fs.symlinkSync(path.join(root, "node_modules"), path.join(sources, "node_modules"));
    execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], {
      cwd: path.join(sources, "components"),
      stdio: ["ignore", "ignore", "inherit"],
    });
    project = path.join(folder, "project");
    const installed = install(folder, project);
    files = fs.readdirSync(installed, { recursive: true, encoding: "utf8" });
  });
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  it("carries compiled code, types and the job, and nothing else", () => {
    assert.ok(files.includes("index.js") && files.includes("index.d.ts"), files.join());
    assert.ok(files.includes(path.join("glue-jobs", "mobile_events", "run.py")), files.join());
    const kinds = /(\.d\.ts|\.js|\.py)$|^package\.json$|^README\.md$/;
    const isFile = (file: string) => path.extname(file) !== "";
    assert.deepEqual(
      files.filter((file) => isFile(file) && (!kinds.test(file) || /^documentation/.test(file))),
      [],
    );
  });

  it("is typed for a strict program, which it also holds to its types", () => {
    const tsc = (text: string) => {
      fs.writeFileSync(path.join(project, "index.ts"), text);
      const command = path.join(root, "node_modules/.bin/tsc");
      const options = ["--strict", "--module", "commonjs", "--esModuleInterop", "--skipLibCheck"];
      execFileSync(command, [...options, "--types", "node", "index.ts"], {
        cwd: project,
        encoding: "utf8",
      });
    };
    tsc(program);
    assert.throws(() => tsc(program.replace("crawlerName:", "crawler:")), {
      stdout: /'crawler' does not exist in type 'CrawledSourceArgs'/,
    });
    tsc(program);
  });

  it("runs from another project's node_modules", () => {
    const output = execFileSync("node", ["index.js"], { cwd: project, encoding: "utf8" });
    assert.match(output, /^CrawledSource "orders": `prefix` is "orders"\. End it with a slash/);
    assert.match(output, /\ntrue\n$/);
  });
});

/** Puts the packed files where npm would, beside the packages that they need. */
function install(folder: string, project: string): string {
  const modules = path.join(project, "node_modules");
  const target = path.join(modules, "glue-etl");
  fs.mkdirSync(target, { recursive: true });
  const [archive = ""] = fs.readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  execFileSync("tar", ["-xzf", path.join(folder, archive), "-C", target, "--strip-components=1"]);
  for (const entry of fs.readdirSync(path.join(root, "node_modules"))) {
    if (entry === "glue-etl") continue;
    fs.symlinkSync(path.join(root, "node_modules", entry), path.join(modules, entry));
  }
  return target;
}
