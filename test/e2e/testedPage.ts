/** A permission of a role of the stack. */
export interface Permitted {
  /** What roles of a kind have in common at the end of their names. */
  role: string;
  action: string;
  /** Why no run here uses it; undefined where one did. */
  unused: string | undefined;
}

/** docs/tested.md: what was run on the local platform, and what never on AWS. */
export function testedPage(types: readonly string[], permissions: readonly Permitted[]): string {
  const used = permissions.filter(({ unused }) => unused === undefined);
  const unused = permissions.filter((each) => each.unused !== undefined);
  return [
    "# What was run, and where",
    "",
    "`npm run docs:tested` makes this page of what a run on the local platform leaves: it deploys the stack, loads",
    "events, runs the workflow, has the job fail once, and starts each state machine. `test/e2e/access.e2e.ts` tells",
    "when the page is stale.",
    "",
    "**Nothing below was ever run on AWS by these tests.** Locally the engine, the program, the policies, the job's code",
    "and Spark are the real ones; the services are the emulator's and this project's own, so what only AWS does isn't",
    "seen: quotas, start-up times, eventual consistency, DPUs and auto scaling, what its console shows.",
    "",
    "## Resources that the local run makes",
    "",
    ...count(types).map(([type, number]) => `- \`${type}\`: ${number}`),
    "",
    "## Calls that roles made",
    "",
    "By kind of role: what services and the job called with the roles that were deployed, and were allowed to.",
    "",
    "| role | calls |",
    "| --- | --- |",
    ...byRole(used).map(([role, actions]) => `| \`${role}\` | ${actions.join(", ")} |`),
    "",
    "## Permissions that no such run uses",
    "",
    "They were tried neither there nor, by these tests, on AWS.",
    "",
    "| role | action | why it may |",
    "| --- | --- | --- |",
    ...rows(unused.map((each) => `| \`${each.role}\` | ${each.action} | ${each.unused} |`)),
    "",
  ].join("\n");
}

const rows = (lines: string[]) => [...new Set(lines)].sort();

function count(values: readonly string[]): [string, number][] {
  const numbers = new Map<string, number>();
  for (const value of values) numbers.set(value, (numbers.get(value) ?? 0) + 1);
  return [...numbers].sort(([a], [b]) => a.localeCompare(b));
}

function byRole(permissions: readonly Permitted[]): [string, string[]][] {
  const roles = [...new Set(permissions.map(({ role }) => role))].sort();
  return roles.map((role) => [
    role,
    rows(permissions.filter((each) => each.role === role).map(({ action }) => action)),
  ]);
}
