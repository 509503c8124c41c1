import * as fs from "node:fs";
import * as path from "node:path";
import { Recorded } from "../components/recorder";
import { sources, stack } from "../stack";
import { BillLine, billOf, oldBill, total } from "./bill";
import { prices } from "./prices";
import { curatedGigabytes, rawGigabytes } from "./workload";

const file = path.join(__dirname, "../../docs/cost.md");

/** docs/cost.md with its figures made anew from the stack's defaults. */
export async function costPage(): Promise<string> {
  const made = await stack();
  const bill = billOf(made);
  const sections = {
    default: table(bill),
    old: table(Object.values(oldBill())),
    verdict: verdict(bill),
    settings: await settings(total(bill)),
    use: use(made),
  };
  return Object.entries(sections).reduce(
    (page, [name, text]) => withSection(page, name, text),
    fs.readFileSync(file, "utf8"),
  );
}

/** Puts a text between the page's marks of a section. */
function withSection(page: string, name: string, text: string): string {
  const [start, end] = [`<!-- ${name} -->\n`, `\n<!-- end of ${name} -->`];
  const [before, after] = [page.indexOf(start), page.indexOf(end)];
  if (before < 0 || after < before)
    throw new Error(`${file} lacks ${start.trim()} … ${end.trim()}`);
  return `${page.slice(0, before + start.length)}\n${text}\n${page.slice(after)}`;
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

if (require.main === module) {
  void costPage().then((page) => {
    fs.writeFileSync(file, page);
  });
}
