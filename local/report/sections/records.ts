import { flowChart } from "../charts/flow";
import { count, counted, share, sum } from "../format";
import { Html, html, Part } from "../html";
import { platformsOf, QuarantineExample, RunPage } from "../model";
import { figure, folded, found, quiet, section, table } from "./parts";

export function recordsSection(page: RunPage): Html {
  const { job } = page;
  if (!job) return section("records", "Records", quiet("The job ended without a report."));
  const sources = Object.entries(job.sources);
  const total = (pick: (counts: (typeof sources)[number][1]) => number) =>
    count(sum(sources.map(([, counts]) => pick(counts))));
  const figures = table(
    "Records by source",
    [
      { name: "Source" },
      { name: "Read", number: true },
      { name: "Written", number: true },
      { name: "Duplicates", number: true },
      { name: "Quarantined", number: true },
      { name: "Account" },
    ],
    [
      ...sources.map(([name, counts]) => [
        name,
        count(counts.records_read),
        count(counts.rows_written),
        count(counts.duplicates),
        count(counts.quarantined),
        counts.records_read === counts.rows_written + counts.duplicates + counts.quarantined
          ? "closes"
          : html`<strong class="bad">does not close</strong>`,
      ]),
      [
        "together",
        total(({ records_read }) => records_read),
        total(({ rows_written }) => rows_written),
        total(({ duplicates }) => duplicates),
        total(({ quarantined }) => quarantined),
        "",
      ],
    ],
  );
  const read = sources.some(([, { records_read }]) => records_read > 0);
  const { seen, processed, unreadable } = job.objects;
  return section(
    "records",
    "Records",
    html`<p>
      ${counted(seen, "raw object")} in the range, ${count(processed)} of them new to the job.
      ${unreadable.length > 0 ? `${count(unreadable.length)} could not be read to the end.` : ""}
    </p>`,
    read
      ? figure(flowChart(job, platformsOf(page)), figures)
      : [quiet("There was nothing new to read."), figures],
    unreadable.length > 0
      ? folded(
          "Objects that could not be read to their end",
          html`<ul>
            ${unreadable.map((key) => html`<li><code>${key}</code></li>`)}
          </ul>`,
        )
      : undefined,
  );
}

export function quarantineSection({ job, quarantine }: RunPage): Html {
  const title = "Quarantine";
  if (!job) return section("quarantine", title, quiet("The job ended without a report."));
  const reasons = Object.entries(job.quarantine_reasons);
  if (reasons.length === 0) return section("quarantine", title, quiet("Every record was read."));
  const total = sum(reasons.map(([, records]) => records));
  return section(
    "quarantine",
    title,
    table(
      "Records that are no rows, by reason",
      [{ name: "Reason" }, { name: "Records", number: true }, { name: "Share", number: true }],
      reasons.map(([reason, records]) => [
        html`<code>${reason}</code>`,
        count(records),
        share(records, total),
      ]),
    ),
    found(quarantine, (examples) => reasons.map(([reason]) => examplesOf(reason, examples))),
  );
}

function examplesOf(reason: string, examples: QuarantineExample[]): Part {
  const chosen = examples.filter((example) => example.reason === reason);
  if (chosen.length === 0) return undefined;
  return folded(
    `Examples: ${reason}`,
    chosen.map(
      ({ source, objectKey, lineNumber, line }) =>
        html`<div class="example">
          <p>${source}, line ${count(lineNumber)} of <code>${objectKey}</code></p>
          <pre tabindex="0">${line}</pre>
        </div>`,
    ),
  );
}
