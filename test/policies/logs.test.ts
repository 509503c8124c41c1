import assert from "node:assert/strict";
import { describeRules } from "./pack/cases";
import { PackHost, unknown } from "./pack/packHost";

describe("policies for CloudWatch Logs", () => {
  describeRules(
    ["logs-"],
    [
      {
        rule: "logs-retention",
        resource: "job-logs",
        field: "retentionInDays",
        bad: [undefined, 0],
        good: [1, 3653],
        says: /`retentionInDays` isn't set, so logs are kept for ever\. .*set 1 to 3653 days/,
      },
      {
        rule: "logs-encryption",
        resource: "job-logs",
        field: "kmsKeyId",
        bad: [undefined, ""],
        says: /`kmsKeyId` isn't set/,
      },
    ],
  );

  it("go by the range of days that config asks for", async () => {
    const host = await PackHost.start({ "logs-retention": { minDays: 30, maxDays: 400 } });
    const judge = async (props: object) => {
      const group = { type: "aws:cloudwatch/logGroup:LogGroup", name: "group" };
      const found = await host.analyze({ ...group, props: { kmsKeyId: unknown, ...props } });
      return found.map(({ message }) => message);
    };
    assert.deepEqual(await judge({ retentionInDays: 30 }), []);
    assert.deepEqual(await judge({ retentionInDays: 400 }), []);
    const [short = ""] = await judge({ retentionInDays: 14 });
    assert.match(short, /`retentionInDays` is 14\. .*set 30 to 400 days/);
    assert.equal((await judge({ retentionInDays: 545 })).length, 1);
    // CloudWatch keeps logs of this class for two days, whatever is set.
    assert.deepEqual(await judge({ logGroupClass: "DELIVERY" }), []);
    await host.stop();
  });
});
