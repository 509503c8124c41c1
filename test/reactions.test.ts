import assert from "node:assert/strict";
import { inputsOf } from "./components/recorder";
import { callsOf, machineOf } from "./components/stateMachines";
import { stack } from "./stack";

/** How the stack hears of what goes wrong, and what it does about it. */
describe("the stack's reactions", () => {
  it("resumes what fails in the workflow, and tells where it gives up", async () => {
    const made = await stack({ recovery: { maxResumes: 4 } }, "dev");
    const { eventPattern } = inputsOf(
      made,
      "aws:cloudwatch/eventRule:EventRule",
      "mobile-user-recovery",
    );
    assert.deepEqual(JSON.parse(String(eventPattern)).detail.$or, [
      {
        crawlerName: ["segmentlogs-IOS-dev", "segmentlogs-Android-dev", "segmentlogs-Mobile-dev"],
      },
      { jobName: ["mobile-user-daily-dev"] },
    ]);
    const { States } = machineOf(made, "mobile-user-recovery");
    assert.equal(States["LastRun"]?.Arguments?.["Name"], "mobile-user-dev");
    assert.equal(States["GiveUp"]?.Arguments?.["TopicArn"], "arn:aws:test:::mobile-user-id");
    assert.match(JSON.stringify(States["IsStillOurs"]), /\$resumes < 4/);
  });

  it("watches the deadline where something is scheduled", async () => {
    const deadline = async (config: Record<string, unknown>) => {
      const rule = "aws:cloudwatch/eventRule:EventRule";
      const { scheduleExpression, state } = inputsOf(
        await stack(config),
        rule,
        "mobile-user-deadline",
      );
      return [scheduleExpression, state];
    };
    assert.deepEqual(await deadline({}), ["cron(0 16 * * ? *)", "ENABLED"]);
    assert.deepEqual(await deadline({ scheduleEnabled: false, deadline: "cron(0 9 * * ? *)" }), [
      "cron(0 9 * * ? *)",
      "DISABLED",
    ]);
  });

  it("removes idle compute where config says so, and only then", async () => {
    const calls = async (config: Record<string, unknown>) =>
      callsOf(machineOf(await stack(config), "idle-compute"));
    assert.ok((await calls({ janitor: { remove: true } })).includes("glue:StopSession"));
    assert.ok(!(await calls({})).includes("glue:StopSession"));
  });

  it("tells of a slow run before the job is stopped for it", async () => {
    const made = await stack({});
    const { threshold } = inputsOf(
      made,
      "aws:cloudwatch/metricAlarm:MetricAlarm",
      "mobile-user-slow",
    );
    const { timeout } = inputsOf(made, "aws:glue/job:Job");
    assert.ok(Number(threshold) < 60 * Number(timeout), `${threshold} s, ${timeout} min`);
  });

  it("sends notices to queues and Slack, and goes by the alarms in config", async () => {
    const queue = "arn:aws:sqs:us-west-2:1:notices";
    const made = await stack({
      notificationQueues: [queue],
      slack: { teamId: "T1", channelId: "C1" },
      alarms: { maxRunMinutes: 5 },
    });
    const { endpoint } = inputsOf(made, "aws:sns/topicSubscription:TopicSubscription");
    assert.equal(endpoint, queue);
    const chat = "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration";
    assert.equal(inputsOf(made, chat)["slackChannelId"], "C1");
    const alarm = "aws:cloudwatch/metricAlarm:MetricAlarm";
    assert.equal(inputsOf(made, alarm, "mobile-user-slow")["threshold"], 300);
    assert.ok((await stack({})).every(({ type }) => type !== chat));
  });
});
