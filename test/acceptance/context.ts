import type { WorkflowRun } from "@aws-sdk/client-glue";
import { ask as askAthena, type QueryResult } from "../../local/athena";
import type { Notices } from "./notices";
import type { RunRecord } from "./records";
import type { Outputs, ThrowAwayStack } from "./stack";
import type { Target } from "./target";

/** What all checks and questions work on. */
export interface Context {
  record: RunRecord;
  target: Target;
  stack: ThrowAwayStack;
  notices: Notices;
  /** Outputs of the deployed stack. @throws Error before it's deployed. */
  outputs: () => Outputs;
  /** The run that each check has left for those behind it, by the check's name. */
  runs: Map<string, WorkflowRun>;
  /** What a check has seen of a question on its way, by the question's name. */
  answers: Map<string, string[]>;
  /** Says what is under way. */
  note: (text: string) => void;
}

/** One thing that must hold, or that is asked. */
export interface Item {
  /** `check`: must hold. `question`: is told, whatever the answer. */
  kind: "check" | "question";
  name: string;
  /** What must hold, or what is asked, as a sentence. */
  title: string;
  /** Names of checks without which this one can't be tried. Default: `deploy`. */
  needs?: string[];
  /** @returns what was seen, a line each. @throws Error that says what doesn't hold. */
  run: (context: Context) => Promise<string[]>;
}

/** Asks Athena in the stack's work group and curated database. */
export function ask({ target, outputs }: Context, sql: string): Promise<QueryResult> {
  return askAthena(target.clients.athena, outputs(), sql);
}
