import jsonata from "jsonata";
import type { DeployedState, Machine } from "../stateMachines";

/** What a task answers: a result, given the operation and how often it was called before. */
export type Answers = (call: string, count: number) => unknown;

/** What an execution comes to. */
export interface Walk {
  /** Events of its history (Step Functions API, "HistoryEvent"). */
  events: number;
  /** Seconds that it takes, of its waits and of the pauses between tries. */
  seconds: number;
  /** The state that it ends in. */
  end: string;
}

type Variables = Record<string, unknown>;

/** Events after which nobody waits for the end of an execution. */
const endless = 30_000;

/** Seconds before each further try of a task (`Retry` of the machines). */
const retryPauses = [5, 10, 20, 40, 80];

/**
 * Walks through a machine in a time of its own, and counts the events that AWS would keep of the
 * execution. JSONata is the library's, which Step Functions has, too.
 */
export class Walker {
  private readonly start = Date.UTC(2026, 0, 1);
  private seconds = 0;
  /** It is started, and it ends. */
  private events = 2;
  private readonly counts = new Map<string, number>();

  /** @param failedTries of each task, before the one that succeeds; 0 to 5. */
  constructor(
    private readonly answers: Answers,
    private readonly failedTries: number,
    private readonly input: unknown = {},
  ) {}

  async run(machine: Machine): Promise<Walk> {
    const { end } = await this.walk(machine, this.input, {});
    return { events: this.events, seconds: this.seconds, end };
  }

  private async walk(machine: Machine, input: unknown, variables: Variables) {
    let [end, output] = [machine.StartAt, input];
    for (let next: string | undefined = end; next !== undefined;) {
      end = next;
      const state = machine.States[end];
      if (state === undefined) throw new Error(`no state ${end}`);
      if (this.events > endless) throw new Error(`${this.events} events, and no end in ${end}`);
      // It is entered and left.
      this.events += 2;
      ({ next, output } = await this.step(state, output, variables));
    }
    return { end, output };
  }

  private async step(state: DeployedState, input: unknown, variables: Variables) {
    const evaluate = (value: unknown, result?: unknown) =>
      this.evaluate(value, { ...variables, states: { input, result, context: this.context } });
    for (const choice of state.Choices ?? []) {
      if (await evaluate(choice.Condition)) return { next: choice.Next, output: input };
    }
    if (state.Type === "Wait") this.seconds += Number(await evaluate(state["Seconds"]));
    const result =
      state.Type === "Task"
        ? this.task(state)
        : state.Type === "Map"
          ? await this.map(state, await evaluate(state["Items"]), variables)
          : input;
    const output = state["Output"] === undefined ? result : await evaluate(state["Output"], result);
    // All of it is evaluated before any of it is assigned.
    Object.assign(variables, await evaluate(state["Assign"], result));
    return { next: state.Next ?? state.Default, output };
  }

  private task(state: DeployedState): unknown {
    const call = state.Resource?.split(":").at(-1) ?? "";
    const count = this.counts.get(call) ?? 0;
    this.counts.set(call, count + 1);
    // Scheduled, started and ended, each time.
    this.events += 3 * (this.failedTries + 1);
    this.seconds += retryPauses.slice(0, this.failedTries).reduce((sum, pause) => sum + pause, 0);
    return this.answers(call, count);
  }

  private async map(state: DeployedState, items: unknown, variables: Variables) {
    // Started and succeeded, as a whole and for each item.
    this.events += 2;
    const outputs: unknown[] = [];
    for (const item of [items].flat()) {
      this.events += 2;
      if (state.ItemProcessor === undefined) throw new Error("a Map without states");
      outputs.push((await this.walk(state.ItemProcessor, item, { ...variables })).output);
    }
    return outputs;
  }

  private get context(): object {
    const StartTime = new Date(this.start).toISOString();
    return { Execution: { Name: "mine", StartTime, Input: this.input } };
  }

  /** Evaluates what stands in `{% %}`, at whatever depth. */
  private async evaluate(value: unknown, variables: Variables): Promise<unknown> {
    if (typeof value === "string") {
      const [, expression] = /^\{%(.*)%\}$/s.exec(value) ?? [];
      if (expression === undefined) return value;
      const millis = () => this.start + 1000 * this.seconds;
      return jsonata(expression).evaluate(undefined, { ...variables, millis });
    }
    if (Array.isArray(value)) {
      return Promise.all(value.map((each) => this.evaluate(each, variables)));
    }
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).map(async ([key, each]) => [
      key,
      await this.evaluate(each, variables),
    ]);
    return Object.fromEntries(await Promise.all(entries));
  }
}
