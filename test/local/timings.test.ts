import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { addTiming, describeTimings, timed } from "../../local/timings";

describe("where the time of a command went", () => {
  it("shows parts within parts, what nothing explains, and the whole", async () => {
    const outer = await timed("outer", async () => {
      await timed("inner", () => sleep(80));
      return addTiming("told by Glue", 3, 1);
    });
    assert.equal(outer.depth, 2);
    const lines = describeTimings(10)
      .split("\n")
      .map((line) => line.replace(/[│ ]+/g, " ").trim());
    assert.match(lines.find((line) => line.startsWith("outer")) ?? "", /^outer 0\.[1-9] [1-9]$/);
    assert.match(lines.find((line) => line.startsWith("inner")) ?? "", /^inner 0\.[1-9] [01]$/);
    assert.ok(lines.includes("told by Glue 3.0 30"), lines.join("\n"));
    assert.match(lines.find((line) => line.startsWith("everything")) ?? "", /else 9\.\d 99$/);
    assert.ok(lines.includes("all of it 10.0 100"));
  });

  it("counts a part that fails", async () => {
    await assert.rejects(timed("fails", () => Promise.reject(new Error("broken"))));
    assert.match(describeTimings(1), /fails/);
  });
});
