import assert from "node:assert/strict";
import { goodStack } from "./good";
import { changedProps, describeRules } from "./pack/cases";
import { PackHost } from "./pack/packHost";
import { sharedPack } from "./pack/sharedPack";

const configuration = (settings: object) => JSON.stringify({ Version: 1, ...settings });
const threshold = (tables: number) =>
  configuration({ CrawlerOutput: { Tables: { TableThreshold: tables } } });

describe("policies for Glue crawlers", () => {
  describeRules(
    ["glue-crawler"],
    [
      {
        rule: "glue-crawler-schema-policy",
        resource: "raw",
        field: "recrawlPolicy.recrawlBehavior",
        bad: ["CRAWL_NEW_FOLDERS_ONLY"],
        good: [undefined, "CRAWL_EVENT_MODE"],
        says: /updateBehavior` is UPDATE_IN_DATABASE with CRAWL_NEW_FOLDERS_ONLY\. To fix it, set LOG/,
      },
      {
        rule: "glue-crawler-single-table",
        resource: "raw",
        field: "configuration",
        bad: [
          undefined,
          "not JSON",
          configuration({}),
          configuration({ Grouping: { TableGroupingPolicy: "Other" } }),
          threshold(101),
        ],
        good: [
          configuration({ Grouping: { TableLevelConfiguration: 3 } }),
          threshold(100),
          threshold(1),
        ],
        says: /`configuration` (neither groups nor limits tables|lets in 101)\. To fix it, set /,
      },
    ],
  );

  const crawler = goodStack.find(({ name }) => name === "raw") ?? assert.fail();
  const analyze = async (host: PackHost, changes: Record<string, unknown>) => {
    const props = Object.entries(changes).reduce(
      (changed, [field, value]) => changedProps(changed, field, value),
      crawler.props,
    );
    return (await host.analyze({ ...crawler, props })).map(({ message }) => message);
  };

  it("goes by what Glue does where a behaviour isn't set", async () => {
    const host = await sharedPack();
    const newFolders = { "recrawlPolicy.recrawlBehavior": "CRAWL_NEW_FOLDERS_ONLY" };
    const update = { "schemaChangePolicy.updateBehavior": "LOG" };
    assert.deepEqual(await analyze(host, { ...newFolders, ...update }), []);
    const [noDelete] = await analyze(host, {
      ...newFolders,
      ...update,
      "schemaChangePolicy.deleteBehavior": undefined,
    });
    assert.match(noDelete ?? "", /deleteBehavior` is DEPRECATE_IN_DATABASE with/);
    const [none] = await analyze(host, { ...newFolders, schemaChangePolicy: undefined });
    assert.match(none ?? "", /updateBehavior` is UPDATE_IN_DATABASE with/);
  });

  it("lets tables be deleted in a stack that isn't production, and there only", async () => {
    const deleting = { "schemaChangePolicy.deleteBehavior": "DELETE_FROM_DATABASE" };
    const dev = await sharedPack();
    assert.deepEqual(await analyze(dev, deleting), []);
    const prod = await sharedPack({}, "prod");
    const found = await analyze(prod, deleting);
    assert.equal(found.length, 1);
    assert.match(found.join(), /deleteBehavior` is DELETE_FROM_DATABASE in production.*set LOG/);
    for (const deleteBehavior of [undefined, "DEPRECATE_IN_DATABASE"]) {
      const kept = { "schemaChangePolicy.deleteBehavior": deleteBehavior };
      assert.deepEqual(await analyze(prod, kept), []);
    }
  });

  it("asks other crawlers than those of S3 for no grouping", async () => {
    const host = await sharedPack();
    const jdbc = {
      s3Targets: undefined,
      jdbcTargets: [{ connectionName: "orders", path: "orders/%" }],
      configuration: undefined,
    };
    assert.deepEqual(await analyze(host, jdbc), []);
  });

  it("takes the table threshold from config", async () => {
    const host = await sharedPack({
      "glue-crawler-single-table": { enforcementLevel: "mandatory", maxTables: 3 },
    });
    assert.deepEqual(await analyze(host, { configuration: threshold(3) }), []);
    assert.equal((await analyze(host, { configuration: threshold(4) })).length, 1);
  });
});
