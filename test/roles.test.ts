import assert from "node:assert/strict";
import { DailyWorkflow } from "../components";
import { Recorded, recordResources, resourcesOf, statementsOf } from "./components/recorder";
import { sources, stack } from "./stack";

/** Configs that make, together, every role there is. */
const configs: Record<string, Record<string, unknown>> = {
  "by default": {},
  "with all that config can add": {
    sources: sources.map((source) => ({ ...source, catalog: "events" })),
    slack: { teamId: "T1", channelId: "C1" },
    encryptCatalog: "true",
  },
};

/** Roles whose service may name no account, by the end of their names, and why they may be assumed all the same. */
const unsaid: Record<string, string> = {
  "-slack": "has no permissions",
  "-catalog": "the account couldn't read its catalog otherwise",
};

const rolesOf = (made: Recorded[]) => made.filter(({ type }) => type === "aws:iam/role:Role");

function checkTrust({ name, inputs }: Recorded): void {
  const trust = statementsOf(inputs["assumeRolePolicy"]);
  const isUnsaid = Object.keys(unsaid).some((end) => name.endsWith(end));
  const operator = isUnsaid ? "StringEqualsIfExists" : "StringEquals";
  assert.deepEqual(
    trust.map(({ Action, Condition }) => ({ Action, Condition })),
    [
      {
        Action: ["sts:AssumeRole"],
        Condition: { [operator]: { "aws:SourceAccount": "111122223333" } },
      },
    ],
    name,
  );
}

/** The confused deputy: a service that serves other accounts, too. */
describe("the roles of the stack", () => {
  const seen = new Set<string>();
  for (const [what, config] of Object.entries(configs)) {
    it(`are assumed for this account alone, ${what}`, async () => {
      const roles = rolesOf(await stack(config));
      assert.ok(roles.length >= 7, `${roles.length} roles`);
      roles.forEach(checkTrust);
      roles.forEach(({ name }) => seen.add(name));
    });
  }

  it("are assumed for this account alone, where new objects start a workflow", async () => {
    recordResources();
    const made = await resourcesOf(
      () =>
        new DailyWorkflow("w", {
          workflowName: "w",
          steps: [[{ jobName: "j" }]],
          newObjects: { bucketName: "raw", prefix: "logs/" },
        }),
    );
    assert.equal(rolesOf(made).length, 1);
    rolesOf(made).forEach(checkTrust);
  });

  it("are excused from it for reasons that are needed", () => {
    const excused = Object.keys(unsaid).filter((end) =>
      [...seen].some((name) => name.endsWith(end)),
    );
    assert.deepEqual(excused, Object.keys(unsaid));
  });
});
