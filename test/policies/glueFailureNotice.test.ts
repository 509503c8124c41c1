import assert from "node:assert/strict";
import { matches } from "../../policies/eventPattern";
import { Properties } from "../../policies/properties";
import { goodStack } from "./good";
import { changedProps, describeRules } from "./pack/cases";
import { unknown } from "./pack/packHost";
import { sharedPack } from "./pack/sharedPack";

const rule = "aws:cloudwatch/eventRule:EventRule";
const pattern = (detail: object, type = "Glue Crawler State Change") =>
  JSON.stringify({ source: ["aws.glue"], "detail-type": [type], detail });

describe("the policy for notices of failure", () => {
  describeRules(
    ["glue-workflow-failure-notice"],
    [
      {
        rule: "glue-workflow-failure-notice",
        resource: "curated",
        changes: "failed-crawls",
        type: rule,
        field: "eventPattern",
        bad: [
          pattern({ crawlerName: ["raw"], state: ["Failed"] }),
          pattern({ crawlerName: [{ "anything-but": ["curated"] }], state: ["Failed"] }),
        ],
        good: [
          pattern({ state: ["Failed"] }),
          pattern({ crawlerName: [{ prefix: "" }], state: ["Failed", "Succeeded"] }),
          JSON.stringify({ source: ["aws.glue"] }),
        ],
        says: /curated tells nobody when it is Failed.*"Glue Crawler State Change".*target/,
      },
      {
        rule: "glue-workflow-failure-notice",
        resource: "job",
        changes: "failed-jobs",
        type: rule,
        field: "eventPattern",
        bad: [
          undefined,
          "not JSON",
          pattern({ jobName: ["job"], state: ["FAILED"] }, "Glue Job State Change"),
          pattern({ jobName: ["other"] }, "Glue Job State Change"),
          pattern({}),
        ],
        says: /job tells nobody when it is (FAILED or )?TIMEOUT/,
      },
      {
        rule: "glue-workflow-failure-notice",
        resource: "job",
        changes: "failed-jobs",
        type: rule,
        field: "state",
        bad: ["DISABLED"],
        good: [undefined],
        says: /tells nobody/,
      },
      {
        rule: "glue-workflow-failure-notice",
        resource: "job",
        changes: "failed-jobs",
        type: rule,
        field: "eventBusName",
        bad: ["orders"],
        good: ["default"],
        says: /tells nobody/,
      },
      {
        rule: "glue-workflow-failure-notice",
        resource: "job",
        changes: "failed-jobs",
        type: "aws:cloudwatch/eventTarget:EventTarget",
        field: "rule",
        bad: ["elsewhere"],
        says: /tells nobody/,
      },
    ],
  );

  it("asks for the states that config names", async () => {
    const host = await sharedPack({
      "glue-workflow-failure-notice": { enforcementLevel: "mandatory", jobStates: ["STOPPED"] },
    });
    const onlyStopped = goodStack.map((one) =>
      one.name === "failed-jobs" && one.type === rule
        ? {
            ...one,
            props: changedProps(
              one.props,
              "eventPattern",
              pattern({ state: ["STOPPED"] }, "Glue Job State Change"),
            ),
          }
        : one,
    );
    assert.deepEqual(await host.analyzeStack(onlyStopped), []);
  });

  it("keeps silent while a target's rule isn't known", async () => {
    const host = await sharedPack();
    const stack = goodStack.map((one) =>
      one.type.endsWith(":EventTarget")
        ? { ...one, props: { ...one.props, rule: unknown }, dependencies: {} }
        : one,
    );
    assert.deepEqual(await host.analyzeStack(stack), []);
  });
});

describe("event patterns", () => {
  const event = { source: "aws.glue", detail: { name: "mobile-user", state: "FAILED" } };
  for (const [name, matcher, expected] of [
    ["an exact text", "mobile-user", true],
    ["another text", "mobile", false],
    ["a prefix", { prefix: "mobile" }, true],
    ["another prefix", { prefix: "user" }, false],
    ["a suffix", { suffix: "user" }, true],
    ["a wildcard", { wildcard: "m*-u*r" }, true],
    ["a wildcard with a dot", { wildcard: "mobile.*" }, false],
    ["any case", { "equals-ignore-case": "Mobile-User" }, true],
    ["anything but it", { "anything-but": "mobile-user" }, false],
    ["anything but others", { "anything-but": ["a", "b"] }, true],
    ["anything but its prefix", { "anything-but": { prefix: "mob" } }, false],
    ["that it is there", { exists: true }, true],
    ["that it isn't there", { exists: false }, false],
    ["an operator that can't be foretold", { numeric: [">", 0] }, true],
  ] as const) {
    it(`match by ${name}: ${String(expected)}`, () => {
      assert.equal(matches(new Properties({ detail: { name: [matcher] } }), event), expected);
    });
  }

  it("match by one of several branches", () => {
    const branches = (...names: string[]) =>
      new Properties({ detail: { $or: names.map((name) => ({ name: [name] })) } });
    assert.equal(matches(branches("a", "mobile-user"), event), true);
    assert.equal(matches(branches("a", "b"), event), false);
  });

  it("let fields pass that can't be foretold", () => {
    assert.equal(matches(new Properties({ account: ["123"] }), event), true);
  });
});
