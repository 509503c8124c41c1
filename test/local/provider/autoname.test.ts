import * as assert from "node:assert/strict";
import { autonamed, automaticName } from "../../../local/provider/autoname";
import { resourceTypes } from "../../../local/provider/types";

const seed = Buffer.from("seed");

function nameOf(token: string, name: string): string {
  const rule = resourceTypes.get(token)?.autoname;
  assert.ok(rule, token);
  return automaticName(rule, name, seed);
}

describe("automatic names", () => {
  it("follow each type's rules", () => {
    assert.match(nameOf("aws:glue/job:Job", "Daily"), /^Daily-[0-9a-f]{7}$/);
    assert.match(nameOf("aws:s3/bucket:Bucket", "Raw"), /^raw-[0-9a-f]{7}$/);
    assert.match(nameOf("aws:kms/alias:Alias", "key"), /^alias\/key-[0-9a-f]{7}$/);
    assert.match(nameOf("aws:glue/catalogDatabase:CatalogDatabase", "Raw"), /^raw_[a-z]{8}$/);
    assert.equal(nameOf("aws:s3/bucketObjectv2:BucketObjectv2", "main.py"), "main.py");
  });

  it("come from the seed, and from chance without one", () => {
    const rule = autonamed();
    const without = new Uint8Array();
    assert.equal(automaticName(rule, "a", seed), automaticName(rule, "a", seed));
    assert.notEqual(automaticName(rule, "a", seed), automaticName(rule, "a", Buffer.from("x")));
    assert.notEqual(automaticName(rule, "a", without), automaticName(rule, "a", without));
  });

  it("are refused where they are too long", () => {
    assert.throws(() => nameOf("aws:iam/role:Role", "x".repeat(57)), /longer than 64 characters/);
    assert.equal(nameOf("aws:iam/role:Role", "x".repeat(56)).length, 64);
  });

  it("follow Pulumi's settings of automatic naming", () => {
    const bucket = resourceTypes.get("aws:s3/bucket:Bucket")?.autoname;
    assert.ok(bucket);
    const proposed = (mode: "propose" | "enforce" | "disable") =>
      automaticName(bucket, "raw", seed, { name: "Mine", mode });
    assert.equal(proposed("propose"), "mine");
    assert.equal(proposed("enforce"), "Mine");
    assert.throws(() => proposed("disable"), /automatic naming is disabled/);
  });
});
