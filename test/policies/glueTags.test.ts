import assert from "node:assert/strict";
import { tags } from "./good/tags";
import { describeRules } from "./pack/cases";
import { type Described, PackHost, unknown } from "./pack/packHost";
import { sharedPack } from "./pack/sharedPack";

const bad = [undefined, {}, { Project: "p", Environment: "e", Owner: "", CostCenter: "c" }];
const buckets = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"];

describe("policies for tags", () => {
  describeRules(
    ["glue-workflow-tags", "glue-resource-tags"],
    [
      {
        rule: "glue-workflow-tags",
        resource: "workflow",
        field: "tags",
        bad,
        good: [{ ...tags, Team: "mobile" }],
        says: /`tags` lacks .*`Owner`.*\. To fix it, give th(is tag|ese tags) a value/,
      },
      ...["job", "etl", "raw", "segment-logs"].map((resource) => ({
        rule: "glue-resource-tags",
        resource,
        field: "tags",
        bad,
        says: /`tags` lacks .*`Owner`/,
      })),
      {
        rule: "glue-resource-tags",
        resource: "job",
        field: "tags.Owner",
        bad: [undefined, ""],
        good: ["ann"],
        says: /`tags` lacks `Owner`\. To fix it, give this tag a value/,
      },
    ],
  );

  const tagged = (type: string, given?: object, provider?: Record<string, unknown>): Described => ({
    type,
    name: "one",
    props: { ...(given && { tags: given }) },
    provider,
  });
  const tagRules = async (host: PackHost, resource: Described) =>
    (await host.analyze(resource))
      .map(({ rule }) => rule)
      .filter((rule) => /^glue-(workflow|resource)-tags$/.test(rule));

  it("judges buckets, whatever their type is called", async () => {
    const host = await sharedPack();
    for (const type of buckets) {
      assert.deepEqual(await tagRules(host, tagged(type)), ["glue-resource-tags"]);
      assert.deepEqual(await tagRules(host, tagged(type, tags)), []);
    }
  });

  it("asks for the tags that config names", async () => {
    const settings = { enforcementLevel: "mandatory", requiredTags: ["Team"] };
    const host = await sharedPack({ "glue-resource-tags": settings });
    const type = "aws:glue/job:Job";
    assert.deepEqual(await tagRules(host, tagged(type, tags)), ["glue-resource-tags"]);
    assert.deepEqual(await tagRules(host, tagged(type, { Team: "mobile" })), []);
  });

  it("counts the default tags of the provider in, as the engine tells of them", async () => {
    const host = await sharedPack();
    const { Owner, ...others } = tags;
    const defaultTags = { tags: { Owner } };
    const type = "aws:glue/trigger:Trigger";
    assert.deepEqual(await tagRules(host, tagged(type, others)), ["glue-resource-tags"]);
    for (const form of [defaultTags, JSON.stringify(defaultTags)]) {
      const provider = { defaultTags: form };
      assert.deepEqual(await tagRules(host, tagged(type, others, provider)), []);
    }
  });

  describe("at the level remediate", () => {
    const settings = {
      enforcementLevel: "remediate",
      tagValues: { Owner: "data-engineering", CostCenter: "analytics" },
    };
    let host: PackHost;
    before(async () => {
      host = await sharedPack({
        "glue-workflow-tags": settings,
        "glue-resource-tags": settings,
      });
    });

    for (const type of [
      "aws:glue/workflow:Workflow",
      "aws:glue/job:Job",
      "aws:glue/trigger:Trigger",
      "aws:glue/crawler:Crawler",
      "aws:glue/catalogDatabase:CatalogDatabase",
      ...buckets,
    ]) {
      it(`give ${type} the missing tags`, async () => {
        const resource = tagged(type, { Team: "mobile", Owner: "ann" });
        const props = (await host.remediate(resource)) ?? assert.fail("nothing was changed");
        assert.deepEqual(props.tags, {
          Team: "mobile",
          Owner: "ann",
          Project: "glue-etl",
          Environment: "dev",
          CostCenter: "analytics",
        });
        assert.deepEqual(await tagRules(host, { ...resource, props }), []);
        assert.equal(await host.remediate(tagged(type, tags)), undefined);
      });
    }

    it("leave tags alone that aren't known yet", async () => {
      const some = tagged("aws:glue/job:Job", { ...tags, Owner: unknown });
      const all = { ...some, props: { tags: unknown } };
      for (const resource of [some, all]) {
        assert.equal(await host.remediate(resource), undefined);
        assert.deepEqual(await tagRules(host, resource), []);
      }
    });

    it("give no tag that has no value in config, and then still refuse", async () => {
      const partial = await sharedPack({
        "glue-resource-tags": { enforcementLevel: "remediate", tagValues: { Owner: "ann" } },
      });
      const resource = tagged("aws:glue/job:Job");
      const props = (await partial.remediate(resource)) ?? assert.fail("nothing was changed");
      assert.deepEqual(props.tags, { Project: "glue-etl", Environment: "dev", Owner: "ann" });
      assert.deepEqual(await tagRules(partial, { ...resource, props }), ["glue-resource-tags"]);
    });
  });
});
