import assert from "node:assert/strict";
import { ArgumentError, PipelineMonitoring, PipelineMonitoringArgs } from "../../components";
import { inputsOf, namesOf, recordResources, resourcesOf, statementsOf } from "./recorder";

const rule = "aws:cloudwatch/eventRule:EventRule";
const target = "aws:cloudwatch/eventTarget:EventTarget";
const topicArn = "arn:aws:test:::mobile-id";
const args: PipelineMonitoringArgs = {
  crawlerNames: ["ios", "android"],
  jobNames: ["daily"],
  kmsKeyArn: "key",
  notificationEmails: ["team@example.com"],
  tags: { Owner: "us" },
};

describe("PipelineMonitoring", () => {
  before(() => recordResources());

  it("makes a topic with a policy, rules with targets, and subscriptions", async () => {
    const made = await resourcesOf(() => new PipelineMonitoring("mobile", args));
    assert.deepEqual(namesOf(made), [
      "EventRule mobile-crawlers",
      "EventRule mobile-jobs",
      "EventTarget mobile-crawlers",
      "EventTarget mobile-jobs",
      "PipelineMonitoring mobile",
      "Topic mobile",
      "TopicPolicy mobile",
      "TopicSubscription mobile-team@example.com",
    ]);
    assert.deepEqual(inputsOf(made, "aws:sns/topicSubscription:TopicSubscription"), {
      topic: topicArn,
      protocol: "email",
      endpoint: "team@example.com",
    });
  });

  it("matches the failures of exactly these crawlers and jobs", async () => {
    const made = await resourcesOf(() => new PipelineMonitoring("mobile", args));
    const pattern = (name: string) =>
      JSON.parse(String(inputsOf(made, rule, name)["eventPattern"])) as unknown;
    assert.deepEqual(pattern("mobile-crawlers"), {
      source: ["aws.glue"],
      "detail-type": ["Glue Crawler State Change"],
      detail: { crawlerName: ["ios", "android"], state: ["Failed"] },
    });
    assert.deepEqual(pattern("mobile-jobs"), {
      source: ["aws.glue"],
      "detail-type": ["Glue Job State Change"],
      detail: { jobName: ["daily"], state: ["FAILED", "TIMEOUT", "STOPPED"] },
    });
    for (const name of ["mobile-crawlers", "mobile-jobs"]) {
      assert.deepEqual(inputsOf(made, rule, name)["tags"], { Owner: "us" });
      assert.equal(inputsOf(made, target, name)["arn"], topicArn);
      assert.equal(inputsOf(made, target, name)["rule"], `${name}-id`);
    }
  });

  it("encrypts the topic, and lets events in by TLS alone", async () => {
    const made = await resourcesOf(() => new PipelineMonitoring("mobile", args));
    assert.deepEqual(inputsOf(made, "aws:sns/topic:Topic"), {
      kmsMasterKeyId: "key",
      tags: { Owner: "us" },
    });
    const { arn, policy } = inputsOf(made, "aws:sns/topicPolicy:TopicPolicy");
    assert.equal(arn, topicArn);
    const publish = { Action: ["sns:Publish"], Resource: topicArn };
    assert.deepEqual(statementsOf(policy), [
      {
        Sid: "Events",
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        ...publish,
      },
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        ...publish,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  });

  it("makes no rule for what isn't there, and no subscription unasked", async () => {
    const made = await resourcesOf(
      () => new PipelineMonitoring("mobile", { ...args, jobNames: [], notificationEmails: [] }),
    );
    assert.deepEqual(
      namesOf(made).filter((name) => /^(EventRule|TopicSubscription) /.test(name)),
      ["EventRule mobile-crawlers"],
    );
  });

  const refused: [string, Partial<PipelineMonitoringArgs>, RegExp][] = [
    ["nothing to watch", { crawlerNames: [], jobNames: [] }, /`crawlerNames` is empty/],
    ["an address twice", { notificationEmails: ["a@b.c", "a@b.c"] }, /has "a@b.c" twice/],
    ["what is no address", { notificationEmails: ["team"] }, /`notificationEmails` has "team"/],
  ];
  for (const [what, changes, message] of refused) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(
        resourcesOf(() => new PipelineMonitoring("mobile", { ...args, ...changes })),
        (error: Error) => error instanceof ArgumentError && message.test(error.message),
      );
    });
  }
});
