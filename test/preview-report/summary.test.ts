import assert from "node:assert/strict";
import { actions } from "../../preview-report/changes";
import { readEvents } from "../../preview-report/events";
import { summarize } from "../../preview-report/summary";
import { closing, policyEvent, recordedEvents, recordedText, stepEvent } from "./recorded";

const job = "urn:pulumi:dev::glue-etl::aws:glue/job:Job::daily";

describe("the summary of a preview", () => {
  const summary = summarize("local", recordedEvents("changes"));

  it("counts changes as the engine does", () => {
    const [line = ""] = recordedText("changes").match(/.*"summaryEvent".*/) ?? [];
    const counted: unknown = JSON.parse(line).summaryEvent.resourceChanges;
    const ours = actions.flatMap((action) => {
      const { length } = summary.changes.filter((change) => change.action === action);
      return length > 0 ? [[action, length] as const] : [];
    });
    assert.deepEqual({ ...Object.fromEntries(ours), same: summary.unchanged }, counted);
  });

  it("names what changes, by component", () => {
    assert.deepEqual(
      summary.changes.map(({ action, resource, component, properties }) =>
        [action, component?.name, resource.type, resource.name, ...properties.map((p) => p.path)]
          .filter(Boolean)
          .join(" "),
      ),
      [
        "replace ios aws:glue:Crawler ios name",
        "update ios aws:iam:Role ios-crawler description",
        "delete mobile-analytics aws:athena:NamedQuery mobile-analytics-daily-active-users",
        "update mobile-user aws:glue:Trigger android-crawler-trigger predicate.conditions[0].crawlerName",
        "update mobile-user aws:glue:Trigger mobile-user-start actions[0].crawlerName",
        "update mobile-user-daily aws:glue:Job mobile-user-daily numberOfWorkers",
        "create aws:glue:DevEndpoint legacy",
        "create aws:glue:DevEndpoint mine",
        "create aws:glue:Workflow adhoc",
      ],
    );
    const replaced = summary.changes.find(({ action }) => action === "replace");
    assert.deepEqual(replaced?.properties, [{ path: "name", forcesReplacement: true }]);
  });

  it("tells findings by level, exemptions and remediations", () => {
    const rules = (findings: readonly { rule: string; resource?: { name: string } }[]) =>
      findings.map(({ rule, resource }) => `${rule} ${resource?.name}`);
    assert.equal(summary.outcome, "blocked");
    assert.deepEqual(rules(summary.mandatory), [
      "glue-no-dev-endpoint mine",
      "glue-workflow-graph adhoc",
    ]);
    assert.deepEqual(rules(summary.advisory), [
      "glue-workflow-failure-notice android",
      "glue-workflow-failure-notice ios",
      "glue-workflow-failure-notice mobile-user",
      "glue-workflow-failure-notice mobile-user-daily",
    ]);
    assert.deepEqual(rules(summary.exemptions), ["policy-exemptions legacy"]);
    assert.deepEqual(
      summary.remediations.map(({ rule, properties }) => [rule, properties]),
      [
        [
          "glue-workflow-tags",
          ["tags.CostCenter", "tags.Environment", "tags.Owner", "tags.Project"],
        ],
      ],
    );
    assert.deepEqual(summary.diagnostics, []);
  });

  it("tells errors of the program, without colours", () => {
    const failed = summarize("local", recordedEvents("failed"));
    assert.equal(failed.outcome, "failed");
    assert.equal(failed.mandatory.length, 1);
    assert.deepEqual(
      failed.diagnostics.map(({ severity, message }) => [severity, message.split("\n")[0]]),
      [
        ["error", "Unhandled exception: Error: the program's own error"],
        ["error", "the program's own error"],
      ],
    );
  });

  describe("is bad", () => {
    it("where the engine never came to its end", () => {
      const cutOff = recordedEvents("changes").slice(0, 30);
      assert.equal(summarize("dev", cutOff).outcome, "failed");
      assert.equal(summarize("dev", []).outcome, "failed");
    });

    it("where the engine says so, and no finding or error tells why", () => {
      const canceled = readEvents('{"summaryEvent":{"result":"canceled"}}', "log");
      assert.equal(summarize("dev", canceled).outcome, "failed");
    });

    it("for each level but advisory", () => {
      const outcome = (enforcementLevel: string) =>
        summarize("dev", [policyEvent({ enforcementLevel }), closing]).outcome;
      assert.equal(outcome("mandatory"), "blocked");
      assert.equal(outcome("remediate"), "blocked");
      assert.equal(outcome("advisory"), "passed");
    });
  });

  it("leaves out what the engine repeats or says for debugging", () => {
    const diagnostic = (severity: string, more: object = {}) =>
      JSON.stringify({ diagnosticEvent: { message: `${severity} s3cr3t`, severity, ...more } });
    const events = readEvents(
      [
        diagnostic("debug"),
        diagnostic("info"),
        diagnostic("warning"),
        diagnostic("warning"),
        diagnostic("error", { ephemeral: true }),
      ].join("\n"),
      "log",
    );
    const { diagnostics, mandatory } = summarize("dev", [
      ...events,
      policyEvent({}),
      policyEvent({}),
    ]);
    assert.deepEqual(
      diagnostics.map(({ severity }) => severity),
      ["warning"],
    );
    assert.equal(mandatory.length, 1);
  });

  it("takes imports, and properties of providers that tell no details", () => {
    const { changes } = summarize("dev", [
      stepEvent("import", `${job}-a`),
      stepEvent("replace", `${job}-b`, { keys: ["name"], diffs: ["alpha", "name"] }),
      stepEvent("create", "urn:pulumi:dev::glue-etl::pulumi:providers:aws::default_7_48_0"),
      stepEvent("create", "urn:pulumi:dev::glue-etl::pulumi:providers:aws::mine"),
    ]);
    assert.deepEqual(
      changes.map(({ action, resource }) => `${action} ${resource.name}`),
      ["import daily-a", "replace daily-b", "create mine"],
    );
    assert.deepEqual(changes[1]?.properties, [
      { path: "name", forcesReplacement: true },
      { path: "alpha", forcesReplacement: false },
    ]);
  });
});
