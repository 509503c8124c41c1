/** AWS's list prices in us-west-2 in dollars, without free tiers, by the page that names them. */
export const prices = {
  /** AWS Glue pricing: jobs before Glue 6.0, crawlers and dev endpoints, an hour of a DPU. */
  dpuHour: 0.44,
  /** AWS Glue pricing: jobs of the flexible class before Glue 6.0, an hour of a DPU. */
  flexDpuHour: 0.29,
  /** AWS KMS pricing: a month of a customer's key. */
  keyMonth: 1,
  /** Amazon CloudWatch pricing: a month of an alarm at standard resolution on one metric. */
  alarmMonth: 0.1,
  /** Amazon CloudWatch pricing: a month of a dashboard. */
  dashboardMonth: 3,
  /** Amazon CloudWatch pricing: a month of a custom metric, by the hours in which it is sent. */
  metricMonth: 0.3,
  /** AWS Step Functions pricing: a transition of a standard workflow. */
  transition: 0.025 / 1000,
  /** Amazon Athena pricing: a terabyte scanned. */
  scannedTerabyte: 5,
  /** Amazon S3 pricing: a month of a gigabyte in S3 Standard. */
  storedGigabyteMonth: 0.023,
} as const;

/**
 * The share of a job's price that Glue 6.0 takes, in dollars $0.308: "30% lower pricing than previous
 * AWS Glue versions" (AWS News Blog, 2026-08-21, "AWS Glue 6.0 now available").
 */
const shareOfGlue6 = 0.7;

/** Dollars for an hour of a DPU of a job. @param glueVersion as GetJob has it: `5.1`. */
export function jobDpuHour(glueVersion: string, flex: boolean): number {
  const price = flex ? prices.flexDpuHour : prices.dpuHour;
  return Number(glueVersion) >= 6 ? Number((price * shareOfGlue6).toFixed(3)) : price;
}

/** AWS Glue pricing: what is billed at least. */
export const minimumMinutes = { crawl: 10, job: 1 } as const;

/** DPUs of a crawl, as in the example of AWS Glue pricing, "Crawlers". */
export const crawlDpus = 2;

/** DPUs of a worker (AWS Glue guide, "Worker types"). */
export const workerDpus: Record<string, number> = { "G.1X": 1, "G.2X": 2, "G.4X": 4, "G.8X": 8 };

export const hoursOfMonth = 730;
export const daysOfMonth = hoursOfMonth / 24;

/** JSON of a record: 814 MB of 720,000 sample events (docs/job.md). Yours may be of other sizes. */
export const kilobytesOfRecord = 1.13;
