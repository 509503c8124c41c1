import { gzipSync } from "node:zlib";

/**
 * A small archive whose answers are known: they are worked out by hand from docs/job.md, and nothing
 * of the job is asked for them. The clocks of Los Angeles go on at 2026-03-08T10:00Z.
 */

type SourceName = "ios" | "android" | "web";

/** An object of the archive. */
export interface RawObject {
  source: SourceName;
  /** UTC day on which it was received. */
  day: string;
  file: string;
  lines: string[];
}

/** Received days, for the run properties. */
export const days = { start_date: "2026-03-08", end_date: "2026-03-09" };

const at = (day: string, time: string) => `${day}T${time}`;

function event(
  messageId: string,
  anonymousId: string,
  timestamp: string | number,
  receivedAt = "2026-03-09T23:50:00Z",
  userId?: string,
): string {
  return JSON.stringify({
    messageId,
    anonymousId,
    userId,
    type: "track",
    event: "Product Viewed",
    timestamp,
    originalTimestamp: timestamp,
    sentAt: receivedAt,
    receivedAt,
    context: { ip: "192.0.2.7", os: { version: "18.1" } },
    properties: { price: 1.5 },
  });
}

/** Before the clocks go on a day ends at 08:00 UTC, after it at 07:00. */
export const archive: RawObject[] = [
  {
    source: "ios",
    day: "2026-03-08",
    file: "a.gz",
    lines: [
      event("i-1", "u-1", at("2026-03-08", "07:59:59.999Z")), // 7 March, 23:59:59.999
      event("i-2", "u-1", at("2026-03-08", "08:00:00Z"), "2026-03-08T08:00:01Z"), // 8 March, 00:00
      event("i-3", "u-2", at("2026-03-08", "09:59:59Z"), "2026-03-08T10:00:00Z", "user-2"), // 01:59:59
      event("i-4", "u-1", at("2026-03-08", "10:00:00Z")), // 03:00:00, an hour on
      event("i-2", "u-1", at("2026-03-08", "08:00:00.004Z"), "2026-03-08T09:00:00Z"), // sent again
      event("i-9", "u-9", at("2026-03-08", "12:00:00Z")).slice(0, 60), // cut off
      "[1]",
      event("i-10", "u-9", 1_772_971_200),
      "",
    ],
  },
  {
    source: "ios",
    day: "2026-03-09",
    file: "b.gz",
    lines: [
      event("i-5", "u-3", at("2026-03-09", "06:59:59Z")), // 8 March, 23:59:59
      event("i-6", "u-3", at("2026-03-09", "07:00:00Z")), // 9 March, 00:00
      event("i-1", "u-1", at("2026-03-08", "07:59:59.999Z"), "2026-03-09T23:59:00Z"), // sent again
      event("i-7", "u-4", at("2026-03-06", "12:00:00Z")), // a phone that was offline
    ],
  },
  {
    source: "android",
    day: "2026-03-08",
    file: "a.gz",
    lines: [
      event("a-1", "v-1", at("2026-03-08", "20:00:00Z")),
      event("a-2", "v-1", at("2026-03-08", "20:00:00+01:00")), // 19:00 UTC
      event("a-3", "v-2", at("2026-03-08", "05:00:00Z")), // 7 March
    ],
  },
  {
    source: "android",
    day: "2026-03-09",
    file: "b.gz",
    lines: [
      event("a-4", "v-1", at("2026-03-09", "20:00:00Z"), "2026-03-09T20:00:01Z"),
      event("a-4", "v-1", at("2026-03-09", "20:00:00Z"), "2026-03-09T20:00:02Z"), // sent again
      event("a-5", "v-1", "yesterday"),
    ],
  },
];

/** An object that comes after the first run. */
export const lateObject: RawObject = {
  source: "ios",
  day: "2026-03-09",
  file: "c.gz",
  lines: [
    event("i-8", "u-3", at("2026-03-09", "23:00:00Z")),
    event("i-6", "u-3", at("2026-03-09", "07:00:00Z"), "2026-03-09T23:55:00Z"), // sent again
  ],
};

/** Rows and users by date and platform, as `SELECT` over `daily_active_users` writes them. */
export const activity = [
  ["2026-03-06", "ios", "1", "1"],
  ["2026-03-07", "android", "1", "1"],
  ["2026-03-07", "ios", "1", "1"],
  ["2026-03-08", "android", "1", "2"],
  ["2026-03-08", "ios", "3", "4"],
  ["2026-03-09", "android", "1", "1"],
  ["2026-03-09", "ios", "1", "1"],
];

/** The same with the late object: one more row, of a user who was there that day. */
export const activityAfterLate = activity.map((row) =>
  row[0] === "2026-03-09" && row[1] === "ios" ? ["2026-03-09", "ios", "1", "2"] : row,
);

/** What the clocks on the wall said. */
export const wallTimes = [
  ["a-2", "2026-03-08 12:00:00.000"],
  ["i-1", "2026-03-07 23:59:59.999"],
  ["i-2", "2026-03-08 00:00:00.000"],
  ["i-3", "2026-03-08 01:59:59.000"],
  ["i-4", "2026-03-08 03:00:00.000"],
];

/** Each source's account. */
export const accounts = {
  android: { records_read: 6, rows_written: 4, duplicates: 1, quarantined: 1 },
  ios: { records_read: 12, rows_written: 7, duplicates: 2, quarantined: 3 },
};

/** Source, reason and line in its object of each quarantined record. */
export const quarantined = [
  ["android", "bad_timestamp", "3"],
  ["ios", "bad_timestamp", "8"],
  ["ios", "not_an_object", "7"],
  ["ios", "not_json", "6"],
];

/** Where Segment puts an object, below its source's folder; the unit is milliseconds. */
export const keyOf = ({ day, file }: RawObject): string => `${Date.parse(day)}/${file}`;

export const bodyOf = ({ lines }: RawObject): Buffer => gzipSync(lines.join("\n"));
