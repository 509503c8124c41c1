import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const loader = path.resolve(__dirname, "../../local/typescriptLoader.cjs");

describe("the loader of TypeScript files", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loader-"));
  const file = path.join(folder, "program.ts");
  const run = (text: string) => {
    fs.writeFileSync(file, text);
    return spawnSync(process.execPath, ["--require", loader, file], { encoding: "utf8" });
  };

  after(() => fs.rmSync(folder, { recursive: true }));

  it("runs what a file says now, also when it is loaded again", () => {
    const says = (what: string) => `const text: string = "${what}";\nconsole.log(text);\n`;
    assert.equal(run(says("one")).stdout, "one\n");
    assert.equal(run(says("two")).stdout, "two\n");
    assert.equal(run(says("one")).stdout, "one\n");
  });

  it("names the line of an error in the file itself", () => {
    const text = `interface Shape {\n  sides: number;\n}\n\nthrow new Error("line 5 " + String({} as Shape));\n`;
    for (const time of ["compiled", "kept"]) assert.match(run(text).stderr, /program\.ts:5/, time);
  });
});
