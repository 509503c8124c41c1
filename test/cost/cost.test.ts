import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { jobMinutes, total } from "../../local/report/cost/glueCost";
import { stack } from "../stack";
import { billOf, oldBill } from "./bill";
import { pagesWithCosts, table } from "./page";

const docs = (name: string) => fs.readFileSync(path.join(__dirname, "../../docs", name), "utf8");

describe("the cost of a day", function () {
  this.timeout(60_000);

  it("is less than half of that of the design it came from", async () => {
    const bill = billOf(await stack());
    assert.ok(total(bill) < total(Object.values(oldBill())) / 2);
    assert.deepEqual(
      bill.slice(0, 2).map(({ formula }) => formula),
      ["3 × 10 min × 2 DPU × $0.44", "1 × 3.2 min × 2 DPU × $0.44"],
    );
  });

  it("stands in the docs (npm run docs:cost)", async () => {
    for (const [name, page] of Object.entries(await pagesWithCosts())) {
      assert.equal(docs(name), page);
    }
  });

  it("is less on Glue 6.0 by three tenths of the job's part", async () => {
    const job = async (config: object) => billOf(await stack({ ...config }))[1]?.formula;
    assert.match((await job({ glueVersion: "6.0" })) ?? "", /\$0\.308$/);
    assert.match((await job({ glueVersion: "6.0", flex: "true" })) ?? "", /\$0\.203$/);
    assert.match((await job({ flex: "true" })) ?? "", /\$0\.29$/);
  });

  it("changes with the stack's defaults", async () => {
    const page = docs("cost.md");
    assert.ok(page.includes(table(billOf(await stack()))));
    assert.ok(!page.includes(table(billOf(await stack({ workers: "3" })))));
  });

  it("follows the schedule", async () => {
    const crawls = async (config: object) => billOf(await stack({ ...config }))[0]?.formula;
    assert.match((await crawls({ schedule: "cron(0 */6 * * ? *)" })) ?? "", /^12 × /);
    assert.match((await crawls({ scheduleEnabled: "false" })) ?? "", /^0 × /);
  });

  it("takes the job's time from the arithmetic of docs/job.md", () => {
    const rows = [
      ...docs("job.md").matchAll(/^\| ([\d.]+) (GB|TB) [^|]*\| +(\d+) \|.*\| +([\d.]+) \|$/gm),
    ];
    assert.equal(rows.length, 3);
    for (const [row, amount, unit, workers, dpuHours] of rows) {
      const megabytes = Number(amount) * (unit === "TB" ? 1024 * 1024 : 1024);
      const hours = (Number(workers) * jobMinutes(Number(workers), megabytes)) / 60;
      assert.equal(hours.toFixed(1), dpuHours, row);
    }
  });
});
