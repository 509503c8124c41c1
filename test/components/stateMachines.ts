import { inputsOf, Recorded } from "./recorder";

/** A state as it is deployed. */
export interface DeployedState {
  Type: string;
  Resource?: string;
  Arguments?: Record<string, unknown>;
  Next?: string;
  Default?: string;
  End?: boolean;
  Choices?: { Condition: string; Next: string }[];
  Assign?: Record<string, unknown>;
  Catch?: { ErrorEquals: string[]; Next: string; Assign?: Record<string, unknown> }[];
  ItemProcessor?: Machine;
  [field: string]: unknown;
}

/** A machine, or the states of a Map. */
export interface Machine {
  StartAt: string;
  QueryLanguage?: string;
  States: Record<string, DeployedState>;
}

/** The definition of the one machine of that name. */
export function machineOf(made: Recorded[], name: string): Machine {
  const { definition } = inputsOf(made, "aws:sfn/stateMachine:StateMachine", name);
  return JSON.parse(String(definition));
}

/** What the states call, those of Maps too: `service:Action`. */
export function callsOf(machine: Machine): string[] {
  const calls = Object.values(machine.States).flatMap((state) => [
    ...(state.Resource === undefined ? [] : [action(state.Resource)]),
    ...(state.ItemProcessor === undefined ? [] : callsOf(state.ItemProcessor)),
  ]);
  return [...new Set(calls)].sort();
}

function action(resource: string): string {
  const [service = "", call = ""] = resource.split(":").slice(-2);
  return `${service}:${call.charAt(0).toUpperCase()}${call.slice(1)}`;
}

/** Names that a state leads to without being there, and states that nothing leads to. */
export function looseEnds({ StartAt, States }: Machine): string[] {
  const inner = Object.values(States).flatMap(({ ItemProcessor }) =>
    ItemProcessor === undefined ? [] : looseEnds(ItemProcessor),
  );
  const led = new Set([StartAt, ...Object.values(States).flatMap(leadsTo)]);
  return [
    ...inner,
    ...[...led].filter((name) => !(name in States)),
    ...Object.keys(States).filter((name) => !led.has(name)),
  ];
}

/**
 * Entries of an Assign that read a variable which an entry before them sets. On AWS they get its old
 * value; the emulator, ministack 1.5.33, gives them the new one, so no test here could tell.
 */
export function assignedInOrder({ States }: Machine): string[] {
  return Object.entries(States).flatMap(([state, { Assign = {}, Catch = [], ItemProcessor }]) => [
    ...[Assign, ...Catch.map((way) => way.Assign ?? {})].flatMap((assign) =>
      Object.entries(assign).flatMap(([name, value], index, entries) =>
        entries
          .slice(0, index)
          .filter(([before]) => new RegExp(`\\$${before}\\b`).test(JSON.stringify(value)))
          .map(([before]) => `${state}: ${name} reads ${before}`),
      ),
    ),
    ...(ItemProcessor === undefined ? [] : assignedInOrder(ItemProcessor)),
  ]);
}

function leadsTo({ Next, Default, Choices = [], Catch = [] }: DeployedState): string[] {
  return [Next, Default, ...[...Choices, ...Catch].map((way) => way.Next)].filter(
    (name) => name !== undefined,
  );
}
