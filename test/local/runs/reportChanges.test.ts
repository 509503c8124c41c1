import assert from "node:assert/strict";
import { RunReport } from "../../../local/runs/counts";
import { reportChanges } from "../../../local/runs/reportChanges";

const before: RunReport = {
  run_id: "jr_1",
  started_at: "2026-11-25T13:00:00.000Z",
  finished_at: "2026-11-25T13:01:00.000Z",
  zone: "America/Los_Angeles",
  format: "parquet",
  rebuild: true,
  received_days: { first: "2026-11-24", last: "2026-11-25" },
  objects: { seen: 2, processed: 2, unreadable: [] },
  sources: { ios: { records_read: 1200, rows_written: 1190, duplicates: 10, quarantined: 0 } },
  dates: { "2026-11-24": 1000, "2026-11-25": 190 },
  quarantine_reasons: {},
  new_columns: ["event"],
  warnings: ["old"],
};

describe("what a run tells of the run before", () => {
  it("says nothing where nothing but times has changed", () => {
    assert.deepEqual(
      reportChanges(before, { ...before, run_id: "jr_2", finished_at: "later" }),
      [],
    );
  });

  it("tells counts that grew, shrank, came and went, columns and warnings", () => {
    const after: RunReport = {
      ...before,
      sources: { ios: { records_read: 1200, rows_written: 1188, duplicates: 10, quarantined: 2 } },
      dates: { "2026-11-24": 1188 },
      quarantine_reasons: { not_json: 2 },
      new_columns: ["event", "name"],
      warnings: ["old", "few rows"],
    };
    assert.deepEqual(reportChanges(before, after), [
      "ios, rows written: 1,190 → 1,188 (-2)",
      "ios, quarantined: 0 → 2 (+2)",
      "rows of 2026-11-24: 1,000 → 1,188 (+188)",
      "rows of 2026-11-25: 190 → 0 (-190)",
      "quarantined as not_json: 0 → 2 (+2)",
      "new column: name",
      "new warning: few rows",
    ]);
  });
});
