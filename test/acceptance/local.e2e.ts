import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { Project } from "../e2e/project";
import { items } from "./items";

/** The acceptance run on the local platform: every check and question, by the code that AWS gets. */
describe("the acceptance run, locally", function () {
  this.timeout(900_000);
  let project: Project;

  before(() => {
    project = new Project();
  });

  after(() => project.remove());

  it("holds every check, tells every answer, and leaves nothing", async () => {
    const { code, stdout, stderr } = await project.acceptance("--local");
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /^# Acceptance run, not on AWS: on the local platform\n/);
    assert.match(stdout, /Nothing here says anything about AWS/);
    assert.match(stdout, /account hidden/);
    const rows = [
      ...stdout.matchAll(/^\| (.+?) \| (held|answered|no answer|failed|not tried) \|/gm),
    ];
    const outcomes = Object.fromEntries(rows.map(([, title = "", outcome]) => [title, outcome]));
    // What the local platform refuses to answer.
    const unanswered = ["typeof", "statement-times"];
    const expected = items.map(({ kind, name, title }) => [
      title.replaceAll("|", "\\|"),
      kind === "check" ? "held" : unanswered.includes(name) ? "no answer" : "answered",
    ]);
    assert.deepEqual(outcomes, {
      ...Object.fromEntries(expected),
      "The stack is destroyed, with the objects in its buckets": "held",
      "Nothing is left": "held",
    });
    assert.doesNotMatch(stdout, /000000000000/, "the account's number");
    assert.deepEqual(fs.readdirSync(path.join(project.folder, ".acceptance")), []);
    assert.deepEqual(await project.left("emulator"), []);
    const platform = path.join(project.folder, ".local", "platform.json");
    assert.ok(!fs.existsSync(platform), "the user's own platform is left alone");
    assert.ok(!fs.existsSync(path.join(project.folder, "docs/acceptance.md")));
  });
});
