import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { Project } from "../e2e/project";
import { runJob } from "./runner";
import { readJob } from "./workflows";

/** The steps of the job that needs no account, as the workflow has them, in a copy of the project. */
describe("the preview of a pull request, without an account", function () {
  this.timeout(300_000);
  let project: Project;
  const read = (file: string) => fs.readFileSync(path.join(project.folder, file), "utf8");
  const run = () => runJob(readJob("preview.yml", "local"), { folder: project.folder });

  beforeEach(() => {
    project = new Project();
  });

  afterEach(() => project.remove());

  it("reports every stack, and goes well", async () => {
    const steps = await run();
    assert.deepEqual(
      steps.map(({ name, code }) => [name, code]),
      [
        ["Preview every stack", 0],
        ["Show it in the run", 0],
      ],
      steps.map(({ output }) => output).join("\n"),
    );
    const comment = read("comment.md");
    assert.match(comment, /^<!-- glue-etl preview -->\n## Pulumi preview\n/);
    assert.deepEqual(
      [...comment.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading),
      ["`dev`: ✅ no findings", "`local`: ✅ no findings", "`prod`: ✅ no findings"],
    );
    assert.match(comment, /- create `mobile-user-daily` \(`aws:glue:Job`\)/);
    assert.equal(read("step-summary.md"), comment);
  });

  it("fails by a dev endpoint, and the comment says so first", async () => {
    project.edit(
      "index.ts",
      "export const jobName",
      `import * as aws from "@pulumi/aws";
new aws.glue.DevEndpoint("mine", { roleArn: "arn:aws:iam::000000000000:role/mine", tags });
export const jobName`,
    );
    const steps = await run();
    assert.deepEqual(
      steps.map(({ name, code }) => [name, code]),
      [
        ["Preview every stack", 1],
        ["Show it in the run", 0],
      ],
    );
    const comment = read("comment.md");
    const [, first] = /^- (.*)$/m.exec(comment) ?? [];
    assert.match(first ?? "", /^`glue-no-dev-endpoint` on `mine` \(`aws:glue:DevEndpoint`\)/);
    assert.equal([...comment.matchAll(/^### .*❌ 1 mandatory finding$/gm)].length, 3);
    assert.equal(read("step-summary.md"), comment);
  });
});
