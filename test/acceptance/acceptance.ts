import * as fs from "node:fs";
import * as path from "node:path";
import { createInterface } from "node:readline/promises";
import { messageOf, UserError } from "../../local/errors";
import { interrupt } from "../../local/interrupt";
import { say, since, step } from "../../local/progress";
import { tryRun } from "../../local/setup/processes";
import { describeCost, estimate } from "./cost";
import type { Context, Item } from "./context";
import { items } from "./items";
import { leftovers, sweep } from "./leftovers";
import { Notices } from "./notices";
import { describe, forget, howToRemove, type RunRecord, writeRecord } from "./records";
import { allHeld, type Facts, type Line, markdown, verdict } from "./report";
import { settle } from "./settle";
import { type Outputs, ThrowAwayStack } from "./stack";
import { stackName } from "./stackConfig";
import type { Target } from "./target";

const root = path.resolve(__dirname, "../..");

/** What the user asked for. */
export interface AcceptanceOptions {
  /** Doesn't ask before it makes something. */
  yes: boolean;
  /** Leaves the stack as it is at the end. */
  keep: boolean;
  /** File that gets the report. Default: docs/acceptance.md where AWS itself answered, else the terminal. */
  output: string | undefined;
}

/**
 * Deploys a stack, holds it to what is promised, asks what is open, and destroys it.
 * @param record of the run, whose folder is there.
 * @returns whether everything held.
 * @throws UserError if interrupted, once it's said what is left.
 */
export async function accept(
  record: RunRecord,
  target: Target,
  options: AcceptanceOptions,
): Promise<boolean> {
  const started = Date.now();
  const stack = await beforeAnythingIsMade(record, target, options);
  if (stack === undefined) {
    say("Nothing was made.");
    return false;
  }
  const lines = await tryAll(record, target, stack);
  if (!options.keep && !interrupt.aborted) lines.push(...(await removeAll(record, target, stack)));
  else sayLeft(record);
  if (interrupt.aborted) throw new UserError("Interrupted.");
  const text = markdown(await factsOf(record, target), lines);
  const file = options.output ?? (target.isAws ? path.join(root, "docs/acceptance.md") : undefined);
  if (file === undefined) process.stdout.write(text);
  else {
    fs.writeFileSync(file, text);
    say(`The report: ${file}`);
  }
  say(`${verdict(lines)} ${since(started)}.`);
  return allHeld(lines);
}

/**
 * Removes all of an earlier run. @returns whether nothing is left.
 * @throws UserError if the credentials are of another account than the run's.
 */
export async function remove(record: RunRecord, target: Target): Promise<boolean> {
  if (record.account !== undefined && record.account !== target.account) {
    throw new UserError(
      `${stackName(record.id)} is in the account ${mask(record.account)}, and your credentials are of ${mask(target.account)}: set AWS_PROFILE to one of that account.`,
    );
  }
  return allHeld(await removeAll(record, target, await openStack(record, target)));
}

/** Says that something is left, and what to do about it. */
export function sayLeft(record: RunRecord): void {
  const costs = record.mode === "aws" ? ", which costs money until it's removed" : "";
  say(`Left: ${stackName(record.id)} (${describe(record)})${costs}.`);
  say(`  Remove it: ${howToRemove(record.id)}`);
}

function openStack({ id, region }: RunRecord, target: Target): Promise<ThrowAwayStack> {
  const queueArn = Notices.arnOf(id, target);
  return ThrowAwayStack.open({ id, region, queueArn, withEvents: false }, target);
}

/** @returns the stack; undefined if the user doesn't want it. What comes to nothing leaves no folder. */
async function beforeAnythingIsMade(
  record: RunRecord,
  target: Target,
  options: AcceptanceOptions,
): Promise<ThrowAwayStack | undefined> {
  let stack: ThrowAwayStack | undefined;
  try {
    const opened = await openStack(record, target);
    if (!(await mayMake(record, target, opened, options))) return undefined;
    writeRecord({ ...record, account: target.account });
    stack = opened;
    return stack;
  } finally {
    if (stack === undefined) forget(record);
  }
}

/** Shows what will be made, where and for how much, and asks. */
async function mayMake(
  record: RunRecord,
  target: Target,
  stack: ThrowAwayStack,
  { yes }: AcceptanceOptions,
): Promise<boolean> {
  const resources = await step("Looking at what will be made", () => stack.preview());
  const count = [...resources.values()].reduce((sum, each) => sum + each, 0);
  say(
    `The stack ${stackName(record.id)}: ${count} resources, and a queue, a session and a role for a while.`,
  );
  for (const [type, number] of resources) say(`  ${String(number).padStart(3)} ${type}`);
  say(`Where: ${target.place}, ${target.region}, account ${mask(target.account)}.`);
  if (target.mode === "local") return true;
  say("What it costs, by list prices, without free tiers:");
  for (const line of describeCost(estimate(resources))) say(`  ${line}`);
  say("It takes about three quarters of an hour, and is destroyed at its end.");
  if (yes) return true;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question("Make it? (y/N) ", { signal: interrupt });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}

async function tryAll(record: RunRecord, target: Target, stack: ThrowAwayStack): Promise<Line[]> {
  let outputs: Outputs | undefined;
  const context: Context = {
    record,
    target,
    stack,
    notices: new Notices(record.id, target),
    outputs: () => {
      if (outputs === undefined) throw new Error("the stack isn't deployed");
      return outputs;
    },
    runs: new Map(),
    answers: new Map(),
    note: () => undefined,
  };
  const lines: Line[] = [];
  const held = new Set<string>();
  for (const item of items) {
    if (interrupt.aborted) break;
    const missing = (item.needs ?? ["deploy"]).filter((name) => !held.has(name));
    const line = await tryOne(item, context, missing);
    lines.push(line);
    if (line.outcome === "held") held.add(item.name);
    if (item.name === "deploy" && line.outcome === "held") outputs = await stack.outputs();
  }
  return lines;
}

async function tryOne(item: Item, context: Context, missing: string[]): Promise<Line> {
  const { kind, title } = item;
  if (missing.length === 0) {
    return tryWork(kind, title, (note) => item.run({ ...context, note }));
  }
  const seen = [`without: ${missing.join(", ")}`];
  say(`${title}: not tried ${seen[0]}`);
  return { kind, title, outcome: "not tried", seen, seconds: 0 };
}

/** @returns what was seen. */
type Work = (note: (text: string) => void) => Promise<string[]>;

async function tryWork(kind: Line["kind"], title: string, work: Work): Promise<Line> {
  const start = Date.now();
  const end = (outcome: Line["outcome"], seen: string[]): Line => {
    for (const each of seen) say(`  ${each.replaceAll("\n", "\n  ")}`);
    return { kind, title, outcome, seen, seconds: (Date.now() - start) / 1000 };
  };
  try {
    return end(kind === "check" ? "held" : "answered", await step(title, work));
  } catch (error) {
    return end(kind === "check" ? "failed" : "no answer", [messageOf(error)]);
  }
}

/** Ends what runs, destroys the stack, removes the rest by name, and looks whether that is so. */
async function removeAll(
  record: RunRecord,
  target: Target,
  stack: ThrowAwayStack,
): Promise<Line[]> {
  const { id } = record;
  const lines: Line[] = [];
  const attempt = async (title: string, work: Work) => {
    lines.push(await tryWork("check", title, work));
  };
  await attempt("The stack is destroyed, with the objects in its buckets", async (note) => {
    await settle(target, id);
    await stack.destroy(note);
    return ["the engine has deleted all that its state had; the KMS key is deleted in 30 days"];
  });
  await attempt("Nothing is left", async () => {
    // What a half-made stack or a question has left, which the state doesn't know.
    const removed = await sweep(target.clients, id);
    const left = await leftovers(target.clients, id);
    if (left.length > 0)
      throw new Error(left.map(({ kind, name }) => `${kind} ${name}`).join("\n"));
    return removed.map(({ kind, name }) => `removed by its name: ${kind} ${name}`);
  });
  if (allHeld(lines)) forget(record);
  else sayLeft(record);
  return lines;
}

async function factsOf(record: RunRecord, target: Target): Promise<Facts> {
  const { place, isAws, region, account, pulumi, plugin } = target;
  const git = (...args: string[]) => tryRun("git", ["-C", root, ...args]);
  const commit = (await git("rev-parse", "HEAD"))?.trim() ?? "unknown";
  const changed = (await git("status", "--porcelain", "--untracked-files=no"))?.trim();
  return {
    place,
    isAws,
    region,
    account,
    startedAt: record.startedAt,
    versions: [
      ["program", `commit ${commit}${changed ? ", with changes that aren't committed" : ""}`],
      ["Pulumi CLI", String(pulumi.version)],
      ["plugin", plugin],
      ["Node", process.versions.node],
    ],
  };
}

/** Enough of an account's number to know it by. */
const mask = (account: string): string => `…${account.slice(-4)}`;
