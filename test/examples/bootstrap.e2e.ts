import assert from "node:assert/strict";
import { z } from "zod";
import type { PolicyStack } from "../policies/engine/policyStack";
import { ExampleEngine } from "./exampleEngine";

const statements = z
  .object({
    Statement: z.array(
      z.object({
        Sid: z.string(),
        Effect: z.string(),
        Action: z.union([z.string(), z.array(z.string())]),
        Condition: z.unknown().optional(),
      }),
    ),
  })
  .transform(({ Statement }) => Statement);

describe("the bootstrap program", function () {
  this.timeout(120_000);
  let engine: ExampleEngine;
  let stack: PolicyStack;

  before(async function () {
    this.timeout(600_000);
    engine = await ExampleEngine.start();
    stack = await engine.open("bootstrap", {
      repository: "acme/events",
      namePrefix: "glue-etl",
      environments: '["dev","prod"]',
      buckets: '["mobile-user-*","segment-bucket"]',
      owner: "platform",
      costCenter: "analytics",
    });
  });
  after(() => engine.stop());

  const trustOf = (inputs: Record<string, unknown> | undefined) =>
    String(inputs?.["assumeRolePolicy"]);

  it("breaks no rule, in the preview and when it's made", async () => {
    const preview = await stack.preview();
    assert.deepEqual([preview.exitCode, preview.findings], [0, []], preview.output);
    const update = await stack.up();
    assert.deepEqual([update.exitCode, update.findings], [0, []], update.output);

    const subjects = {
      "glue-etl-preview": "pull_request",
      "glue-etl-deploy-dev": "environment:dev",
      "glue-etl-deploy-prod": "environment:prod",
    };
    for (const [role, subject] of Object.entries(subjects)) {
      const trust = trustOf(update.inputs[`aws:iam/role:Role ${role}`]);
      assert.ok(trust.includes(`"repo:acme/events:${subject}"`), trust);
      assert.ok(trust.includes('"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"'));
    }
    const attached = Object.keys(update.inputs)
      .filter((name) => name.includes(":RolePolicyAttachment "))
      .map((name) => name.split(" ").at(-1));
    const about = ["catalog", "notices", "reactions", "roles", "storage"];
    assert.deepEqual(
      attached.sort(),
      ["dev", "prod"].flatMap((stack) => about.map((each) => `glue-etl-deploy-${stack}-${each}`)),
    );
  });

  it("lets each role tell a file of the state that isn't there from one that it may not read", async () => {
    const { inputs } = await stack.preview();
    for (const role of ["preview", "deploy-dev", "deploy-prod"]) {
      const policy = String(inputs[`aws:iam/rolePolicy:RolePolicy glue-etl-${role}`]?.["policy"]);
      const list = statements.parse(JSON.parse(policy)).find(({ Sid }) => Sid === "ListState");
      assert.deepEqual([list?.Action, list?.Condition], [["s3:ListBucket"], undefined]);
    }
  });

  it("keeps the roles that deploy from taking the state's key away", async () => {
    const { inputs } = await stack.preview();
    for (const role of ["deploy-dev", "deploy-prod"]) {
      const policy = String(inputs[`aws:iam/rolePolicy:RolePolicy glue-etl-${role}`]?.["policy"]);
      const keep = statements.parse(JSON.parse(policy)).find(({ Sid }) => Sid === "KeepStateKey");
      assert.ok(keep?.Effect === "Deny" && keep.Action.includes("kms:ScheduleKeyDeletion"));
    }
  });

  it("refuses a repository that isn't OWNER/NAME", async () => {
    await stack.configure({ "policies:repository": "https://github.com/acme/events" });
    const { exitCode, output } = await stack.preview();
    assert.notEqual(exitCode, 0);
    assert.match(output, /repository is "https:\/\/github.com\/acme\/events". Set OWNER\/NAME/);
  });
});
