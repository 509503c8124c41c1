import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { leak, socketsOf } from "./sockets";

/** A process that listens, and says its port; its child does the work, as an emulator's job does. */
const listener = (address: string) => `
  const server = require("node:net").createServer().listen(0, "${address}", () =>
    require("node:fs").writeSync(1, server.address().port + "\\n"));
`;

async function leaksOf(address: string): Promise<{ port: string; leaks: string[]; all: number }> {
  const mark = randomUUID();
  const grandchild = `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(listener(address))}], { stdio: "inherit", env: {} })`;
  const child = spawn(process.execPath, ["-e", grandchild], {
    env: { SPY: mark },
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  try {
    const port = await new Promise<string>((resolve) =>
      child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString().trim())),
    );
    const sockets = socketsOf(`SPY=${mark}`).filter(({ listens }) => listens);
    return { port, leaks: sockets.flatMap((socket) => leak(socket) ?? []), all: sockets.length };
  } finally {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  }
}

describe("the list of sockets", function () {
  before(function () {
    if (process.platform !== "linux") this.skip();
  });

  for (const address of ["127.0.0.1", "::1", "::ffff:127.0.0.1"]) {
    it(`takes ${address} for this machine`, async () => {
      const { leaks, all } = await leaksOf(address);
      assert.deepEqual(leaks, []);
      assert.equal(all, 1);
    });
  }

  for (const address of ["0.0.0.0", "::"]) {
    it(`tells of a child's child that listens on ${address}`, async () => {
      const { port, leaks } = await leaksOf(address);
      assert.equal(leaks.length, 1);
      assert.ok(leaks[0]?.includes(`:${port} `), leaks[0]);
    });
  }

  it("tells of what leads elsewhere", () => {
    const socket = { pid: 1, command: "java", kind: "tcp" as const, listens: false };
    const local = "127.0.0.1:40000";
    assert.equal(leak({ ...socket, local, remote: "127.0.0.1:4566" }), undefined);
    assert.match(leak({ ...socket, local: "10.0.0.7:40000", remote: "52.94.5.1:443" }) ?? "", /52/);
    assert.match(leak({ ...socket, local, remote: "10.0.0.7:443" }) ?? "", /10\.0\.0\.7/);
  });
});
