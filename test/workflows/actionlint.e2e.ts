import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { actionlint } from "./actionlint";
import { workflowFile, workflowNames } from "./workflows";

describe("actionlint", function () {
  this.timeout(600_000);
  let command: string;

  before(async () => {
    command = await actionlint();
  });

  // It would take shellcheck and pyflakes from PATH where they are, and so differ by machine.
  const lint = (text: string) =>
    spawnSync(command, ["-shellcheck=", "-pyflakes=", "-no-color", "-"], {
      input: text,
      encoding: "utf8",
    });

  for (const name of workflowNames()) {
    it(`has nothing against ${name}`, () => {
      const { status, stdout, stderr } = lint(fs.readFileSync(workflowFile(name), "utf8"));
      assert.equal(status, 0, stdout + stderr);
    });
  }

  it("would tell a mistake, such as an expression that an author can fill", () => {
    const [name = ""] = workflowNames();
    const text = fs.readFileSync(workflowFile(name), "utf8");
    const broken = text.replace(/^( +)- (run|uses): .*$/m, "$1- run: echo ${{ github.head_ref }}");
    assert.notEqual(broken, text);
    const { status, stdout } = lint(broken);
    assert.equal(status, 1);
    assert.match(stdout, /"github.head_ref" is potentially untrusted/);
  });
});
