import { isDeepStrictEqual } from "node:util";
import { type Change, changesOf } from "./changes";
import type { EngineEvent } from "./events";
import { type Resource, resourceOf } from "./urn";

/** What one rule has against one resource. */
export interface Finding {
  readonly rule: string;
  readonly severity: string | undefined;
  /** None where a rule has something against the whole stack. */
  readonly resource: Resource | undefined;
  readonly message: string;
}

/** What a rule has mended by itself. */
export interface Remediation {
  readonly rule: string;
  readonly resource: Resource | undefined;
  /** Paths of the properties that it has set, changed or removed. */
  readonly properties: readonly string[];
}

export interface Diagnostic {
  readonly severity: "error" | "warning";
  readonly resource: Resource | undefined;
  readonly message: string;
}

/** What the preview of one stack came to. */
export interface StackSummary {
  readonly stack: string;
  /** `blocked`: by mandatory findings alone. `failed`: it ended for another reason, or never. */
  readonly outcome: "passed" | "blocked" | "failed";
  readonly changes: readonly Change[];
  readonly unchanged: number;
  readonly mandatory: readonly Finding[];
  readonly advisory: readonly Finding[];
  readonly exemptions: readonly Finding[];
  readonly remediations: readonly Remediation[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The rule of the policy pack that lists the exemptions in use. */
const exemptionsRule = "policy-exemptions";
const advisoryLevels = ["advisory", "warning"];

/** Sums up the events of one preview of a stack. */
export function summarize(stack: string, events: readonly EngineEvent[]): StackSummary {
  const findings = findingsOf(events);
  const exemptions = findings.filter(({ rule }) => rule === exemptionsRule);
  const others = findings.filter(({ rule }) => rule !== exemptionsRule);
  const mandatory = others.filter(({ isMandatory }) => isMandatory);
  const diagnostics = diagnosticsOf(events);
  return {
    stack,
    outcome: outcomeOf(events, mandatory, diagnostics),
    ...changesOf(events),
    mandatory,
    advisory: others.filter(({ isMandatory }) => !isMandatory),
    exemptions,
    remediations: remediationsOf(events),
    diagnostics,
  };
}

function outcomeOf(
  events: readonly EngineEvent[],
  mandatory: readonly Finding[],
  diagnostics: readonly Diagnostic[],
): StackSummary["outcome"] {
  const closing = events.findLast(({ summaryEvent }) => summaryEvent)?.summaryEvent;
  const hasError = diagnostics.some(({ severity }) => severity === "error");
  // A log without the engine's closing summary is of a preview that was cut off.
  if (!closing || hasError) return "failed";
  if (mandatory.length > 0) return "blocked";
  // Older engines tell no result.
  return (closing.result ?? "succeeded") === "succeeded" ? "passed" : "failed";
}

function findingsOf(events: readonly EngineEvent[]): (Finding & { isMandatory: boolean })[] {
  const findings = events.flatMap(({ policyEvent: event }) =>
    event
      ? {
          rule: event.policyName,
          severity: event.severity,
          resource: optionalResource(event.resourceUrn),
          message: plain(event.message),
          isMandatory: !advisoryLevels.includes(event.enforcementLevel),
        }
      : [],
  );
  return sorted(unique(findings));
}

function remediationsOf(events: readonly EngineEvent[]): Remediation[] {
  const remediations = events.flatMap(({ policyRemediationEvent: event }) =>
    event
      ? {
          rule: event.policyName,
          resource: optionalResource(event.resourceUrn),
          properties: changedPaths(event.before ?? {}, event.after ?? {}),
        }
      : [],
  );
  return sorted(remediations);
}

function diagnosticsOf(events: readonly EngineEvent[]): Diagnostic[] {
  const diagnostics = events.flatMap(({ diagnosticEvent: event }): Diagnostic[] => {
    const severity = event?.severity;
    if (!event || event.ephemeral || (severity !== "error" && severity !== "warning")) return [];
    const message = plain(event.message);
    // It says no more than the outcome.
    if (message === "preview failed") return [];
    return [{ severity, resource: optionalResource(event.urn), message }];
  });
  return unique(diagnostics).sort((a, b) => a.severity.localeCompare(b.severity));
}

/** Paths (`tags.Owner`) where two values differ, with no values. */
function changedPaths(before: unknown, after: unknown, path = ""): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (isRecord(before) && after === undefined) return changedPaths(before, {}, path);
  if (isRecord(after) && before === undefined) return changedPaths({}, after, path);
  if (!isRecord(before) || !isRecord(after)) return [path];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.flatMap((key) =>
    changedPaths(before[key], after[key], path === "" ? key : `${path}.${key}`),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function optionalResource(urn: string | undefined): Resource | undefined {
  return urn ? resourceOf(urn) : undefined;
}

/** The engine's messages carry colours as `<{%fg 1%}>`, and programs' messages ANSI codes. */
function plain(message: string): string {
  // eslint-disable-next-line no-control-regex
  return message.replace(/<\{%.*?%\}>|\u001b\[[0-9;]*m/g, "").trim();
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}

function sorted<T extends { rule: string; resource: Resource | undefined }>(items: T[]): T[] {
  const key = ({ rule, resource }: T) => `${rule} ${resource?.type} ${resource?.name}`;
  return items.sort((a, b) => key(a).localeCompare(key(b)));
}
