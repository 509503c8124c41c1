import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import * as os from "node:os";
import * as path from "node:path";
import { freePort } from "../../freePort";
import { type Ended, local, processesOf, startLocal } from "./localCommand";

/** What commands say of a folder of state that they can't use, and what mends it. */
describe("a folder of state that can't be used", function () {
  this.timeout(300_000);
  let folder: string;

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "glue-etl-broken-"));
  });

  afterEach(async () => {
    await local(folder, "stop");
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const write = (file: string, content: string) => {
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    fs.writeFileSync(path.join(folder, file), content);
  };

  function refused({ code, told }: Ended, ...words: string[]): void {
    assert.equal(code, 1, told);
    for (const word of words) assert.ok(told.includes(word), `no ${word} in:\n${told}`);
    assert.doesNotMatch(told, /^ +at /m);
  }

  it("a broken record of the platform is made again from its process", async () => {
    const port = await freePort();
    assert.equal((await local(folder, "start", "--port", `${port}`)).code, 0);
    write("platform.json", '{"pid": 1');
    assert.match((await local(folder, "status")).told, new RegExp(`runs at http\\S+:${port}`));
    assert.match((await local(folder, "stop")).told, /Stopped/);
    assert.deepEqual(processesOf(folder), []);
  });

  it("a broken record of a platform that is gone is no matter", async () => {
    write("platform.json", "");
    assert.match((await local(folder, "status")).told, /platform: stopped/);
  });

  it("broken outputs are named, with what writes them anew", async () => {
    write("outputs.json", '{"workflowName": "mob');
    refused(await local(folder, "query", "SELECT 1"), "outputs.json", "npm run local -- deploy");
  });

  it("a broken state of the engine is named, and a reset clears it", async () => {
    write("pulumi/passphrase", "secret");
    write("pulumi/state/.pulumi/meta.yaml", "version: 1\n");
    write("pulumi/state/.pulumi/stacks/glue-etl/local.json", '{"version": 3, "check');
    refused(await local(folder, "deploy"), path.join(folder, "pulumi", "state"), "reset");
    assert.equal((await local(folder, "reset")).code, 0);
    assert.equal(fs.existsSync(folder), false);
  });

  it("a state of the engine without its passphrase is refused", async () => {
    write("pulumi/state/.pulumi/stacks/glue-etl/local.json", "{}");
    refused(await local(folder, "deploy"), path.join(folder, "pulumi", "passphrase"), "reset");
  });

  it("a port that is taken is named, with what to do", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const ended = await local(folder, "start", "--port", `${port}`);
    server.close();
    refused(ended, `${port}`, "--port");
  });

  describe("on a disk", function () {
    /** A name space of its own, in which this user may mount. */
    const inNamespace = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"];

    before(function () {
      const [command = "", ...args] = inNamespace;
      try {
        execFileSync(command, [...args, "mount -t tmpfs tmpfs /mnt"], { stdio: "ignore" });
      } catch {
        console.log("      Not tried: this user may not mount in a name space of its own.");
        this.skip();
      }
    });

    /** Mounts a disk at the folder, runs a command, mounts it otherwise, and runs it again. */
    const twice = (first: string, then: string) => [
      ...inNamespace,
      `mount -t tmpfs -o size=64m tmpfs ${folder} && ${first} && { "$@"; echo "first: $?"; ${then}; exec "$@"; }`,
      "sh",
    ];

    it("that is read-only: named, and once it can be written all is well", async () => {
      const remount = (how: string) => `mount -o remount,${how} ${folder}`;
      const wrapper = twice(remount("ro"), remount("rw"));
      const { code, told } = await startLocal(folder, ["query", "SELECT 1"], wrapper).ended;
      const [first = "", then = ""] = told.split("first: ");
      refused({ code: Number(then[0]), told: first }, folder, "can't be written");
      assert.match(then, /Nothing is deployed/);
      assert.equal(code, 1);
    });

    it("that is full: named, and once there is room all is well", async () => {
      const filler = path.join(folder, "filler");
      const fill = `{ dd if=/dev/zero of=${filler} 2>/dev/null || true; }`;
      const wrapper = twice(fill, `rm ${filler}`);
      const { told } = await startLocal(folder, ["query", "SELECT 1"], wrapper).ended;
      const [first = "", then = ""] = told.split("first: ");
      refused({ code: Number(then[0]), told: first }, folder, "is full", "make room");
      assert.match(then, /Nothing is deployed/);
    });

    it("that fills up while a stack is deployed: named, and then it goes on", async function () {
      if (!process.env["GLUE_ETL_SLOW"]) this.skip();
      const wrapper = twice(
        `mount -o remount,size=2400k ${folder}`,
        `mount -o remount,size=256m ${folder}`,
      );
      const { code, told } = await startLocal(folder, ["deploy"], wrapper).ended;
      const [first = "", then = ""] = told.split("first: ");
      refused({ code: Number(then[0]), told: first }, folder, "is full", "make room");
      assert.equal(code, 0, then);
      assert.match(then, /Deployed/);
    });
  });
});
