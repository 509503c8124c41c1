import { total } from "../cost/glueCost";
import { kilobytesOfRecord, minimumMinutes } from "../cost/prices";
import { dollars } from "../format";
import { Html, html } from "../html";
import { RunPage } from "../model";
import { found, quiet, section, table } from "./parts";

export function costSection({ cost, job }: RunPage): Html {
  return section(
    "cost",
    "Cost on AWS",
    html`<p>
      An estimate of what this run's crawls and job would have cost. Nothing of it was measured on
      AWS.
    </p>`,
    found(cost, (bill) =>
      bill.length === 0
        ? quiet("Nothing ran that costs.")
        : table(
            "Estimate of this run",
            [{ name: "What" }, { name: "Formula" }, { name: "$", number: true }],
            [
              ...bill.map((line) => [line.what, line.formula, dollars(line.dollars)]),
              [html`<strong>together</strong>`, "", html`<strong>${dollars(total(bill))}</strong>`],
            ],
          ),
    ),
    html`<p>Assumed:</p>
      <ul>
        <li>list prices of us-west-2, without free tier, as docs/cost.md has them;</li>
        <li>
          each crawl within the ${minimumMinutes.crawl} minutes that are billed at least, by 2 DPUs;
        </li>
        <li>
          ${job ? "" : "no record read, since there is no report; "}${kilobytesOfRecord} kB a
          record, as in the sample events; 25 MB a second and core, which docs/job.md derives from a
          small machine; all workers in use;
        </li>
        <li>storage, requests, logs, alarms and keys aside: docs/cost.md has them by the day.</li>
      </ul>`,
  );
}
