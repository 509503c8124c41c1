import { RunReport } from "../runs/counts";
import { JobLogEnd } from "../runs/jobLog";
import { BillLine } from "./cost/glueCost";

/** All that the page of a run shows. */
export interface RunPage {
  workflow: string;
  runId: string;
  /** Glue's status of the run: COMPLETED, STOPPED, ERROR, … */
  status: string;
  startedAt: Date;
  endedAt: Date | undefined;
  /** Run properties, as they were given. */
  properties: Record<string, string>;
  /** Each behind those that it waits for. */
  steps: Step[];
  /** What the job has reported; undefined where it ended without. */
  job: RunReport | undefined;
  /** The newest run before that left a report. */
  before: { runId: string; job: RunReport } | undefined;
  quarantine: Answer<QuarantineExample[]>;
  activity: Answer<DayActivity[]>;
  events: Answer<EventCount[]>;
  funnel: Answer<FunnelDay[]>;
  tables: Answer<TableChange[]>;
  cost: Answer<BillLine[]>;
}

/** Names of the platforms in the page, sorted: each keeps its colour in all charts. */
export function platformsOf({ job, activity, events }: RunPage): string[] {
  const rows: { platform: string }[] = [
    ...("found" in activity ? activity.found : []),
    ...("found" in events ? events.found : []),
  ];
  const names = [...Object.keys(job?.sources ?? {}), ...rows.map(({ platform }) => platform)];
  return [...new Set(names)].sort();
}

/** Something that was asked for, or why there is none. */
export type Answer<T> = { found: T } | { problem: string };

/** A trigger, crawler or job of the workflow, and its last attempt in this run. */
export interface Step {
  id: string;
  kind: "trigger" | "crawler" | "job";
  name: string;
  /** Glue's state of the attempt; FIRED of a trigger; NOT_STARTED where nothing ran. */
  state: string;
  startedAt: Date | undefined;
  endedAt: Date | undefined;
  error: string | undefined;
  /** What a failed job has logged last. */
  log?: Answer<JobLogEnd>;
  /** What a crawl changed in the catalog. */
  note: string;
  /** Ids of the steps before. */
  after: string[];
}

/** A record that the run could not make a row of. */
export interface QuarantineExample {
  reason: string;
  source: string;
  objectKey: string;
  lineNumber: number;
  line: string;
}

export interface DayActivity {
  date: string;
  platform: string;
  users: number;
  rows: number;
}

export interface EventCount {
  type: string;
  /** Empty where calls of the type have no event. */
  event: string;
  platform: string;
  rows: number;
}

/** Users that reached each step on a day, in the order of the steps. */
export interface FunnelDay {
  date: string;
  steps: { name: string; users: number }[];
}

/** What the run changed in the columns of a table. */
export interface TableChange {
  table: string;
  isNew: boolean;
  columns: ColumnChange[];
}

/** A column or, as a path with dots, a field in one. No `from`: added; no `to`: removed. */
export interface ColumnChange {
  path: string;
  from: string | undefined;
  to: string | undefined;
}
