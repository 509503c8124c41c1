import * as assert from "node:assert/strict";
import { sameJson, samePolicy } from "../../../local/provider/documents";

const statement = {
  Sid: "Read",
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::123456789012:root" },
  Action: ["s3:GetObject", "s3:ListBucket"],
  Resource: "arn:aws:s3:::data/*",
  Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
};
const policy = (...statements: object[]) =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

describe("documents that mean the same", () => {
  it("JSON: spacing and the order of keys don't count, values and lists do", () => {
    assert.ok(sameJson('{"a": 1, "b": [1, 2]}', '{"b":[1,2],"a":1.0}'));
    assert.ok(!sameJson('{"a": 1}', '{"a": 2}'));
    assert.ok(!sameJson("[1,2]", "[2,1]"));
    assert.ok(!sameJson("{", "{"));
  });

  it("policies: lists of one, order, account numbers and a lone statement don't count", () => {
    const other = {
      Resource: ["arn:aws:s3:::data/*"],
      Principal: { AWS: ["123456789012"] },
      Action: ["s3:ListBucket", "s3:GetObject"],
      Condition: { StringEquals: { "aws:SourceAccount": ["123456789012"] } },
      Effect: "Allow",
      Sid: "Read",
    };
    assert.ok(samePolicy(policy(statement), policy(other)));
    const lone = JSON.stringify({ Version: "2012-10-17", Statement: statement });
    assert.ok(samePolicy(policy(statement), lone));
    const second = { ...statement, Sid: "Second" };
    assert.ok(samePolicy(policy(statement, second), policy(second, statement)));
    const anyone = { ...statement, Principal: "*" };
    assert.ok(samePolicy(policy(anyone), policy({ ...statement, Principal: { AWS: "*" } })));
  });

  it("policies: every part that changes who may do what counts", () => {
    const changes = [
      { Effect: "Deny" },
      { Action: ["s3:GetObject"] },
      { Resource: "arn:aws:s3:::data" },
      { Principal: { Service: "glue.amazonaws.com" } },
      { Principal: { AWS: "210987654321" } },
      { Condition: { StringLike: { "aws:SourceAccount": "123456789012" } } },
      { Condition: { StringEquals: { "aws:SourceAccount": "210987654321" } } },
      { Sid: "Other" },
    ];
    for (const change of changes) {
      const changed = policy({ ...statement, ...change });
      assert.ok(!samePolicy(policy(statement), changed), JSON.stringify(change));
    }
    assert.ok(!samePolicy(policy(statement), policy(statement, statement)));
  });
});
