import { RunReport } from "../../runs/counts";
import { JobLogEnd } from "../../runs/jobLog";
import { total } from "../cost/glueCost";
import { change, count, dollars, duration, share, sum, utc } from "../format";
import { Html, html, Part } from "../html";
import { RunPage, Step } from "../model";
import { folded, found, quiet } from "./parts";

const verdicts: Record<string, { text: string; tone: string }> = {
  COMPLETED: { text: "Succeeded", tone: "good" },
  STOPPED: { text: "Stopped", tone: "bad" },
};

export const failedSteps = (page: RunPage): Step[] =>
  page.steps.filter(
    ({ state, kind }) => kind !== "trigger" && !["SUCCEEDED", "NOT_STARTED"].includes(state),
  );

/** How the run ended: of a workflow with failed steps Glue, too, says COMPLETED. */
export function verdict(page: RunPage): { text: string; tone: string } {
  if (failedSteps(page).length > 0) return { text: "Failed", tone: "bad" };
  return verdicts[page.status] ?? { text: page.status, tone: "bad" };
}

export function header(page: RunPage): Html {
  const { text, tone } = verdict(page);
  const { startedAt, endedAt, properties, job, before } = page;
  const given = Object.entries(properties).map(([name, value]) => `${name}=${value}`);
  const facts: [name: string, value: Part, long?: "long"][] = [
    ["Started", utc(startedAt)],
    ["Took", endedAt ? duration(Number(endedAt) - Number(startedAt)) : "still at work"],
    ["Received days", job ? `${job.received_days.first} to ${job.received_days.last}` : "–"],
    ["Local dates are of", job?.zone ?? "–"],
    ["Run properties", given.join(", ") || "none: the defaults", "long"],
    ["Run", html`<code>${page.runId}</code>`, "long"],
    [
      "Run before",
      before ? html`<a href="./${before.runId}.html"><code>${before.runId}</code></a>` : "none",
      "long",
    ],
  ];
  return html`<header>
    <p class="kind">Glue workflow run</p>
    <h1>${page.workflow} <span class="badge ${tone}">${text}</span></h1>
    <dl class="facts">
      ${facts.map(
        ([name, value, long]) =>
          html`<div class="${long ?? ""}">
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
    ${failures(page)} ${warnings(page)}
  </header>`;
}

function failures(page: RunPage): Html[] {
  return failedSteps(page).map(
    ({ kind, name, state, error, log }) =>
      html`<div class="notice bad">
        <h2>The ${kind} ${name} ${state === "TIMEOUT" ? "timed out" : state.toLowerCase()}</h2>
        <pre tabindex="0">${error ?? "It gave no reason."}</pre>
        ${log && found(log, endOf)}
      </div>`,
  );
}

function endOf({ group, stream, lines }: JobLogEnd): Part {
  return folded(
    `The end of its log: ${group}, stream ${stream}`,
    lines.length === 0
      ? quiet("It has logged nothing.")
      : html`<pre tabindex="0">${lines.join("\n")}</pre>`,
  );
}

function warnings({ job }: RunPage): Html | undefined {
  if (!job || job.warnings.length === 0) return undefined;
  return html`<div class="notice warning">
    <h2>Warnings of the job</h2>
    <ul>
      ${job.warnings.map((warning) => html`<li>${warning}</li>`)}
    </ul>
  </div>`;
}

type Counter = "records_read" | "rows_written" | "duplicates" | "quarantined";

/** The run in a few figures, beside those of the run before. */
export function tiles(page: RunPage): Html {
  const { job, before, cost } = page;
  const of = (report: RunReport, counter: Counter) =>
    sum(Object.values(report.sources).map((counts) => counts[counter]));
  const tile = (name: string, value: Part, remark: Part, tone = "") =>
    html`<div class="tile ${tone}">
      <dt>${name}</dt>
      <dd><span class="figure">${value}</span><span class="remark">${remark}</span></dd>
    </div>`;
  const counter = (name: string, which: Counter, remark?: (value: number) => string) => {
    if (!job) return tile(name, "–", "no report of the job");
    const value = of(job, which);
    const compared = before
      ? `${change(of(before.job, which), value)} to the run before`
      : "the first run";
    return tile(name, count(value), remark?.(value) ?? compared);
  };
  const read = job ? of(job, "records_read") : 0;
  const bill = "found" in cost ? dollars(total(cost.found)) : "–";
  return html`<dl class="tiles">
    ${counter("Records read", "records_read")} ${counter("Rows written", "rows_written")}
    ${counter("Duplicates", "duplicates", (value) => `${share(value, read)} of what was read`)}
    ${counter("Quarantined", "quarantined", (value) => `${share(value, read)} of what was read`)}
    ${tile("On AWS, about", bill, "an estimate, see Cost")}
  </dl>`;
}
