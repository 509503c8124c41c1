import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Browser } from "puppeteer-core";
import { pathToFileURL } from "node:url";
import { RunPage } from "../../../local/report/model";
import { render } from "../../../local/report/page";
import { focusOrder, launchBrowser, open, Opened, rowsOf, violations } from "./browser";
import { failedPage, hostile, hugePage, idlePage, jobReport, runPage } from "./pages";

describe("the page of a run, in a browser", function () {
  this.timeout(60_000);
  let browser: Browser;
  let folder: string;

  before(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "report-"));
    browser = await launchBrowser();
  });

  after(async () => {
    await browser.close();
    fs.rmSync(folder, { recursive: true });
  });

  const show = (page: RunPage, options: Parameters<typeof open>[2] = {}): Promise<Opened> => {
    const file = path.join(folder, "page.html");
    fs.writeFileSync(file, render(page));
    return open(browser, pathToFileURL(file).href, options);
  };

  const pages: [string, () => RunPage][] = [
    ["good", runPage],
    ["failed", failedPage],
    ["idle", idlePage],
    ["huge", hugePage],
  ];
  for (const [kind, page] of pages) {
    for (const scheme of ["light", "dark"] as const) {
      it(`of a ${kind} run is quiet and accessible, ${scheme}`, async () => {
        const { page: shown, noise } = await show(page(), { scheme });
        assert.deepEqual(noise, []);
        assert.deepEqual(await violations(shown), []);
        await shown.close();
      });
    }

    it(`of a ${kind} run fits a phone`, async () => {
      const { page: shown } = await show(page(), { width: 360 });
      const letters = await shown.evaluate(
        "{ const text = document.createRange(); text.selectNodeContents(document.querySelector('h2'));" +
          "text.getBoundingClientRect().width }",
      );
      assert.ok(Number(letters) > 50, "the browser has no font: nothing has a width");
      const wider = await shown.$eval("html", (root) => root.scrollWidth - root.clientWidth);
      assert.equal(wider, 0);
      const drawings = await shown.$$eval("svg", (all) =>
        all.filter((svg) => svg.checkVisibility()).map((svg) => svg.getAttribute("viewBox")),
      );
      assert.ok(drawings.length > 0);
      assert.ok(
        drawings.every((box) => box?.startsWith("0 0 340 ")),
        drawings.join(),
      );
      await shown.close();
    });
  }

  it("shows what phones sent as text", async () => {
    const { page, noise } = await show(runPage());
    assert.deepEqual(noise, []);
    assert.equal(await page.$$eval("script, img", (all) => all.length), 0);
    const rows = await rowsOf(page, "Events with most rows, of 2");
    assert.deepEqual(rows, [
      [hostile, "7", "70"],
      ["(screen)", "0", "30"],
    ]);
    const line = await page.$$eval(".example pre", (all) => all.map((pre) => pre.textContent));
    assert.deepEqual(line, [`{"event": "${hostile}`]);
    const labels = await page.$$eval("svg text", (all) => all.map((text) => text.textContent));
    assert.ok(
      labels.some((label) => label?.startsWith("<script>")),
      labels.join(),
    );
    await page.close();
  });

  it("has the account of each source, and the sum", async () => {
    const { page } = await show(runPage());
    assert.deepEqual(await rowsOf(page, "Records by source"), [
      ["android", "1,005", "1,000", "3", "2", "closes"],
      ["ios", "2,001", "2,000", "1", "0", "closes"],
      ["together", "3,006", "3,000", "4", "2", ""],
    ]);
    const tiles = await page.$$eval(".tile", (all) =>
      all.map((tile) => tile.textContent?.replace(/\s+/g, " ").trim()),
    );
    assert.deepEqual(tiles.slice(0, 2), [
      "Records read 3,006±0 to the run before",
      "Rows written 3,000±0 to the run before",
    ]);
    await page.close();
  });

  it("says where an account doesn't close", async () => {
    const counts = { records_read: 10, rows_written: 8, duplicates: 1, quarantined: 0 };
    const { page } = await show(runPage({ job: jobReport({ sources: { ios: counts } }) }));
    const [ios] = await rowsOf(page, "Records by source");
    assert.equal(ios?.at(-1), "does not close");
    await page.close();
  });

  it("says first what has failed, where and why", async () => {
    const { page } = await show(failedPage());
    assert.match(await page.title(), /^mobile-user 2026-01-02: failed$/);
    assert.match(await page.$eval("h1", (heading) => heading.textContent), /Failed/);
    const notice = await page.$eval(".notice.bad", (one) => one.textContent ?? "");
    assert.match(notice, /The job mobile-user-daily failed/);
    assert.ok(notice.includes(`AccessDenied: ${hostile}`));
    assert.match(notice, /The end of its log: \/aws-glue\/jobs\/output, stream jr_1-driver/);
    assert.ok(notice.includes(`ERROR one\n${hostile}`));
    const last = (await rowsOf(page, "States and times of the steps")).at(-1);
    assert.equal(last?.[3], "not started");
    await page.close();
  });

  it("is gone through by keyboard, from a link to its content on", async () => {
    const { page } = await show(runPage());
    assert.deepEqual(await focusOrder(page, 5), [
      "a:Skip to content",
      "a:wr_0",
      "a:Workflow",
      "a:Records",
      "a:Quarantine",
    ]);
    const outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle");
    assert.equal(outline, "solid");
    await page.focus(".skip");
    await page.keyboard.press("Enter");
    assert.equal(await page.$eval(":focus", ({ id }) => id), "content");
    await page.keyboard.press("Tab");
    assert.equal(await page.$eval(":focus", ({ localName }) => localName), "summary");
    await page.keyboard.press("Enter");
    assert.equal(await page.$eval("details", (first) => first.open), true);
    await page.close();
  });

  it("prints its figures, too", async () => {
    const { page } = await show(runPage());
    await page.emulateMediaType("print");
    const table = await page.$eval("details table", (one) => one.getBoundingClientRect().height);
    assert.ok(table > 0);
    assert.equal(await page.$eval("nav", (one) => one.checkVisibility()), false);
    await page.close();
  });
});
