import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { Project } from "../../e2e/project";

/** `npm run local -- preview`, on the real engine. */
describe("the previews of all stacks", function () {
  this.timeout(300_000);
  let project: Project;
  const read = (file: string) => fs.readFileSync(path.join(project.folder, file), "utf8");
  const headings = (text: string) => [...text.matchAll(/^── (\S+)$/gm)].map(([, stack]) => stack);

  beforeEach(() => {
    project = new Project();
  });

  afterEach(() => project.remove());

  it("take each stack's own config, and leave no trace in committed files", async () => {
    const files = ["Pulumi.dev.yaml", "Pulumi.local.yaml", "Pulumi.prod.yaml", "Pulumi.yaml"];
    const before = files.map(read);
    const { stdout, stderr } = await project.succeed("preview");
    assert.deepEqual(headings(stdout), ["dev", "local", "prod"]);
    assert.match(stdout, /workflowName *: "mobile-user-dev"/);
    assert.match(stderr, /Preview: dev, local, prod passed, no mandatory findings\.\n$/);
    assert.deepEqual(files.map(read), before);
    assert.match(read(".local/pulumi/work/Pulumi.dev.yaml"), /^encryptionsalt: /m);
  });

  it("fail by mandatory findings of one stack, take its policy config, and write a comment alone", async () => {
    project.edit(
      "index.ts",
      "export const jobName",
      `import * as aws from "@pulumi/aws";
new aws.glue.DevEndpoint("mine", { roleArn: "arn:aws:iam::000000000000:role/mine", tags });
export const jobName`,
    );
    const config = { "glue-no-dev-endpoint": "advisory" };
    fs.mkdirSync(path.join(project.folder, "policies", "baselines"), { recursive: true });
    fs.writeFileSync(
      path.join(project.folder, "policies", "baselines", "local.json"),
      JSON.stringify(config),
    );
    const { code, stdout, stderr } = await project.local(
      ...["preview", "--stack", "local", "prod", "--output", "markdown"],
    );
    assert.equal(code, 1);
    assert.match(stderr, /\nPreview: prod: 1 mandatory finding\. See above\.\n$/);
    assert.match(stdout, /^<!-- glue-etl preview -->\n/);
    assert.match(stdout, /### `local`: ✅ 1 advisory finding\n/);
    assert.match(
      stdout,
      /### `prod`: ❌ 1 mandatory finding\n+\*\*Mandatory findings\*\*\n+- `glue-no-dev-endpoint` on `mine`/,
    );
    assert.deepEqual(headings(stderr), ["local", "prod"]);
    const log = read(".local/previews/prod.jsonl");
    assert.doesNotMatch(log, /"severity":"debug"/);
  });

  it("fail by a program that fails, and by a stack that isn't there", async () => {
    project.edit("Pulumi.dev.yaml", "name: ios", "name: iOS");
    const failed = await project.local("preview", "--stack", "dev", "--output", "markdown");
    assert.equal(failed.code, 1);
    assert.match(failed.stdout, /### `dev`: ❌ the preview failed\n/);
    assert.match(failed.stdout, /use small letters/);
    assert.match(failed.stderr, /\nPreview: dev: it failed\. See above\.\n$/);
    const unknown = await project.local("preview", "--stack", "staging");
    assert.equal(unknown.code, 1);
    assert.match(
      unknown.stderr,
      /^There is no Pulumi\.staging\.yaml\. The stacks are dev, local, prod\.\n$/m,
    );
  });

  it("end with all that they started when they're interrupted", async () => {
    const preview = project.local("preview");
    await project.until(/^── dev$/m);
    interruptOnly("local/cli.ts", project.folder);
    const { code, stdout } = await preview;
    assert.notEqual(code, 0);
    assert.deepEqual(headings(stdout), ["dev"]);
    assert.doesNotMatch(stdout, /Previewing update/);
    assert.deepEqual(processesIn(project.folder), []);
  });

  /** Signals one process alone, as a process manager would. */
  function interruptOnly(script: string, folder: string): void {
    const [process_] = processesIn(folder).filter(({ command }) => command.includes(script));
    assert.ok(process_, "the command runs");
    process.kill(process_.pid, "SIGTERM");
  }

  function processesIn(folder: string): { pid: number; command: string }[] {
    const lines = execFileSync("ps", ["-ww", "-eo", "pid=,command="]).toString().split("\n");
    return lines
      .filter((line) => line.includes(folder))
      .map((line) => line.trim())
      .map((line) => ({ pid: Number(line.split(" ", 1)[0]), command: line }));
  }
});
