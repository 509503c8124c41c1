import assert from "node:assert/strict";
import { statementsAt, statementsOf } from "../../policies/documents";
import { Properties } from "../../policies/properties";

const none = {
  effect: "Allow",
  actions: [],
  notActions: [],
  resources: [],
  notResources: [],
  principals: [],
  notPrincipals: [],
  conditions: [],
};

describe("policy documents", () => {
  it("are read with one value where a list can stand", () => {
    const text = JSON.stringify({
      Statement: { Effect: "Allow", Action: "s3:GetObject", Resource: "*", Principal: "*" },
    });
    const read = { ...none, actions: ["s3:GetObject"], resources: ["*"], principals: ["*"] };
    assert.deepEqual(statementsOf(text), [read]);
  });

  it("are read with lists", () => {
    const text = JSON.stringify({
      Statement: [
        {
          Effect: "Allow",
          NotAction: ["a:B", "c:D"],
          NotResource: ["e", "f"],
          Principal: { AWS: ["g", "h"], Service: "i" },
          NotPrincipal: { AWS: "j" },
          Condition: {
            Bool: { "aws:SecureTransport": false },
            NumericLessThan: { "s3:TlsVersion": [1.2, "1.3"] },
          },
        },
        { Effect: "Deny" },
      ],
    });
    assert.deepEqual(statementsOf(text), [
      {
        ...none,
        notActions: ["a:B", "c:D"],
        notResources: ["e", "f"],
        principals: ["g", "h", "i"],
        notPrincipals: ["j"],
        conditions: [
          { operator: "bool", key: "aws:securetransport", values: ["false"] },
          { operator: "numericlessthan", key: "s3:tlsversion", values: ["1.2", "1.3"] },
        ],
      },
      { ...none, effect: "Deny" },
    ]);
  });

  for (const text of ["", "not JSON", "null", "[]", "{}", '"text"', '{"Statement":[]}']) {
    it(`have no statements: ${text || "nothing"}`, () => {
      assert.deepEqual(statementsOf(text), []);
    });
  }

  it("are read from a property, as text or as an object", () => {
    const document = { Statement: { Effect: "Allow", Action: ["a:B"] } };
    const read = [{ ...none, actions: ["a:B"] }];
    assert.deepEqual(statementsAt(new Properties({ policy: document }), "policy"), read);
    const text = JSON.stringify(document);
    assert.deepEqual(statementsAt(new Properties({ policy: text }), "policy"), read);
    assert.deepEqual(statementsAt(new Properties({}), "policy"), []);
  });
});
