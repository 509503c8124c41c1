import assert from "node:assert/strict";
import { goodStack } from "./good";
import { changedProps, describeRules } from "./pack/cases";
import { type Described, unknown } from "./pack/packHost";
import { withPack } from "./pack/sharedPack";

const results = "configuration.resultConfiguration.encryptionConfiguration.encryptionOption";
const limit = "configuration.bytesScannedCutoffPerQuery";

describe("policies for Athena", () => {
  describeRules(
    ["athena-"],
    [
      {
        rule: "athena-workgroup-enforced",
        resource: "analytics",
        field: "configuration.enforceWorkgroupConfiguration",
        bad: [false],
        good: [undefined],
        says: /`configuration.enforceWorkgroupConfiguration` is false\. .*set true/,
      },
      {
        rule: "athena-encryption",
        resource: "analytics",
        field: results,
        bad: [undefined, "NONE"],
        good: ["SSE_KMS", "CSE_KMS"],
        says: /encryptionOption` (isn't set|is NONE)\. .*set SSE_S3 or SSE_KMS or CSE_KMS/,
      },
      {
        rule: "athena-encryption",
        resource: "adhoc",
        field: "encryptionConfiguration",
        bad: [undefined],
        good: [{ encryptionOption: "SSE_KMS", kmsKey: unknown }],
        says: /`encryptionConfiguration.encryptionOption` isn't set/,
      },
      {
        rule: "athena-scan-limit",
        resource: "analytics",
        field: limit,
        bad: [undefined, 0, 1024 ** 4 + 1],
        good: [1024 ** 4],
        says: /bytesScannedCutoffPerQuery` (isn't set|is 1099511627777)\. .*set 1099511627776 or less/,
      },
      {
        rule: "athena-metrics",
        resource: "analytics",
        field: "configuration.publishCloudwatchMetricsEnabled",
        bad: [false],
        good: [undefined],
        says: /`configuration.publishCloudwatchMetricsEnabled` is false/,
      },
      ...["analytics", "other-catalog"].map((resource) => ({
        rule: "athena-tags",
        resource,
        field: "tags",
        bad: [undefined, {}],
        says: /`tags` lacks `Project`/,
      })),
    ],
  );

  const workgroup = (configuration?: object): Described => ({
    type: "aws:athena/workgroup:Workgroup",
    name: "group",
    props: {
      configuration,
      tags: { Project: "p", Environment: "e", Owner: "o", CostCenter: "c" },
    },
  });

  const judge = async (resource: Described, config = {}) => {
    const found = await withPack((host) => host.analyze(resource), config);
    return found.map(({ rule }) => rule);
  };

  it("judge a workgroup without any configuration by Athena's defaults", async () => {
    assert.deepEqual(await judge(workgroup()), ["athena-encryption", "athena-scan-limit"]);
  });

  it("let Spark pass without a scan limit, and encrypted by the key of its notebooks", async () => {
    const engineVersion = { selectedEngineVersion: "PySpark engine version 3" };
    assert.deepEqual(await judge(workgroup({ engineVersion })), ["athena-encryption"]);
    const customerContentEncryptionConfiguration = { kmsKey: unknown };
    const encrypted = { engineVersion, customerContentEncryptionConfiguration };
    assert.deepEqual(await judge(workgroup(encrypted)), []);
  });

  it("take results that Athena manages for encrypted", async () => {
    const managed = (enabled: boolean) =>
      workgroup({
        bytesScannedCutoffPerQuery: 10 * 1024 ** 2,
        managedQueryResultsConfiguration: { enabled },
      });
    assert.deepEqual(await judge(managed(true)), []);
    assert.deepEqual(await judge(managed(false)), ["athena-encryption"]);
  });

  it("go by the limit and the encryption that config asks for", async () => {
    const [analytics = assert.fail()] = goodStack.filter(({ name }) => name === "analytics");
    const config = {
      "athena-scan-limit": { maxBytes: 20_000_000 },
      "athena-encryption": { encryptionOptions: ["SSE_KMS"] },
    };
    assert.deepEqual(await judge(analytics, config), ["athena-encryption", "athena-scan-limit"]);
    const good = changedProps(changedProps(analytics.props, limit, 20_000_000), results, "SSE_KMS");
    assert.deepEqual(await judge({ ...analytics, props: good }, config), []);
  });
});
