import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { Project } from "./project";

/** What a kill leaves behind, and what the next command makes of it. */
describe("after a kill", function () {
  this.timeout(300_000);
  let project: Project;

  beforeEach(async () => {
    project = new Project();
    await project.start();
  });

  afterEach(() => project.remove());

  it("a deployment that was cut off is finished by the next one", async () => {
    const told = await project.killDuring(/aws:glue:Trigger \S+ creating/, "deploy");
    assert.doesNotMatch(told, /Duration/);
    assert.deepEqual(await project.left("policyPackHost"), []);
    // The engine writes the state anew and renames it, but files of metadata in place.
    const state = path.join(project.folder, ".local", "pulumi", "state");
    const files = fs.readdirSync(state, { recursive: true, encoding: "utf8" });
    assert.deepEqual(
      files.filter((name) => name.endsWith(".attrs")),
      [],
    );
    const { stderr } = await project.succeed("deploy");
    assert.match(stderr, /cut off/);
    assert.match((await project.succeed("deploy")).stderr, /no changes/);
  });

  it("an emulator that was killed has lost nothing that was deployed", async () => {
    await project.succeed("deploy");
    await project.succeed("load", "--days", "1", "--events", "200");
    project.killPlatform();
    assert.match((await project.local("status")).stdout, /platform: stopped/);
    assert.match((await project.succeed("refresh")).stderr, /Nothing had drifted/);
    const again = await project.succeed("load", "--days", "1", "--events", "200");
    assert.match(again.stderr, /nothing new/);
  });

  it("a run whose emulator dies ends with a clear message, and the next one works", async () => {
    await project.succeed("deploy");
    await project.succeed("load", "--days", "1", "--events", "200");
    const run = project.local("run");
    await project.until(/segmentlogs-IOS +started/);
    project.killPlatform();
    const { code, stderr } = await run;
    assert.equal(code, 1);
    assert.match(stderr, /The local platform ended unexpectedly/);
    await project.succeed("run");
  });
});
