import { Chart, drawn } from "../charts/draw";
import { Html, html, Part } from "../html";
import { Answer } from "../model";

export interface Column {
  name: string;
  /** Numbers stand at the right. */
  number?: true;
}

export function table(caption: string, columns: Column[], rows: Part[][]): Html {
  const cell = (part: Part, index: number) =>
    index === 0
      ? html`<th scope="row">${part}</th>`
      : html`<td class="${columns[index]?.number ? "number" : ""}">${part}</td>`;
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map(
            ({ name, number }) =>
              html`<th scope="col" class="${number ? "number" : ""}">${name}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map(cell)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** A chart with its figures beneath. */
export function figure(chart: Chart, figures: Html): Html {
  return html`<figure>
    <figcaption>${chart.title}</figcaption>
    ${drawn(chart)} ${folded(`Figures: ${chart.title}`, figures)}
  </figure>`;
}

export function folded(summary: string, content: Part): Html {
  return html`<details>
    <summary>${summary}</summary>
    ${content}
  </details>`;
}

export function section(id: string, title: string, ...content: Part[]): Html {
  return html`<section id="${id}" aria-labelledby="${id}-heading">
    <h2 id="${id}-heading">${title}</h2>
    ${content}
  </section>`;
}

export const quiet = (text: string): Html => html`<p class="quiet">${text}</p>`;

/** What was found, or a line that says why nothing was. */
export function found<T>(answer: Answer<T>, show: (value: T) => Part): Part {
  return "found" in answer
    ? show(answer.found)
    : html`<p class="problem">Not known: ${answer.problem}</p>`;
}
