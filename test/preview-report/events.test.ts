import assert from "node:assert/strict";
import { InputError, readEvents } from "../../preview-report/events";
import { recordedText } from "./recorded";

describe("reading an event log", () => {
  it("takes what the engine writes, and no property's value with it", () => {
    const events = readEvents(recordedText("changes"), "changes");
    assert.equal(events.length, recordedText("changes").trim().split("\n").length);
    const steps = events.filter(({ resourcePreEvent }) => resourcePreEvent);
    assert.doesNotMatch(JSON.stringify(steps), /inputs|\[secret\]/);
  });

  it("takes empty lines, and events that came later than this program", () => {
    assert.deepEqual(readEvents('\n{"sequence":1,"futureEvent":{"a":1}}\n\n', "log"), [{}]);
    assert.deepEqual(readEvents("", "log"), []);
  });

  for (const [what, line, says] of [
    ["text", "Previewing update (dev)", /^log, line 2, is no engine event/],
    ["half a line", '{"policyEvent":{"mess', /line 2/],
    ["a finding without a rule", '{"policyEvent":{"message":"x"}}', /policyName/],
    ["a step without an operation", '{"resourcePreEvent":{"metadata":{"urn":"u"}}}', /metadata.op/],
    ["a list", "[]", /line 2/],
  ] as const) {
    it(`refuses ${what}, by its line`, () => {
      assert.throws(
        () => readEvents(`{"sequence":1}\n${line}\n`, "log"),
        (error) => error instanceof InputError && says.test(error.message),
      );
    });
  }
});
