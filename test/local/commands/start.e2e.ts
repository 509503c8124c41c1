import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { local } from "../faults/localCommand";

describe("platforms that start at the same time", function () {
  this.timeout(120_000);
  const folders = ["one", "two", "three"].map((name) =>
    fs.mkdtempSync(path.join(os.tmpdir(), `glue-etl-${name}-`)),
  );

  after(async () => {
    await Promise.all(folders.map((folder) => local(folder, "stop")));
    folders.forEach((folder) => fs.rmSync(folder, { recursive: true, force: true }));
  });

  it("have a port each, though all find the same one free", async () => {
    const started = await Promise.all(folders.map((folder) => local(folder, "start")));
    const endpoints = started.map(({ code, told }) => {
      assert.equal(code, 0, told);
      return /AWS_ENDPOINT_URL=(\S+)/.exec(told)?.[1];
    });
    assert.equal(new Set(endpoints).size, folders.length, endpoints.join());
    for (const [place, folder] of folders.entries()) {
      const { told } = await local(folder, "status");
      assert.ok(told.includes(`runs at ${endpoints[place]}, `), told);
    }
  });
});
