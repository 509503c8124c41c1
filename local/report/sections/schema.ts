import { counted } from "../format";
import { Html, html } from "../html";
import { ColumnChange, RunPage, TableChange } from "../model";
import { folded, found, quiet, section, table } from "./parts";

/** More changes than these are folded. */
const fewChanges = 12;

export function schemaSection({ tables, before }: RunPage): Html {
  return section(
    "schema",
    "Schema changes",
    found(tables, (changes) =>
      changes.length === 0
        ? quiet(before ? "No column has changed since the run before." : "No column has changed.")
        : changes.map(tableOf),
    ),
  );
}

function tableOf(changed: TableChange): Html {
  const { isNew, columns } = changed;
  const of = (kind: string) => columns.filter((column) => kindOf(column) === kind).length;
  const told = isNew
    ? `new, ${counted(columns.length, "field")}`
    : ["added", "removed", "changed"]
        .filter(of)
        .map((kind) => `${of(kind)} ${kind}`)
        .join(", ");
  const figures = table(
    `Changes of ${changed.table}`,
    [{ name: "Column or field" }, { name: "Change" }, { name: "Type" }],
    columns.map((column) => [
      html`<code>${column.path}</code>`,
      kindOf(column),
      column.from && column.to
        ? html`<code>${column.from}</code> → <code>${column.to}</code>`
        : html`<code>${column.to ?? column.from}</code>`,
    ]),
  );
  return html`<h3><code>${changed.table}</code> <span class="remark">${told}</span></h3>
    ${columns.length > fewChanges ? folded(counted(columns.length, "change"), figures) : figures}`;
}

function kindOf({ from, to }: ColumnChange): "added" | "removed" | "changed" {
  if (from === undefined) return "added";
  return to === undefined ? "removed" : "changed";
}
