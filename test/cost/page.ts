import * as fs from "node:fs";
import * as path from "node:path";
import { BillLine, jobMinutes, total } from "../../local/report/cost/glueCost";
import { prices } from "../../local/report/cost/prices";
import { Recorded } from "../components/recorder";
import { sources, stack } from "../stack";
import { billOf, oldBill } from "./bill";
import { curatedGigabytes, rawGigabytes } from "./workload";

const docs = path.join(__dirname, "../../docs");

/** The pages that have figures, with these made anew from the stack's defaults, by file name. */
export async function pagesWithCosts(): Promise<Record<string, string>> {
  const made = await stack();
  const bill = billOf(made);
  const idle = billOf(await stack({ scheduleEnabled: "false" }));
  return {
    "cost.md": withSections("cost.md", {
      default: table(bill),
      old: table(Object.values(oldBill())),
      verdict: verdict(bill),
      settings: await settings(total(bill)),
      use: use(made),
    }),
    "operations.md": withSections("operations.md", {
      cost: `The default stack costs about ${dollars(total(bill))} a day, ${dollars(total(idle))} of it with no run at all.`,
      backfill: backfill(made),
    }),
  };
}

/** Puts texts between the marks of a page's sections. */
function withSections(name: string, sections: Record<string, string>): string {
  let page = fs.readFileSync(path.join(docs, name), "utf8");
  for (const [section, text] of Object.entries(sections)) {
    const [start, end] = [`<!-- ${section} -->\n`, `\n<!-- end of ${section} -->`];
    const [before, after] = [page.indexOf(start), page.indexOf(end)];
    if (before < 0 || after < before) throw new Error(`${name} has no section ${section}`);
    page = `${page.slice(0, before + start.length)}\n${text}\n${page.slice(after)}`;
  }
  return page;
}

const dollars = (amount: number) => `$${amount.toFixed(amount > 0 && amount < 0.01 ? 4 : 2)}`;

export function table(lines: BillLine[]): string {
  return [
    "| what | a day | $ |",
    "| --- | --- | ---: |",
    ...lines.map((line) => `| ${line.what} | ${line.formula} | ${dollars(line.dollars)} |`),
    `| **together** | | **${dollars(total(lines))}** |`,
  ].join("\n");
}

function verdict(bill: BillLine[]): string {
  const old = oldBill();
  const [now, before] = [total(bill), total(Object.values(old))];
  const withoutEndpoint = total([old.crawlers, old.job]);
  return (
    `The default costs ${((now / before) * 100).toFixed(1)} % of the design it came from. Nearly all of that ` +
    `design's cost is the endpoint. Without it, it would come to ${dollars(withoutEndpoint)}, beside ` +
    `${dollars(now)}: crawls are most of either.`
  );
}

/** What a day costs with other settings of the stack. */
async function settings(usual: number): Promise<string> {
  const third = { name: "web", sourceId: "ksWEB" };
  const variants: [string, Record<string, unknown>][] = [
    ["`flex: true`", { flex: "true" }],
    ['`glueVersion: "6.0"`', { glueVersion: "6.0" }],
    [
      "`catalog: declared` of both sources",
      {
        sources: sources.map((source) => ({
          ...source,
          crawlerName: undefined,
          catalog: "declared",
        })),
      },
    ],
    ["a third source, crawled", { sources: [...sources, third] }],
    ["`workers: 10`, as in prod, all of them used", { workers: "10" }],
    ["`scheduleEnabled: false`, as in dev", { scheduleEnabled: "false" }],
  ];
  const rows: string[] = [];
  for (const [what, config] of variants) {
    const cost = total(billOf(await stack(config)));
    const change = cost - usual;
    rows.push(
      `| ${what} | ${dollars(cost)} | ${change < 0 ? "−" : "+"}${dollars(Math.abs(change))} |`,
    );
  }
  return ["| setting | a day | change |", "| --- | ---: | ---: |", ...rows].join("\n");
}

/** What is billed by use: with history and by query. */
function use(made: Recorded[]): string {
  const stored = (rawGigabytes + curatedGigabytes) * prices.storedGigabyteMonth;
  const workgroup = made.find(({ type }) => type === "aws:athena/workgroup:Workgroup");
  const { configuration } = JSON.parse(JSON.stringify(workgroup?.inputs));
  const limit: number = configuration.bytesScannedCutoffPerQuery;
  return [
    "| what | formula | in the day above |",
    "| --- | --- | --- |",
    `| storage | GB × $${prices.storedGigabyteMonth} a month | each day's ${rawGigabytes} GB raw and ${curatedGigabytes} GB curated: ${dollars(stored)} a month, for as long as they are kept |`,
    `| a query | TB scanned × $${prices.scannedTerabyte}, 10 MB at least | the limit of ${limit / 1e9} GB holds one to ${dollars((limit / 1e12) * prices.scannedTerabyte)} |`,
  ].join("\n");
}

/** What a lot of history takes, and how much of it fits into a run. */
function backfill(made: Recorded[]): string {
  const [workers, megabytes] = [12, 1024 * 1024];
  const minutes = jobMinutes(workers, megabytes);
  const hours = (workers * minutes) / 60;
  const timeout = Number(made.find(({ type }) => type === "aws:glue/job:Job")?.inputs["timeout"]);
  const fits = ((timeout / minutes) * megabytes) / 1024 ** 2;
  return (
    `A terabyte of JSON takes ${workers} workers ${minutes.toFixed(0)} minutes: ${hours.toFixed(1)} DPU-hours, ` +
    `${dollars(hours * prices.dpuHour)}. A run that takes more than ${timeout} minutes is stopped, and has then published ` +
    `nothing: with ${workers} workers, take no more than ${Math.floor(fits * 0.8)} TB at once.`
  );
}

if (require.main === module) {
  void pagesWithCosts().then((pages) => {
    for (const [name, page] of Object.entries(pages)) {
      fs.writeFileSync(path.join(docs, name), page);
    }
  });
}
