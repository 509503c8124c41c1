import type { Item } from "./context";

/** What became of a check or a question. */
export interface Line {
  kind: Item["kind"];
  title: string;
  outcome: "held" | "failed" | "not tried" | "answered" | "no answer";
  /** What was seen, or why it failed. */
  seen: string[];
  seconds: number;
}

/** What a run was made on. */
export interface Facts {
  /** `AWS`, or what stood in for it. */
  place: string;
  isAws: boolean;
  region: string;
  account: string;
  startedAt: string;
  /** What ran, by what it is: the CLI, the plugin, the program. */
  versions: [string, string][];
}

/** Whether everything that must hold does. */
export const allHeld = (lines: Line[]): boolean =>
  lines.every(({ kind, outcome }) => kind === "question" || outcome === "held");

/** `12 checks held, 1 failed, 2 not tried.` */
export function verdict(lines: Line[]): string {
  const count = (outcome: Line["outcome"]) =>
    lines.filter((line) => line.kind === "check" && line.outcome === outcome).length;
  const rest = (["failed", "not tried"] as const).flatMap((outcome) =>
    count(outcome) > 0 ? [`${count(outcome)} ${outcome}`] : [],
  );
  return `${[`${count("held")} checks held`, ...rest].join(", ")}.`;
}

/** The report as Markdown. The account's number stands nowhere in it. */
export function markdown(facts: Facts, lines: Line[]): string {
  const title = facts.isAws
    ? "# Acceptance run on AWS"
    : `# Acceptance run, not on AWS: on ${facts.place.replace(/,.*/, "")}`;
  const text = [
    title,
    "",
    "`npm run acceptance` made this page: it deployed the program as a stack of its own, held it to what is promised,",
    "and asked what no source settles.",
    ...(facts.isAws ? [] : ["", "**Nothing here says anything about AWS.**"]),
    "",
    "| what | |",
    "| --- | --- |",
    `| when | ${facts.startedAt.slice(0, 16).replace("T", " ")} UTC |`,
    `| where | ${facts.place}, ${facts.region}, account hidden |`,
    ...facts.versions.map(([what, version]) => `| ${what} | ${cell(version)} |`),
    `| result | ${verdict(lines)} |`,
    "",
    "## Checks",
    "",
    ...table(lines.filter(({ kind }) => kind === "check")),
    "",
    "## Questions that sources leave open",
    "",
    "Each is told as it was seen, whatever the answer.",
    "",
    ...table(lines.filter(({ kind }) => kind === "question")),
    "",
  ].join("\n");
  return facts.account === "" ? text : text.replaceAll(facts.account, "<account>");
}

const table = (lines: Line[]): string[] => [
  "| what | outcome | s | seen |",
  "| --- | --- | ---: | --- |",
  ...lines.map(
    ({ title, outcome, seconds, seen }) =>
      `| ${cell(title)} | ${outcome} | ${seconds.toFixed(0)} | ${seen.map(cell).join("<br>")} |`,
  ),
];

/** Text as it can stand in a cell of a table. */
const cell = (text: string): string =>
  text
    .replaceAll("|", "\\|")
    .replaceAll("<", "&lt;")
    .replace(/\s*\n\s*/g, " ⏎ ");
