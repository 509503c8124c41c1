import assert from "node:assert/strict";
import { Project } from "./project";

const script = "glue-jobs/mobile_events/rows/registry.py";

/** `run --watch`, as somebody uses it who works on the job. */
describe("while the job's code is watched", function () {
  this.timeout(300_000);
  this.bail(true);
  let project: Project;
  let ended: ReturnType<Project["local"]>;

  before(async () => {
    project = new Project();
    await project.start();
    await project.succeed("deploy");
    await project.succeed("load", "--events", "500", "--seed", "1");
  });

  after(() => project.remove());

  it("the workflow runs first", async () => {
    ended = project.local("run", "--watch");
    await project.until(/All 4 actions succeeded[\s\S]*Watching/);
  });

  it("a change that breaks the job is told of, and watching goes on", async () => {
    project.edit(script, /^"""/, 'half done\n"""');
    await project.until(/Changed: mobile_events\/rows\/registry\.py/);
    await project.until(/mobile-user-daily FAILED: [\s\S]*SyntaxError[\s\S]*Watching/);
  });

  it("a change that mends it runs the job alone, and is held against the run before", async () => {
    project.edit(script, "half done\n", "");
    await project.until(/SyntaxError[\s\S]*The report is the same[\s\S]*Watching/);
  });

  it("Ctrl-C ends it, and nothing but the platform is left", async () => {
    project.interrupt();
    assert.match((await ended).stderr, /Interrupted: ending in good order/);
    assert.deepEqual(await project.left("local/cli.ts"), []);
    assert.deepEqual(await project.left("run_script.py"), []);
    assert.match((await project.succeed("status")).stdout, /platform: runs at/);
  });
});
