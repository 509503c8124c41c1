import { z } from "zod";

/** An event log that can't be read; the message names the file and the line. */
export class InputError extends Error {}

const state = z.object({ parent: z.string().optional() }).nullish();

const step = z.object({
  op: z.string(),
  urn: z.string(),
  type: z.string(),
  old: state,
  new: state,
  /** Properties that force a replacement. */
  keys: z.array(z.string()).nullish(),
  /** Properties that change, of providers that tell no more. */
  diffs: z.array(z.string()).nullish(),
  /** What happens to each property, by its path. */
  detailedDiff: z.record(z.string(), z.object({ diffKind: z.string() })).nullish(),
});

const properties = z.record(z.string(), z.unknown()).nullish();

/**
 * The events that a report is made of, as `pulumi preview --event-log` writes them and as the
 * Automation API hands them out. Source: `apitype/events.go` of the Pulumi SDK for Go, 3.259.0.
 * Values of properties aren't read, but for those that tell what a remediation has changed.
 */
const engineEvent = z.object({
  resourcePreEvent: z.object({ metadata: step }).optional(),
  policyEvent: z
    .object({
      resourceUrn: z.string().optional(),
      message: z.string(),
      policyName: z.string(),
      enforcementLevel: z.string(),
      severity: z.string().optional(),
    })
    .optional(),
  policyRemediationEvent: z
    .object({
      resourceUrn: z.string().optional(),
      policyName: z.string(),
      before: properties,
      after: properties,
    })
    .optional(),
  diagnosticEvent: z
    .object({
      urn: z.string().optional(),
      message: z.string(),
      severity: z.string(),
      ephemeral: z.boolean().optional(),
    })
    .optional(),
  summaryEvent: z.object({ result: z.string().optional() }).optional(),
});

export type EngineEvent = z.infer<typeof engineEvent>;
export type Step = z.infer<typeof step>;

/**
 * Reads an event log.
 * @param text one JSON text a line; empty lines count for nothing.
 * @param source where it comes from, for messages.
 * @throws InputError where a line isn't an event.
 */
export function readEvents(text: string, source: string): EngineEvent[] {
  return text.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    const read = engineEvent.safeParse(parseJson(line));
    if (read.success) return [read.data];
    throw new InputError(
      `${source}, line ${index + 1}, is no engine event: ${z.prettifyError(read.error)}. Give a file that \`pulumi preview --event-log\` wrote to its end.`,
    );
  });
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
