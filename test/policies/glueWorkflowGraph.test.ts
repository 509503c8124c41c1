import assert from "node:assert/strict";
import { goodStack } from "./good";
import { changedProps, describeRules } from "./pack/cases";
import { type Described, PackHost, unknown, urnOf, type Violation } from "./pack/packHost";
import { sharedPack } from "./pack/sharedPack";

const workflow = "aws:glue/workflow:Workflow";
const trigger = "aws:glue/trigger:Trigger";
const waitsFor = (...names: string[]) =>
  names.map((jobName) => ({ jobName, state: "SUCCEEDED", logicalOperator: "EQUALS" }));

describe("the policy for the graph of a Glue workflow", () => {
  describeRules(
    ["glue-workflow-graph"],
    [
      {
        rule: "glue-workflow-graph",
        resource: "etl",
        field: "predicate.conditions",
        bad: [
          undefined,
          [],
          waitsFor("job"),
          waitsFor("another"),
          [{ crawlerName: "curated", crawlState: "SUCCEEDED", logicalOperator: "EQUALS" }],
        ],
        good: [[{ crawlerName: "raw", crawlState: "SUCCEEDED" }]],
        says: /`predicate.conditions` (is empty|waits for what|names job `another`)/,
      },
      {
        rule: "glue-workflow-graph",
        resource: "etl",
        field: "predicate.conditions.0.logicalOperator",
        bad: ["NOT_EQUALS"],
        good: [undefined],
        says: /`predicate.conditions\[0\].logicalOperator` is NOT_EQUALS.*set EQUALS/,
      },
      {
        rule: "glue-workflow-graph",
        resource: "publish",
        field: "actions.0.crawlerName",
        bad: ["elsewhere"],
        says: /names crawler `elsewhere`, which the stack doesn't have/,
      },
      {
        rule: "glue-workflow-graph",
        resource: "publish",
        field: "actions",
        bad: [undefined, []],
        says: /`actions` is empty/,
      },
    ],
  );

  describe("on the whole", () => {
    let host: PackHost;
    before(async () => (host = await sharedPack()));

    const change = (name: string, field: string, value: unknown) => (resource: Described) =>
      resource.name === name && [trigger, workflow].includes(resource.type)
        ? { ...resource, props: changedProps(resource.props, field, value) }
        : resource;
    const graphOf = async (stack: Described[]): Promise<Violation[]> =>
      (await host.analyzeStack(stack)).filter(({ rule }) => rule === "glue-workflow-graph");
    const only = (found: Violation[], type: string, name: string): string => {
      assert.deepEqual(
        found.map(({ urn }) => urn),
        [urnOf({ type, name })],
      );
      return found[0]?.message ?? "";
    };

    for (const type of ["ON_DEMAND", "EVENT"]) {
      it(`takes a start of type ${type}`, async () => {
        assert.deepEqual(await graphOf(goodStack.map(change("start", "type", type))), []);
      });
    }

    it("refuses a workflow that nothing starts", async () => {
      const found = await graphOf(goodStack.filter(({ name }) => name !== "start"));
      assert.match(only(found, workflow, "workflow"), /has no starting trigger/);
    });

    it("refuses two starts", async () => {
      const found = await graphOf(goodStack.map(change("publish", "type", "ON_DEMAND")));
      assert.match(only(found, workflow, "workflow"), /has 2: `start`, `publish`/);
    });

    it("refuses a cycle, once, and names its triggers in order", async () => {
      const conditions = [...waitsFor("job"), { crawlerName: "curated", crawlState: "SUCCEEDED" }];
      const found = await graphOf([
        ...goodStack.map(change("etl", "predicate.conditions", conditions.slice(1))),
      ]);
      const message = only(found, trigger, "etl");
      assert.match(message, /waits for what itself leads to: etl → publish → etl\./);
    });

    it("takes a wait for any of two", async () => {
      const both = [
        { crawlerName: "raw", crawlState: "FAILED", logicalOperator: "EQUALS" },
        ...waitsFor("job"),
      ];
      assert.deepEqual(
        await graphOf(
          goodStack
            .map(change("publish", "predicate.conditions", both))
            .map(change("publish", "predicate.logical", "ANY")),
        ),
        [],
      );
    });

    it("takes what config says is there, and nothing else", async () => {
      const existing = await sharedPack({ "glue-workflow-graph": { existing: ["elsewhere"] } });
      const elsewhere = goodStack.map(change("publish", "actions", [{ crawlerName: "elsewhere" }]));
      const found = async (stack: Described[]) =>
        (await existing.analyzeStack(stack)).filter(({ rule }) => rule === "glue-workflow-graph");
      assert.deepEqual(await found(elsewhere), []);
      const another = goodStack.map(change("publish", "actions", [{ crawlerName: "another" }]));
      assert.match(
        only(await found(another), trigger, "publish"),
        /names crawler `another`.*list it in this rule's `existing`/,
      );
    });

    it("says nothing of a workflow of which a trigger isn't known yet", async () => {
      const unknownLink = goodStack
        .map(change("start", "workflowName", unknown))
        .map((resource) => ({ ...resource, dependencies: {} }));
      assert.deepEqual(await graphOf(unknownLink), []);
    });

    it("goes by what a trigger depends on while the workflow's name isn't known", async () => {
      const autonamed = goodStack
        .map(change("workflow", "name", unknown))
        .map((resource) =>
          resource.type === trigger
            ? { ...resource, props: { ...resource.props, workflowName: unknown } }
            : resource,
        );
      assert.deepEqual(await graphOf(autonamed), []);
      const started = autonamed.filter(({ name }) => name !== "start");
      assert.match(only(await graphOf(started), workflow, "workflow"), /no starting trigger/);
    });
  });
});
