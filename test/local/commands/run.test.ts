import assert from "node:assert/strict";
import { describeReport } from "../../../local/runs/counts";
import { runProperties } from "../../../local/commands/run";

describe("a run of the workflow", () => {
  it("gives the job what was asked for, and nothing else", () => {
    assert.deepEqual(runProperties({}), {});
    assert.deepEqual(
      runProperties({ startDate: "2026-01-01", endDate: "2026-01-02", rebuild: true }),
      { start_date: "2026-01-01", end_date: "2026-01-02", rebuild: "true" },
    );
    assert.deepEqual(runProperties({ allowEmpty: true, compact: true }), {
      allow_empty: "true",
      compact: "true",
    });
  });

  it("tells every record of the report, and the warnings", () => {
    const counts = { records_read: 12_345, rows_written: 12_300, duplicates: 40, quarantined: 5 };
    assert.deepEqual(describeReport({ sources: { ios: counts }, warnings: ["few rows"] }), [
      "ios: 12,345 records read, 12,300 rows written, 40 duplicates, 5 quarantined",
      "warning: few rows",
    ]);
  });
});
