import assert from "node:assert/strict";
import { allows, matches, statementsOf } from "./iam";

const policy = (...statements: object[]) =>
  statementsOf(
    JSON.stringify({
      Version: "2012-10-17",
      Statement: statements.map((each) => ({ Sid: "A", Effect: "Allow", ...each })),
    }),
  );

describe("whether policies allow an action", () => {
  const may = policy(
    { Action: "s3:Get*", Resource: ["arn:aws:s3:::lake/a?/*"] },
    { Effect: "Deny", Action: ["s3:getobject"], Resource: "*/secret" },
    {
      Action: "iam:PassRole",
      Resource: "*",
      Condition: {
        StringEquals: { "iam:PassedToService": ["glue.amazonaws.com", "states.amazonaws.com"] },
        StringLike: { "aws:RequestTag/Team": "data*" },
      },
    },
  );
  const object = (path: string) => ({
    action: "s3:GetObject",
    resource: `arn:aws:s3:::lake/${path}`,
  });
  const pass = (context: Record<string, string>) =>
    allows(may, { action: "iam:PassRole", resource: "arn:aws:iam::1:role/job", context });

  it("takes patterns, whatever the case of an action, and lets a denial win", () => {
    assert.equal(allows(may, object("ab/c")), true);
    assert.equal(allows(may, object("abc/c")), false);
    assert.equal(allows(may, object("ab/secret")), false);
    assert.equal(allows(may, { ...object("ab/c"), action: "s3:PutObject" }), false);
    assert.equal(matches("a.b*", "aXbc"), false);
  });

  it("holds every condition, of which a value that isn't there passes none", () => {
    const service = { "iam:PassedToService": "states.amazonaws.com" };
    assert.equal(pass({ ...service, "aws:RequestTag/Team": "data-lake" }), true);
    assert.equal(pass({ ...service, "aws:RequestTag/Team": "web" }), false);
    assert.equal(pass(service), false);
  });

  it("refuses what it doesn't know", () => {
    const dated = policy({
      Action: "s3:GetObject",
      Resource: "*",
      Condition: { DateLessThan: { "aws:CurrentTime": "2030-01-01" } },
    });
    const context = { "aws:CurrentTime": "2026-01-01" };
    assert.throws(() => allows(dated, { ...object("ab/c"), context }), /DateLessThan isn't known/);
    assert.throws(() => policy({ NotAction: "s3:*", Resource: "*" }));
  });
});
