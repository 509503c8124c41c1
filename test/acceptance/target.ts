import type { PulumiCommand } from "@pulumi/pulumi/automation";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../local/errors";
import { interrupt } from "../../local/interrupt";
import type { Clients } from "./clients";
import type { Mode } from "./records";

/** Where a stack is deployed and by which engine: all in which a local run differs from AWS. */
export interface Target {
  mode: Mode;
  /** `AWS`, or what stands in for it. */
  place: string;
  /** Whether AWS itself answers. */
  isAws: boolean;
  region: string;
  partition: string;
  account: string;
  clients: Clients;
  pulumi: PulumiCommand;
  /** The engine's environment, besides that of this process. */
  environment: Record<string, string>;
  /** The engine's home folder. Default: the user's own, with the plugins that are there. */
  home?: string;
  /** Version of the `aws` plugin, or what stands in for it. */
  plugin: string;
  pollMs: number;
  /** Ends what was started for the run. */
  close(): Promise<void>;
}

/**
 * Asks until the answer is enough.
 * @param minutes after which it gives up; AWS is given time, which passes only where something is wrong.
 * @throws Error that has the last answer.
 */
export async function until<T>(
  { pollMs }: Target,
  what: string,
  minutes: number,
  ask: () => Promise<T>,
  enough: (answer: T) => boolean,
): Promise<T> {
  const deadline = Date.now() + minutes * 60_000;
  for (;;) {
    if (interrupt.aborted) throw new UserError("Interrupted.");
    const answer = await ask();
    if (enough(answer)) return answer;
    if (Date.now() > deadline) {
      throw new Error(
        `waited ${minutes} minutes for ${what}; last seen: ${JSON.stringify(answer)}`,
      );
    }
    await sleep(pollMs);
  }
}
