import assert from "node:assert/strict";
import { unscopedActions } from "../../policies/iam";
import { reference } from "../deploy/authorizationReference";

describe("actions that the policies let pass on `*`", () => {
  it("need no resource, by the Service Authorization Reference", async () => {
    const named = unscopedActions.filter((action) => !action.includes("*"));
    for (const action of named) {
      const known = await reference(action);
      assert.ok(known, `${action} is no action`);
      assert.deepEqual(
        known.resources.filter(({ required }) => required),
        [],
        action,
      );
    }
  });
});
