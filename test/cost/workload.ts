/** The day that the costs are those of: its arithmetic is that of docs/job.md, "How fast, and what it takes on Glue". */

/** Megabytes of JSON a day. */
const jsonMegabytes = 10_240;
/** Gigabytes a day in the raw bucket, gzipped, and in the curated one, as Parquet. */
export const rawGigabytes = 0.7;
export const curatedGigabytes = 0.5;

const coresOfWorker = 4;
const megabytesOfCoreSecond = 25;
const startAndEndMinutes = 1.5;

/** Minutes of a run with so many G.1X workers, one of which is the driver. */
export function jobMinutes(workers: number, megabytes = jsonMegabytes): number {
  const perSecond = (workers - 1) * coresOfWorker * megabytesOfCoreSecond;
  return megabytes / perSecond / 60 + startAndEndMinutes;
}
