import { ListCrawlsCommand, Node as GlueNode } from "@aws-sdk/client-glue";
import { GetObjectCommand, NoSuchKey } from "@aws-sdk/client-s3";
import { Clients, splitS3Path } from "../aws";
import { isAwsError, UserError } from "../errors";

/** How often an object is read whose body is cut off. */
const attempts = 5;

/** Records of a source: each that was read is one of the others. */
export interface SourceCounts {
  records_read: number;
  rows_written: number;
  duplicates: number;
  quarantined: number;
}

/** The job's account of one run (docs/job.md, "What it writes"). */
export interface RunReport {
  run_id: string;
  /** Start and end of the work, ISO 8601. */
  started_at: string;
  finished_at: string;
  zone: string;
  format: string;
  rebuild: boolean;
  received_days: { first: string; last: string };
  objects: { seen: number; processed: number; unreadable: string[] };
  sources: Record<string, SourceCounts>;
  /** Rows added, by local date. */
  dates: Record<string, number>;
  quarantine_reasons: Record<string, number>;
  new_columns: string[];
  warnings: string[];
}

/** The report that a job run has left. */
export async function readReport(
  s3: Clients["s3"],
  curatedPath: string,
  jobRunId: string | undefined,
): Promise<RunReport> {
  const { Bucket, Prefix } = splitS3Path(curatedPath);
  const Key = `${Prefix}_reports/${jobRunId}.json`;
  try {
    return JSON.parse(await textOf(s3, Bucket, Key)) as RunReport;
  } catch (error) {
    const what = error instanceof NoSuchKey ? "The job left no report at" : "Can't read the report";
    throw new UserError(`${what} s3://${Bucket}/${Key}: ${String(error)}`);
  }
}

/** The text of an object. The SDK repeats a request, but not the reading of a body that is cut off. */
async function textOf(s3: Clients["s3"], Bucket: string, Key: string): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      return (await Body?.transformToString()) ?? "";
    } catch (error) {
      if (isAwsError(error) || attempt === attempts) throw error;
    }
  }
}

/** A line a source, `ios: 1,200 records read, 1,185 rows written, …`, then a line a warning. */
export function describeReport(report: Pick<RunReport, "sources" | "warnings">): string[] {
  const n = (count: number) => count.toLocaleString("en");
  const lines = Object.entries(report.sources).map(
    ([name, { records_read, rows_written, duplicates, quarantined }]) =>
      `${name}: ${n(records_read)} records read, ${n(rows_written)} rows written, ` +
      `${n(duplicates)} duplicates, ${n(quarantined)} quarantined`,
  );
  return [...lines, ...report.warnings.map((warning) => `warning: ${warning}`)];
}

interface Change {
  Count?: number;
}

/** What a crawl changed in the catalog, `: 1 table added, 5 partitions added`; empty for others. */
export async function describeCrawl(glue: Clients["glue"], node: GlueNode): Promise<string> {
  const crawl = node.CrawlerDetails?.Crawls?.at(-1);
  if (!crawl) return "";
  const { Crawls = [] } = await glue.send(
    new ListCrawlsCommand({ CrawlerName: node.Name, MaxResults: 20 }),
  );
  const listed = Crawls.find(
    ({ StartTime }) => StartTime?.getTime() === crawl.StartedOn?.getTime(),
  );
  const summary = JSON.parse(listed?.Summary ?? "{}") as Record<string, string>;
  const changes = Object.entries(summary).flatMap(([kind, text]) =>
    Object.entries(JSON.parse(text) as Record<string, Change>)
      .filter(([, { Count }]) => Count)
      .map(([change, { Count }]) => {
        const noun = kind.toLowerCase() + (Count === 1 ? "" : "s");
        return `${Count} ${noun} ${pastTense[change] ?? change.toLowerCase()}`;
      }),
  );
  return `: ${changes.join(", ") || "nothing new"}`;
}

const pastTense: Record<string, string> = {
  ADD: "added",
  UPDATE: "updated",
  DELETE: "deleted",
};
