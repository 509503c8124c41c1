import assert from "node:assert/strict";
import { describeRules } from "./pack/cases";
import { unknown } from "./pack/packHost";
import { withPack } from "./pack/sharedPack";

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

  const judge = async (config: Record<string, number>, ...groups: object[]) => {
    const group = { type: "aws:cloudwatch/logGroup:LogGroup", name: "group" };
    const messages = await withPack(
      (host) =>
        Promise.all(
          groups.map((props) => host.analyze({ ...group, props: { kmsKeyId: unknown, ...props } })),
        ),
      { "logs-retention": config },
    );
    return messages.flat().map(({ message }) => message);
  };

  it("go by the range of days that config asks for", async () => {
    const days = [14, 30, 400, 545].map((retentionInDays) => ({ retentionInDays }));
    const [short = "", long = "", ...others] = await judge({ minDays: 30, maxDays: 400 }, ...days);
    assert.match(short, /`retentionInDays` is 14\. .*set 30 to 400 days/);
    assert.match(long, /`retentionInDays` is 545\. .*set 30 to 400 days/);
    assert.deepEqual(others, []);
  });

  it("ask no retention of a class of logs that CloudWatch keeps for two days", async () => {
    assert.deepEqual(await judge({}, { logGroupClass: "DELIVERY" }), []);
  });
});
