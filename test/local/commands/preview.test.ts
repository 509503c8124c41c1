import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { judge } from "../../../local/commands/preview";

describe("a stack's preview", () => {
  let eventLog: string;

  beforeEach(() => {
    eventLog = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "preview-")), "dev.jsonl");
    fs.writeFileSync(eventLog, '{"summaryEvent":{"result":"succeeded"}}\n');
  });

  afterEach(() => fs.rmSync(path.dirname(eventLog), { recursive: true }));

  it("is good only where its events and its process are", () => {
    assert.equal(judge("dev", { succeeded: true, eventLog }).outcome, "passed");
    assert.equal(judge("dev", { succeeded: false, eventLog }).outcome, "failed");
  });

  it("has failed where no event came", () => {
    fs.writeFileSync(eventLog, "");
    assert.equal(judge("dev", { succeeded: true, eventLog }).outcome, "failed");
  });
});
