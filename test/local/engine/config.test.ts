import assert from "node:assert/strict";
import { parse } from "yaml";
import { readableConfig } from "../../../local/engine/config";

const secret = `secretsprovider: awskms://alias/pulumi-dev
encryptedkey: AQICAHg=
config:
  aws:region: us-west-2
  glue-etl:token:
    secure: v1:abc=
  glue-etl:sources:
    - name: ios
      key:
        secure: v1:def=
`;

describe("a stack's config, made readable on this machine", () => {
  it("has the local salt in place of the stack's own key, and no secret's text", () => {
    assert.deepEqual(
      parse(readableConfig("Pulumi.dev.yaml", secret, "encryptionsalt: v1:x:y=\n")),
      {
        encryptionsalt: "v1:x:y=",
        config: {
          "aws:region": "us-west-2",
          "glue-etl:token": "[secret]",
          "glue-etl:sources": [{ name: "ios", key: "[secret]" }],
        },
      },
    );
  });

  it("stays as it is where it has no secrets, and takes no salt where there's none yet", () => {
    const config = "config:\n  # why\n  aws:region: us-west-2\n";
    assert.equal(readableConfig("Pulumi.dev.yaml", config, ""), config);
    assert.equal(readableConfig("Pulumi.dev.yaml", "", ""), "");
    assert.doesNotMatch(readableConfig("Pulumi.dev.yaml", "encryptionsalt: v1:old\n", ""), /old/);
  });

  it("isn't taken for a secret where it only speaks of one", () => {
    const config = { config: { "a:b": { secure: "x", other: 1 }, "a:secure": "yes" } };
    assert.deepEqual(parse(readableConfig("f", JSON.stringify(config), "")), config);
  });

  it("is refused where it's no YAML, by its file's name", () => {
    assert.throws(
      () => readableConfig("Pulumi.dev.yaml", "config: [", ""),
      /^Error: Pulumi.dev.yaml: /,
    );
  });
});
