import { Exemptions } from "./exemptions";
import { Properties } from "./properties";

/** What the rules share in one run of the engine: one preview, or one update. */
export interface Run {
  readonly exemptions: Exemptions;
  /**
   * Inputs of the resources that the program makes, by URN. Adopted ones, by `Bucket.get` and the
   * like, reach the rules about the stack only.
   */
  readonly inputs: Map<string, Properties>;
}

export function startRun(now = new Date()): Run {
  return { exemptions: new Exemptions(now.toISOString().slice(0, 10)), inputs: new Map() };
}
