import { RunReport } from "../../../local/runs/counts";
import { RunPage, Step } from "../../../local/report/model";

/** A small run, with names that a page must not take for HTML. */

export const hostile = `<script>alert("1")</script><img src=x onerror=alert(2)>&amp;'`;

const at = (second: number) => new Date(Date.UTC(2026, 0, 2, 13, 0, second));

function step(place: number, kind: Step["kind"], name: string, values: Partial<Step> = {}): Step {
  return {
    id: `node-${place}`,
    kind,
    name,
    state: kind === "trigger" ? "FIRED" : "SUCCEEDED",
    startedAt: at(place),
    endedAt: at(kind === "trigger" ? place : place + 1),
    error: undefined,
    note: "",
    after: place === 0 ? [] : [`node-${place - 1}`],
    ...values,
  };
}

export function jobReport(values: Partial<RunReport> = {}): RunReport {
  return {
    run_id: "jr_1",
    started_at: "2026-01-02T13:00:03.000Z",
    finished_at: "2026-01-02T13:00:04.000Z",
    zone: "America/Los_Angeles",
    format: "parquet",
    rebuild: false,
    received_days: { first: "2025-12-31", last: "2026-01-02" },
    objects: { seen: 3, processed: 2, unreadable: [] },
    sources: {
      android: { records_read: 1005, rows_written: 1000, duplicates: 3, quarantined: 2 },
      ios: { records_read: 2001, rows_written: 2000, duplicates: 1, quarantined: 0 },
    },
    dates: { "2026-01-01": 1200, "2026-01-02": 1800 },
    quarantine_reasons: { not_json: 2 },
    new_columns: [],
    warnings: [],
    ...values,
  };
}

export function runPage(values: Partial<RunPage> = {}): RunPage {
  return {
    workflow: "mobile-user",
    runId: "wr_1",
    status: "COMPLETED",
    startedAt: at(0),
    endedAt: at(5),
    properties: {},
    steps: [
      step(0, "trigger", "mobile-user-start"),
      step(1, "crawler", "segmentlogs-IOS", { note: "1 table added" }),
      step(2, "trigger", "mobile-user-etl-trigger"),
      step(3, "job", "mobile-user-daily"),
    ],
    job: jobReport(),
    before: { runId: "wr_0", job: jobReport({ run_id: "jr_0" }) },
    quarantine: {
      found: [
        {
          reason: "not_json",
          source: "android",
          objectKey: "segment-logs/ks/1767312000000/a.gz",
          lineNumber: 7,
          line: `{"event": "${hostile}`,
        },
      ],
    },
    activity: {
      found: [
        { date: "2026-01-01", platform: "android", users: 11, rows: 400 },
        { date: "2026-01-01", platform: "ios", users: 22, rows: 800 },
        { date: "2026-01-02", platform: "ios", users: 23, rows: 1200 },
      ],
    },
    events: {
      found: [
        { type: "track", event: hostile, platform: "ios", rows: 70 },
        { type: "track", event: hostile, platform: "android", rows: 7 },
        { type: "screen", event: "", platform: "ios", rows: 30 },
      ],
    },
    funnel: {
      found: [
        {
          date: "2026-01-01",
          steps: [
            { name: "viewed", users: 10 },
            { name: "ordered", users: 3 },
          ],
        },
        {
          date: "2026-01-02",
          steps: [
            { name: "viewed", users: 20 },
            { name: "ordered", users: 3 },
          ],
        },
      ],
    },
    tables: {
      found: [
        {
          table: "segment_logs.ks",
          isNew: false,
          columns: [
            { path: `properties.${hostile}`, from: undefined, to: "string" },
            { path: "type", from: "bigint", to: "string" },
          ],
        },
      ],
    },
    cost: { found: [{ what: "crawls", formula: "1 × 10 min", dollars: 0.15 }] },
    ...values,
  };
}

/** A run whose job has failed: nothing after it, no report, no table yet. */
export function failedPage(): RunPage {
  const problem = "TABLE_NOT_FOUND: Table 'mobile_user' doesn't exist";
  const [start, crawl, trigger] = runPage().steps;
  return runPage({
    steps: [
      ...[start, crawl, trigger].flatMap((one) => one ?? []),
      step(3, "job", "mobile-user-daily", {
        state: "FAILED",
        error: `AccessDenied: ${hostile}`,
        log: {
          found: {
            group: "/aws-glue/jobs/output",
            stream: "jr_1-driver",
            lines: ["ERROR one", hostile],
          },
        },
      }),
      step(4, "trigger", "mobile-crawler-trigger", {
        state: "NOT_STARTED",
        startedAt: undefined,
        endedAt: undefined,
      }),
    ],
    job: undefined,
    before: undefined,
    quarantine: { found: [] },
    activity: { problem },
    events: { problem },
    funnel: { problem },
    tables: { found: [] },
  });
}

/** Nothing new: every object was published by the run before. */
export function idlePage(): RunPage {
  const none = { records_read: 0, rows_written: 0, duplicates: 0, quarantined: 0 };
  return runPage({
    job: jobReport({
      objects: { seen: 3, processed: 0, unreadable: [] },
      sources: { android: none, ios: none },
      dates: {},
      quarantine_reasons: {},
    }),
    quarantine: { found: [] },
    activity: { found: [] },
    events: { found: [] },
    funnel: { found: [] },
    tables: { found: [] },
  });
}

/** Names as long as Glue takes them, more platforms than colours, and more days than a flow shows. */
export function hugePage(): RunPage {
  const long = "a-very-long-name-".repeat(15).slice(0, 255);
  const platforms = Array.from({ length: 8 }, (_, place) => `${long.slice(0, 60)}${place}`);
  const days = Array.from({ length: 40 }, (_, day) =>
    new Date(Date.UTC(2025, 0, 1 + day)).toISOString().slice(0, 10),
  );
  return runPage({
    workflow: long,
    steps: [
      step(0, "trigger", long),
      ...platforms.map((name, place) =>
        step(place + 1, "crawler", name, { after: ["node-0"], error: undefined }),
      ),
      step(9, "job", long, { after: platforms.map((_, place) => `node-${place + 1}`) }),
    ],
    job: jobReport({
      sources: Object.fromEntries(
        platforms.map((name) => [
          name,
          { records_read: 3_660_000, rows_written: 3_660_000, duplicates: 0, quarantined: 0 },
        ]),
      ),
      dates: Object.fromEntries(days.map((day) => [day, 80_000])),
      quarantine_reasons: {},
      warnings: [long],
    }),
    activity: {
      found: days.flatMap((date) =>
        platforms.map((platform) => ({ date, platform, users: 1_000_000, rows: 10_000 })),
      ),
    },
    events: {
      found: platforms.map((platform) => ({ type: "track", event: long, platform, rows: 9 })),
    },
  });
}
