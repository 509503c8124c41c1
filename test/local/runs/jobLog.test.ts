import assert from "node:assert/strict";
import { partsOf, withoutFrames } from "../../../local/runs/jobLog";

const at = (text: string) => new Date(`2026-11-25T${text}Z`);

describe("where a job run's time went", () => {
  const run = { StartedOn: at("10:00:00.000"), CompletedOn: at("10:00:09.000") };
  const work = { start: at("10:00:04.000"), end: at("10:00:08.500") };

  it("tells the time from each line of its log to the next", () => {
    const lines = [
      "2026-11-25 10:00:03,000 INFO before the work",
      "2026-11-25 10:00:04,250 INFO reading 36 objects",
      "WARNING: no time",
      "2026-11-25 10:00:05,000 WARNING not a part",
      "2026-11-25 10:00:08,250 INFO publishing 15 files",
    ];
    assert.deepEqual(partsOf(run, work, lines), [
      { name: "Python, JVM and Spark session", seconds: 4 },
      { name: "finding what is new", seconds: 0.25 },
      { name: "reading 36 objects", seconds: 4 },
      { name: "publishing 15 files", seconds: 0.25 },
      { name: "committing and ending", seconds: 0.5 },
    ]);
  });

  it("loses no second of the run, with or without lines", () => {
    const total = partsOf(run, work, []).reduce((sum, { seconds }) => sum + seconds, 0);
    assert.equal(total, 9);
  });
});

describe("the end of a job's log", () => {
  it("leaves out the frames of Java's stack traces", () => {
    const lines = [
      "first",
      'File "main.py", line 1',
      "Caused by: java.io.IOException: AccessDenied",
      "\tat org.apache.spark.Task.run(Task.scala:141)",
      "\tat java.base/java.lang.Thread.run(Thread.java:840)",
      "\t... 1 more",
    ];
    assert.deepEqual(withoutFrames(lines, 2), lines.slice(1, 3));
  });
});
