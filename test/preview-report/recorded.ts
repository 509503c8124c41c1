import * as fs from "node:fs";
import * as path from "node:path";
import { type EngineEvent, readEvents } from "../../preview-report/events";

/** Path of a recorded event log. */
export function recordedFile(name: "changes" | "failed"): string {
  return path.join(__dirname, "recorded", `${name}.jsonl`);
}

export function recordedText(name: "changes" | "failed"): string {
  return fs.readFileSync(recordedFile(name), "utf8");
}

export function recordedEvents(name: "changes" | "failed"): EngineEvent[] {
  return readEvents(recordedText(name), name);
}

/** A finding as the engine tells of it. */
export function policyEvent(change: Partial<EngineEvent["policyEvent"] & object>): EngineEvent {
  return {
    policyEvent: {
      resourceUrn: "urn:pulumi:dev::glue-etl::aws:glue/job:Job::daily",
      message: "A rule.\nIt's broken.\n",
      policyName: "glue-rule",
      enforcementLevel: "mandatory",
      severity: "high",
      ...change,
    },
  };
}

/** The engine's last word of a preview that went well. */
export const closing: EngineEvent = { summaryEvent: { result: "succeeded" } };

/** A resource's step. */
export function stepEvent(op: string, urn: string, change: object = {}): EngineEvent {
  const [event] = readEvents(
    JSON.stringify({
      resourcePreEvent: {
        metadata: { op, urn, type: "", old: null, new: null, detailedDiff: null, ...change },
      },
    }),
    "step",
  );
  if (!event) throw new Error("no event");
  return event;
}
