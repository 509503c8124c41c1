import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { recordedFile } from "./recorded";

const main = path.resolve(__dirname, "../../preview-report/main.ts");

function report(...args: string[]) {
  const tsNode = ["--require", "ts-node/register/transpile-only"];
  return spawnSync(process.execPath, [...tsNode, main, ...args], { encoding: "utf8" });
}

describe("the report program", function () {
  this.timeout(30_000);
  let folder: string;
  let clean: string;

  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "preview-report-"));
    clean = path.join(folder, "clean.jsonl");
    fs.writeFileSync(clean, '{"summaryEvent":{"result":"succeeded"}}\n');
  });

  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  it("writes one comment of all stacks, and ends with 0 where all is well", () => {
    const { status, stdout } = report("--stack", `dev=${clean}`, "--stack", `prod=${clean}`);
    assert.equal(status, 0);
    assert.match(stdout, /^<!-- glue-etl preview -->\n[^]*### `dev`: ✅[^]*### `prod`: ✅/);
  });

  it("ends with 1 where a stack has mandatory findings, or its preview failed", () => {
    const blocked = report(
      ...["--on", "AWS", "--stack", `dev=${clean}`],
      ...["--stack", `prod=${recordedFile("changes")}`],
    );
    assert.equal(blocked.status, 1);
    assert.match(blocked.stdout, /^<!-- glue-etl preview on AWS -->/);
    assert.match(blocked.stdout, /### `prod`: ❌ 2 mandatory findings/);
    assert.equal(report("--stack", `dev=${recordedFile("failed")}`).status, 1);
  });

  for (const [what, args, says] of [
    ["no stack", [], /--stack/],
    [
      "a file that isn't there",
      ["--stack", "dev=/nowhere.jsonl"],
      /\/nowhere\.jsonl can't be read/,
    ],
    ["no file", ["--stack", "dev"], /Write <stack>=<file>/],
    [
      "a file of something else",
      ["--stack", `dev=${main}`],
      /main\.ts, line 1, is no engine event/,
    ],
    ["a place that breaks the marker", ["--on", "x -->", "--stack", "a=b"], /one word/],
  ] as const) {
    it(`ends with 2 for ${what}, and says why`, () => {
      const { status, stderr, stdout } = report(...args);
      assert.equal(status, 2);
      assert.equal(stdout, "");
      assert.match(stderr, says);
    });
  }
});
