import assert from "node:assert/strict";
import { goodStack } from "./good";
import { changedProps, describeRules } from "./pack/cases";
import { type Described, PackHost, unknown, type Violation } from "./pack/packHost";
import { sharedPack } from "./pack/sharedPack";

const job = goodStack.find(({ name }) => name === "job") ?? assert.fail();
const changed = (changes: Record<string, unknown>): Described => ({
  ...job,
  props: Object.entries(changes).reduce(
    (props, [field, value]) => changedProps(props, field, value),
    job.props,
  ),
});
const rulesOf = (found: readonly Violation[]) => found.map(({ rule }) => rule);

describe("policies for Glue jobs", () => {
  describeRules(
    ["glue-version", "glue-job"],
    [
      {
        rule: "glue-version",
        resource: "job",
        field: "glueVersion",
        bad: [undefined, "4.0", "3.0", "latest"],
        good: ["5.0", "5.1", "6.0", "10.0"],
        says: /`glueVersion` (isn't set|is (4.0|3.0|latest))\. To fix it, set 5.0 or newer/,
      },
      {
        rule: "glue-job-timeout",
        resource: "job",
        field: "timeout",
        bad: [undefined, 0, 121, 2880],
        good: [1, 120],
        says: /`timeout` (isn't set|is \d+)\. To fix it, set 120 or less, in minutes/,
      },
      {
        rule: "glue-job-timeout",
        resource: "etl",
        field: "actions",
        bad: [[{ jobName: "job" }, { jobName: "job", timeout: 600 }]],
        good: [[{ jobName: "job", timeout: 30 }]],
        says: /`actions\[1\].timeout` is 600, which goes before the job's/,
      },
      {
        rule: "glue-job-capacity",
        resource: "job",
        field: "numberOfWorkers",
        bad: [21, 299],
        good: [20, undefined],
        says: /`numberOfWorkers` is \d+, which makes \d+ DPUs of G.1X\. To fix it, set 20 or less/,
      },
      {
        rule: "glue-job-capacity",
        resource: "job",
        field: "workerType",
        bad: ["G.8X", "G.16X", "Standard"],
        good: ["G.025X", "G.2X", "G.4X", "R.1X", undefined],
        says: /`workerType` is \S+\. To fix it, set one of G.025X, /,
      },
      {
        rule: "glue-job-capacity",
        resource: "job",
        field: "maxCapacity",
        bad: [100],
        good: [10],
        says: /`maxCapacity` is 100\. To fix it, set 20 or less/,
      },
      {
        rule: "glue-job-retries",
        resource: "job",
        field: "maxRetries",
        bad: [undefined, 0, 4],
        good: [3],
        says: /`maxRetries` (isn't set|is \d)\. To fix it, set 1 to 3/,
      },
      {
        rule: "glue-job-concurrency",
        resource: "job",
        field: "executionProperty.maxConcurrentRuns",
        bad: [2],
        good: [undefined],
        says: /maxConcurrentRuns` is 2 with job-bookmark-enable\. To fix it, set 1/,
      },
      {
        rule: "glue-job-flex",
        resource: "job",
        field: "executionClass",
        bad: [undefined, "STANDARD"],
        says: /`executionClass` (isn't set|is STANDARD)\. To fix it, set FLEX/,
      },
      {
        rule: "glue-job-logging",
        resource: "job",
        field: "defaultArguments.--enable-continuous-cloudwatch-log",
        bad: [undefined, "false", ""],
        good: ["TRUE"],
        says: /`defaultArguments\["--enable-continuous-cloudwatch-log"\]` (isn't set|is ".*")/,
      },
      {
        rule: "glue-job-logging",
        resource: "job",
        field: "defaultArguments.--enable-metrics",
        bad: [undefined, "false"],
        good: [""],
        says: /`defaultArguments\["--enable-metrics"\]` (isn't set|is "false")/,
      },
      {
        rule: "glue-job-no-secrets-in-arguments",
        resource: "job",
        field: "defaultArguments.--db_password",
        bad: ["hunter2"],
        good: ["", "arn:aws:secretsmanager:us-west-2:123456789012:secret:db", "prod/orders/db"],
        says: /`defaultArguments\["--db_password"\]` is named like a secret and holds a value/,
      },
      {
        rule: "glue-job-no-secrets-in-arguments",
        resource: "workflow",
        field: "defaultRunProperties",
        bad: [{ api_key: "0123456789abcdef" }],
        good: [{ start_date: "2026-01-01" }],
        says: /`defaultRunProperties\["api_key"\]`/,
      },
      {
        rule: "glue-job-no-secrets-in-arguments",
        resource: "etl",
        field: "actions.0.arguments",
        bad: [{ "--days": "1", "--token": "0123456789abcdef" }],
        good: [{ "--days": "1" }],
        says: /`actions\[0\].arguments\["--token"\]`/,
      },
    ],
  );

  describe("of other kinds", () => {
    let host: PackHost;
    before(async () => (host = await sharedPack()));
    const found = async (changes: Record<string, unknown>) =>
      rulesOf(await host.analyze(changed(changes)));

    it("asks a Python shell job for a timeout, but for nothing of Spark", async () => {
      const shell = {
        "command.name": "pythonshell",
        glueVersion: undefined,
        executionClass: undefined,
        workerType: undefined,
        numberOfWorkers: undefined,
        maxCapacity: 0.0625,
        defaultArguments: undefined,
      };
      assert.deepEqual(await found(shell), []);
      assert.deepEqual(await found({ ...shell, timeout: undefined }), ["glue-job-timeout"]);
    });

    it("asks a stream for no timeout and no flex", async () => {
      const stream = { "command.name": "gluestreaming", timeout: 0, executionClass: undefined };
      assert.deepEqual(await found(stream), []);
      assert.deepEqual(await found({ ...stream, glueVersion: "4.0" }), ["glue-version"]);
    });

    it("asks a Ray job for no timeout, no flex and no Spark version", async () => {
      const ray = {
        "command.name": "glueray",
        glueVersion: "4.0",
        timeout: undefined,
        executionClass: undefined,
        workerType: "Z.2X",
        numberOfWorkers: 10,
        defaultArguments: undefined,
      };
      assert.deepEqual(await found(ray), []);
      assert.deepEqual(await found({ ...ray, numberOfWorkers: 11 }), ["glue-job-capacity"]);
    });

    it("asks a job that says nothing of its kind as a Spark job", async () => {
      const old = { "command.name": undefined, glueVersion: "4.0" };
      assert.deepEqual(await found(old), ["glue-version"]);
    });

    it("asks for no flex before Glue 3.0, which has none", async () => {
      const old = { executionClass: undefined, glueVersion: "2.0" };
      assert.deepEqual(await found(old), ["glue-version"]);
    });

    for (const [workerType, workers] of [
      ["G.025X", 80],
      ["G.2X", 10],
      ["G.4X", 5],
      ["R.4X", 5],
    ] as const) {
      it(`lets a job have ${workers} workers of ${workerType}, and no more`, async () => {
        assert.deepEqual(await found({ workerType, numberOfWorkers: workers }), []);
        assert.deepEqual(await found({ workerType, numberOfWorkers: workers + 1 }), [
          "glue-job-capacity",
        ]);
      });
    }

    it("lets arguments that can't be overridden go before defaults", async () => {
      const fixed = { nonOverridableArguments: { "--enable-metrics": "false" } };
      assert.deepEqual(await found(fixed), ["glue-job-logging"]);
    });

    it("judges the concurrency of a job with no bookmarks, too", async () => {
      const overlapping = {
        "executionProperty.maxConcurrentRuns": 2,
        "defaultArguments.--job-bookmark-option": undefined,
      };
      assert.deepEqual(await found(overlapping), ["glue-job-concurrency"]);
    });
  });

  it("goes by config", async () => {
    const config = (settings: Record<string, unknown>) => ({
      enforcementLevel: "mandatory",
      ...settings,
    });
    const host = await sharedPack({
      "glue-version": config({ minVersion: "4.0" }),
      "glue-job-timeout": config({ maxMinutes: 30 }),
      "glue-job-capacity": config({ maxDpus: 8, workerTypes: ["G.8X"] }),
      "glue-job-retries": config({ min: 0, max: 0 }),
      "glue-job-concurrency": config({ concurrentJobs: ["job"] }),
      "glue-job-no-secrets-in-arguments": config({ allowedArguments: ["--page_token"] }),
    });
    const kept = {
      glueVersion: "4.0",
      timeout: 30,
      workerType: "G.8X",
      numberOfWorkers: 1,
      maxRetries: 0,
      "executionProperty.maxConcurrentRuns": 9,
      "defaultArguments.--job-bookmark-option": "job-bookmark-disable",
      "defaultArguments.--page_token": "0123456789abcdef",
    };
    const found = async (changes: Record<string, unknown>) =>
      rulesOf(await host.analyze(changed({ ...kept, ...changes })));
    assert.deepEqual(await found({}), []);
    assert.deepEqual(await found({ glueVersion: "3.0" }), ["glue-version"]);
    assert.deepEqual(await found({ timeout: 31 }), ["glue-job-timeout"]);
    assert.deepEqual(await found({ numberOfWorkers: 2 }), ["glue-job-capacity"]);
    assert.deepEqual(await found({ workerType: undefined, numberOfWorkers: undefined }), [
      "glue-job-capacity",
    ]);
    assert.deepEqual(await found({ workerType: "G.1X" }), ["glue-job-capacity"]);
    assert.deepEqual(await found({ maxRetries: 1 }), ["glue-job-retries"]);
    assert.deepEqual(
      await found({ "defaultArguments.--job-bookmark-option": "job-bookmark-pause" }),
      ["glue-job-concurrency"],
    );
    assert.deepEqual(await found({ "defaultArguments.--token": "0123456789abcdef" }), [
      "glue-job-no-secrets-in-arguments",
    ]);
  });

  it("asks for no flex in production", async () => {
    const host = await sharedPack({}, "prod");
    assert.deepEqual(rulesOf(await host.analyze(changed({ executionClass: undefined }))), []);
  });

  it("judges a timeout that isn't set whatever else isn't known", async () => {
    const host = await sharedPack();
    const unclear = { timeout: undefined, glueVersion: unknown, workerType: unknown };
    assert.deepEqual(rulesOf(await host.analyze(changed(unclear))), ["glue-job-timeout"]);
  });
});
