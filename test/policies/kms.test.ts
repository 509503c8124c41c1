import assert from "node:assert/strict";
import { describeRules } from "./pack/cases";
import { unknown } from "./pack/packHost";
import { withPack } from "./pack/sharedPack";

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
    const keys = {
      signing: { customerMasterKeySpec: "RSA_4096" },
      hmac: { customerMasterKeySpec: "HMAC_256" },
      unknown: { customerMasterKeySpec: unknown },
      elsewhere: { customKeyStoreId: unknown },
      everywhere: { multiRegion: true },
      symmetric: { customerMasterKeySpec: "SYMMETRIC_DEFAULT" },
    };
    const found = await withPack((host) =>
      host.analyzeStack(
        Object.entries(keys).map(([name, props]) => ({ type: "aws:kms/key:Key", name, props })),
      ),
    );
    assert.deepEqual(
      found.map(({ rule, urn }) => `${rule} ${urn.split("::").at(-1)}`),
      ["kms-rotation everywhere", "kms-rotation symmetric"],
    );
  });
});
