import { actions, type Change } from "./changes";
import type { Diagnostic, Finding, Remediation, StackSummary } from "./summary";
import type { Resource } from "./urn";

/** What a comment says besides the previews. */
export interface Frame {
  /** Where the previews ran, such as `AWS`: each place has a comment of its own. */
  place?: string;
  /** A sentence for the reader, in Markdown. */
  note?: string;
}

/** GitHub's limit of a comment, in characters. */
export const longestComment = 65_536;

/** How much of each list is shown. */
interface Room {
  changes: number;
  items: number;
  /** Characters of one message. */
  message: number;
}

const rooms: readonly Room[] = [
  { changes: Infinity, items: Infinity, message: 4000 },
  { changes: 0, items: Infinity, message: 4000 },
  { changes: 0, items: 50, message: 1000 },
  { changes: 0, items: 10, message: 300 },
];

const cutNote = "_Cut, since a comment would be too long. The run's log has all of it._";

/**
 * The comment of a pull request, in GitHub's Markdown. Its first line is a hidden marker, by which
 * the comment is found again. All that a program or its author has named stands in code, where it
 * makes no link, mention or markup. What doesn't fit is left out, details first, and a note says so.
 */
export function renderComment(summaries: readonly StackSummary[], frame: Frame = {}): string {
  for (const room of rooms) {
    const lines = comment(summaries, frame, room);
    const text = `${lines.join("\n")}\n`;
    if (text.length <= longestComment) return text;
  }
  return cutOff(comment(summaries, frame, { changes: 0, items: 1, message: 100 }));
}

function comment(summaries: readonly StackSummary[], frame: Frame, room: Room): string[] {
  const on = frame.place === undefined ? "" : ` on ${frame.place}`;
  const isCut = room.changes !== Infinity;
  return [
    `<!-- glue-etl preview${on} -->`,
    `## Pulumi preview${on}`,
    "",
    ...(frame.note === undefined ? [] : [frame.note, ""]),
    ...(isCut ? [cutNote, ""] : []),
    ...summaries.flatMap((summary) => stackLines(summary, room)),
  ];
}

function stackLines(summary: StackSummary, room: Room): string[] {
  const { mandatory, advisory, exemptions, remediations, diagnostics, changes } = summary;
  const listed = changes.filter(({ action }) => action === "replace" || action === "delete");
  return [
    `### ${code(summary.stack)}: ${verdict(summary)}`,
    "",
    ...list("Mandatory findings", mandatory.map(finding(room)), room),
    ...countTable(summary),
    ...list("Replaced and deleted", listed.map(changeLine), room),
    ...list("Advisory findings", advisory.map(finding(room)), room),
    ...list("Exemptions in use", exemptions.map(finding(room)), room),
    ...list("Mended by rules", remediations.map(remediation), room),
    ...list("Errors and warnings", diagnostics.map(diagnostic(room)), room),
    ...details(changes, room),
  ];
}

function verdict({ outcome, mandatory, advisory }: StackSummary): string {
  const blocking = count(mandatory.length, "mandatory finding");
  if (outcome === "blocked") return `❌ ${blocking}`;
  if (outcome === "failed")
    return `❌ the preview failed${mandatory.length > 0 ? `, ${blocking}` : ""}`;
  return advisory.length > 0
    ? `✅ ${count(advisory.length, "advisory finding")}`
    : "✅ no findings";
}

function countTable({ changes, unchanged }: StackSummary): string[] {
  const counts = actions.map((action) => changes.filter((change) => change.action === action));
  return [
    `| ${actions.join(" | ")} | unchanged |`,
    `|${" ---: |".repeat(actions.length + 1)}`,
    `| ${counts.map(({ length }) => length).join(" | ")} | ${unchanged} |`,
    "",
  ];
}

function list(title: string, items: readonly string[], room: Room): string[] {
  if (items.length === 0) return [];
  const left = items.length - room.items;
  const more = left > 0 ? [`- … and ${left} more`] : [];
  return [`**${title}**`, "", ...items.slice(0, room.items), ...more, ""];
}

const finding =
  (room: Room) =>
  ({ rule, severity, resource, message }: Finding): string => {
    const where = resource ? ` on ${named(resource)}` : "";
    const grade = severity ? `, severity ${code(severity)}` : "";
    return `- ${code(rule)}${where}${grade}${paragraph(message, room)}`;
  };

const diagnostic =
  (room: Room) =>
  ({ severity, resource, message }: Diagnostic): string =>
    `- ${severity}${resource ? ` of ${named(resource)}` : ""}${paragraph(message, room)}`;

function remediation({ rule, resource, properties }: Remediation): string {
  const where = resource ? ` on ${named(resource)}` : "";
  return `- ${code(rule)}${where}: ${properties.map(code).join(", ")}`;
}

function changeLine({ action, resource, properties }: Change): string {
  const paths = properties.map(({ path, forcesReplacement }) =>
    forcesReplacement ? `${code(path)} (forces it)` : code(path),
  );
  return `- ${action} ${named(resource)}${paths.length > 0 ? `: ${paths.join(", ")}` : ""}`;
}

/** All changes, by component, folded. */
function details(changes: readonly Change[], room: Room): string[] {
  if (changes.length === 0 || room.changes === 0) return [];
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const group = change.component ? named(change.component) : "";
    groups.set(group, [...(groups.get(group) ?? []), change]);
  }
  return [
    `<details><summary>${count(changes.length, "change")}, by component</summary>`,
    "",
    ...[...groups].flatMap(([component, members]) => [
      component === "" ? "**On their own**" : `**${component}**`,
      "",
      ...members.map(changeLine),
      "",
    ]),
    "</details>",
    "",
  ];
}

function named({ name, type }: Resource): string {
  return `${code(name)} (${code(type)})`;
}

function paragraph(message: string, room: Room): string {
  const text = message.length > room.message ? `${message.slice(0, room.message)} …` : message;
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.map((line) => `<br>${code(line)}`).join("");
}

/** Text as an inline code span: one line, with no invisible characters, whatever it holds. */
function code(text: string): string {
  const line = text.replace(/[\s\p{Cc}\p{Cf}]+/gu, " ").trim();
  const runs = [...line.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = "`".repeat(Math.max(0, ...runs) + 1);
  const pad = line === "" || line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** The last resort, for previews of very many stacks: as many whole lines as there's room for. */
function cutOff(lines: readonly string[]): string {
  const kept: string[] = [];
  let length = cutNote.length + 2;
  for (const line of lines) {
    length += line.length + 1;
    if (length > longestComment) break;
    kept.push(line);
  }
  return `${[...kept, "", cutNote].join("\n")}\n`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
