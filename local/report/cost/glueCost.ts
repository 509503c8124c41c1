import { crawlDpus, jobDpuHour, minimumMinutes, prices, workerDpus } from "./prices";

/** What a part of a stack costs, and how that is worked out. */
export interface BillLine {
  what: string;
  formula: string;
  dollars: number;
}

export const total = (bill: BillLine[]): number =>
  bill.reduce((sum, { dollars }) => sum + dollars, 0);

/** Crawls, each of which is billed for ten minutes at least. */
export function crawls(count: number): BillLine {
  const minutes = minimumMinutes.crawl;
  return {
    what: "crawls",
    formula: `${count} × ${minutes} min × ${crawlDpus} DPU × $${prices.dpuHour}`,
    dollars: ((count * minutes) / 60) * crawlDpus * prices.dpuHour,
  };
}

/** Capacity of a job, as GetJob and GetJobRun tell it. */
export interface JobCapacity {
  numberOfWorkers: number;
  workerType: string;
  executionClass: string;
  glueVersion: string;
}

/** Runs of a job that uses all of its workers for so many minutes. */
export function workerJob(capacity: JobCapacity, runs: number, minutes: number): BillLine {
  const { numberOfWorkers, workerType, executionClass, glueVersion } = capacity;
  const flex = executionClass === "FLEX";
  return glueJob(
    `job, ${numberOfWorkers} ${workerType} at most${flex ? ", flexible" : ""}`,
    runs,
    numberOfWorkers * (workerDpus[workerType] ?? Number.NaN),
    minutes,
    jobDpuHour(glueVersion, flex),
  );
}

export function glueJob(
  what: string,
  runs: number,
  dpus: number,
  ran: number,
  price: number,
): BillLine {
  const minutes = Math.max(ran, minimumMinutes.job);
  return {
    what,
    formula: `${runs} × ${minutes.toFixed(1)} min × ${dpus} DPU × $${price}`,
    dollars: ((runs * minutes) / 60) * dpus * price,
  };
}

const coresOfWorker = 4;
const megabytesOfCoreSecond = 25;
const startAndEndMinutes = 1.5;

/**
 * Minutes of a run with so many G.1X workers, one of which is the driver: the arithmetic of
 * docs/job.md, "How fast, and what it takes on Glue".
 * @param megabytes of JSON, unzipped.
 */
export function jobMinutes(workers: number, megabytes: number): number {
  const perSecond = (workers - 1) * coresOfWorker * megabytesOfCoreSecond;
  return megabytes / perSecond / 60 + startAndEndMinutes;
}
