import { PolicyConfigSchema } from "@pulumi/policy";
import assert from "node:assert/strict";
import { glueRules } from "../../policies/glue";
import { resourcePolicy } from "../../policies/rule";

/** What a rule says of a resource, run as the engine runs it. */
function violations(ruleName: string, type: string, props: object, config?: object): string[] {
  const rule = glueRules.find(({ name }) => name === ruleName);
  assert.ok(rule, `no rule ${ruleName}`);
  const messages: string[] = [];
  const { validateResource } = resourcePolicy(rule);
  assert.ok(typeof validateResource === "function");
  void validateResource(
    {
      type,
      props,
      name: "it",
      urn: `urn:pulumi:test::glue-etl::${type}::it`,
      opts: {
        protect: false,
        ignoreChanges: [],
        aliases: [],
        customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
        additionalSecretOutputs: [],
      },
      stackTags: new Map(),
      isType: () => false,
      asType: () => undefined,
      getConfig: <T extends object>() => ({ ...defaultsOf(rule.configSchema), ...config }) as T,
      notApplicable: () => {
        throw new Error("not applicable");
      },
    },
    (message) => messages.push(message),
  );
  return messages;
}

function defaultsOf(schema: PolicyConfigSchema | undefined): object {
  return Object.fromEntries(
    Object.entries(schema?.properties ?? {}).map(([key, value]) => [key, value.default]),
  );
}

describe("policies for Glue", () => {
  for (const rule of glueRules) {
    it(`${rule.name} is documented`, () => {
      assert.match(rule.name, /^glue-[a-z-]+$/);
      for (const text of [rule.description, rule.reason, rule.url]) assert.ok(text.length > 10);
    });
  }

  describe("glue-no-dev-endpoint", () => {
    it("refuses every dev endpoint", () => {
      const [message, ...more] = violations(
        "glue-no-dev-endpoint",
        "aws:glue/devEndpoint:DevEndpoint",
        {},
      );
      assert.match(message ?? "", /^it: is a dev endpoint\. .*bills.* Fix: delete it/);
      assert.equal(more.length, 0);
    });

    it("has nothing to say of anything else", () => {
      assert.deepEqual(violations("glue-no-dev-endpoint", "aws:glue/job:Job", {}), []);
    });
  });

  describe("glue-workflow-tags", () => {
    const type = "aws:glue/workflow:Workflow";
    const tags = { Project: "p", Environment: "e", Owner: "o", CostCenter: "c" };

    it("takes a workflow with all tags", () => {
      assert.deepEqual(violations("glue-workflow-tags", type, { tags }), []);
    });

    for (const key of Object.keys(tags)) {
      for (const [what, broken] of [
        ["no", Object.fromEntries(Object.entries(tags).filter(([name]) => name !== key))],
        ["an empty", { ...tags, [key]: "" }],
      ] as const) {
        it(`refuses ${what} ${key}`, () => {
          const found = violations("glue-workflow-tags", type, { tags: broken });
          assert.equal(found.length, 1);
          assert.match(found[0] ?? "", new RegExp(`^it\\.tags: lacks \`${key}\``));
        });
      }
    }

    it("names all that is missing in one violation", () => {
      const found = violations("glue-workflow-tags", type, {});
      assert.equal(found.length, 1);
      assert.match(found[0] ?? "", /`Project`, `Environment`, `Owner`, `CostCenter`/);
    });

    it("counts the provider's default tags", () => {
      assert.deepEqual(violations("glue-workflow-tags", type, { tagsAll: tags }), []);
    });

    it("asks for other tags where config says so", () => {
      const config = { requiredTags: ["Team"] };
      assert.equal(violations("glue-workflow-tags", type, { tags }, config).length, 1);
      assert.deepEqual(violations("glue-workflow-tags", type, { tags: { Team: "t" } }, config), []);
    });

    it("has nothing to say of anything else", () => {
      assert.deepEqual(violations("glue-workflow-tags", "aws:glue/job:Job", {}), []);
    });
  });
});
