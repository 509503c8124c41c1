import { Exemptions } from "./exemptions";

/** What the rules share in one run of the engine: one preview, or one update. */
export interface Run {
  readonly exemptions: Exemptions;
  /**
   * URNs of the resources that the program makes. Adopted ones, by `Bucket.get` and the like, reach
   * the rules about the stack only.
   */
  readonly registered: Set<string>;
}

export function startRun(now = new Date()): Run {
  return { exemptions: new Exemptions(now.toISOString().slice(0, 10)), registered: new Set() };
}
