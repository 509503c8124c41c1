import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { clients } from "../../../local/aws";
import { readReport } from "../../../local/runs/counts";

const body = JSON.stringify({ run_id: "jr_1" });

/** Reads a report from a server that answers so, request by request, the last for ever. */
async function readFrom(...answers: ((response: ServerResponse) => void)[]): Promise<unknown> {
  const server = createServer((_, response) =>
    (answers.length > 1 ? answers.shift() : answers[0])?.(response),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { s3 } = clients({ endpoint, pid: 0, port: 0, kept: true });
  try {
    return await readReport(s3, "s3://curated/", "jr_1");
  } finally {
    s3.destroy();
    server.close();
  }
}

const whole = (response: ServerResponse) => void response.end(body);
const cut = (response: ServerResponse) => {
  response.writeHead(200, { "content-length": body.length });
  response.write(body.slice(0, 5), () => response.destroy());
};
const missing = (response: ServerResponse) => {
  response.writeHead(404, { "content-type": "application/xml" });
  response.end("<Error><Code>NoSuchKey</Code><Message>no</Message></Error>");
};

describe("the report of a job run", () => {
  it("is read again where its body was cut off", async () => {
    assert.deepEqual(await readFrom(cut, cut, whole), { run_id: "jr_1" });
  });

  it("that can't be read isn't said to be missing", async () => {
    await assert.rejects(
      readFrom(cut),
      /^Error: Can't read the report s3:\/\/curated\/_reports\/jr_1.json/,
    );
  });

  it("that isn't there is said to be missing", async () => {
    await assert.rejects(readFrom(missing), /^Error: The job left no report at s3:.*NoSuchKey/);
  });
});
