import { jobMinutes } from "../../local/report/cost/glueCost";

/** The day that the costs are those of, as in docs/job.md, "How fast, and what it takes on Glue". */

/** Megabytes of JSON a day. */
const jsonMegabytes = 10_240;
/** Gigabytes a day in the raw bucket, gzipped, and in the curated one, as Parquet. */
export const rawGigabytes = 0.7;
export const curatedGigabytes = 0.5;

/** Minutes of the day's run with so many workers. */
export const minutesOfDay = (workers: number): number => jobMinutes(workers, jsonMegabytes);
