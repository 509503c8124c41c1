import assert from "node:assert/strict";
import { goodStack } from "./good";
import { describeRules } from "./pack/cases";
import { sharedPack } from "./pack/sharedPack";

describe("policies for the triggers of Glue", () => {
  describeRules(
    ["glue-trigger"],
    [
      {
        rule: "glue-trigger-start",
        resource: "start",
        field: "type",
        bad: ["ON_DEMAND"],
        good: ["EVENT"],
        says: /`enabled` is true\. To fix it, set false/,
      },
    ],
  );

  it("judges what the provider makes of a trigger that doesn't say", async () => {
    const host = await sharedPack();
    const start = goodStack.find(({ name }) => name === "start") ?? assert.fail();
    const found = async (changes: object) =>
      (
        await host.analyze({ ...start, props: { ...start.props, type: "ON_DEMAND", ...changes } })
      ).map(({ rule, message }) => [rule, /is.*?(?=\. To)/.exec(message)?.[0]]);
    const atOnce = [["glue-trigger-start", "isn't set, so the trigger starts at once"]];
    assert.deepEqual(await found({ enabled: undefined }), atOnce);
    assert.deepEqual(await found({ enabled: undefined, startOnCreation: false }), atOnce);
    assert.deepEqual(await found({ enabled: false }), []);
    assert.deepEqual(await found({ enabled: false, startOnCreation: true }), []);
  });
});
