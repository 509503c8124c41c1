import assert from "node:assert/strict";
import { describeRules } from "./pack/cases";
import { PackHost, unknown } from "./pack/packHost";

describe("policies for KMS", () => {
  describeRules(
    ["kms-"],
    [
      {
        rule: "kms-rotation",
        resource: "lake-key",
        field: "enableKeyRotation",
        bad: [undefined, false],
        says: /`enableKeyRotation` (isn't set|is false)\. .*set true/,
      },
    ],
  );

  it("leave keys alone that KMS can't rotate", async () => {
    const host = await PackHost.start();
    const judge = async (props: Record<string, unknown>) => {
      const found = await host.analyze({ type: "aws:kms/key:Key", name: "key", props });
      return found.map(({ rule }) => rule);
    };
    assert.deepEqual(await judge({ customerMasterKeySpec: "RSA_4096" }), []);
    assert.deepEqual(await judge({ customerMasterKeySpec: "HMAC_256" }), []);
    assert.deepEqual(await judge({ customerMasterKeySpec: unknown }), []);
    assert.deepEqual(await judge({ customKeyStoreId: unknown }), []);
    assert.deepEqual(await judge({ multiRegion: true }), ["kms-rotation"]);
    assert.deepEqual(await judge({ customerMasterKeySpec: "SYMMETRIC_DEFAULT" }), ["kms-rotation"]);
    await host.stop();
  });
});
