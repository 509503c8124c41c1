import assert from "node:assert/strict";
import { ArgumentError, PipelineMonitoring, PipelineMonitoringArgs } from "../../components";
import { inputsOf, namesOf, recordResources, resourcesOf, statementsOf } from "./recorder";
import { callsOf, looseEnds, machineOf } from "./stateMachines";

const rule = "aws:cloudwatch/eventRule:EventRule";
const target = "aws:cloudwatch/eventTarget:EventTarget";
const alarmType = "aws:cloudwatch/metricAlarm:MetricAlarm";
const subscription = "aws:sns/topicSubscription:TopicSubscription";
const topicArn = "arn:aws:test:::mobile-id";
const args: PipelineMonitoringArgs = {
  crawlerNames: ["ios", "android"],
  jobNames: ["daily"],
  kmsKeyArn: "key",
  notificationEmails: ["team@example.com"],
  tags: { Owner: "us" },
};
const make = (changes: Partial<PipelineMonitoringArgs> = {}) =>
  resourcesOf(() => new PipelineMonitoring("mobile", { ...args, ...changes }));

describe("PipelineMonitoring", () => {
  before(() => recordResources());

  it("makes a topic with a policy, rules, alarms, a dashboard and subscriptions", async () => {
    const made = await make();
    assert.deepEqual(namesOf(made), [
      "Dashboard mobile",
      "EventRule mobile-crawlers",
      "EventRule mobile-jobs",
      "EventTarget mobile-crawlers",
      "EventTarget mobile-jobs",
      "MetricAlarm mobile-crawlers-failed",
      "MetricAlarm mobile-crawlers-undelivered",
      "MetricAlarm mobile-few-rows",
      "MetricAlarm mobile-jobs-failed",
      "MetricAlarm mobile-jobs-undelivered",
      "MetricAlarm mobile-quarantined",
      "MetricAlarm mobile-slow",
      "PipelineMonitoring mobile",
      "Topic mobile",
      "TopicPolicy mobile",
      "TopicSubscription mobile-team@example.com",
    ]);
    assert.deepEqual(inputsOf(made, subscription), {
      topic: topicArn,
      protocol: "email",
      endpoint: "team@example.com",
    });
  });

  it("matches the failures of exactly these crawlers and jobs", async () => {
    const made = await make();
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

  it("encrypts the topic, and lets events and the account's alarms in by TLS alone", async () => {
    const made = await make();
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
        Sid: "Alarms",
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        ...publish,
        Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
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
    const made = await make({ jobNames: [], notificationEmails: [] });
    assert.deepEqual(
      namesOf(made).filter((name) => /^(EventRule|TopicSubscription) /.test(name)),
      ["EventRule mobile-crawlers"],
    );
  });

  it("sends to queues and to a Slack channel that can do nothing", async () => {
    const queues = ["arn:aws:sqs:us-west-2:1:a", "arn:aws:sqs:us-west-2:1:b"];
    const made = await make({ queueArns: queues, slack: { teamId: "T1", channelId: "C1" } });
    queues.forEach((endpoint, index) =>
      assert.deepEqual(inputsOf(made, subscription, `mobile-queue-${index}`), {
        topic: topicArn,
        protocol: "sqs",
        endpoint,
      }),
    );
    assert.deepEqual(
      inputsOf(made, "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration"),
      {
        configurationName: "mobile-test",
        iamRoleArn: "arn:aws:test:::mobile-slack-id",
        slackTeamId: "T1",
        slackChannelId: "C1",
        snsTopicArns: [topicArn],
        loggingLevel: "ERROR",
        tags: { Owner: "us" },
      },
    );
    const role = inputsOf(made, "aws:iam/role:Role", "mobile-slack");
    assert.deepEqual(
      statementsOf(role["assumeRolePolicy"]).map(({ Principal }) => Principal),
      [{ Service: "chatbot.amazonaws.com" }],
    );
    assert.ok(made.every(({ type }) => !type.startsWith("aws:iam/rolePolicy")));
  });

  it("raises alarms on what the job puts, by thresholds", async () => {
    const made = await make({ maxRunMinutes: 10, minRows: 500, maxQuarantinedShare: 0.2 });
    const condition = (name: string) => {
      const inputs = inputsOf(made, alarmType, name);
      assert.deepEqual([inputs["alarmActions"], inputs["okActions"]], [[topicArn], [topicArn]]);
      assert.deepEqual(inputs["tags"], { Owner: "us" });
      const { namespace, metricName, dimensions, statistic, period } = inputs;
      const { comparisonOperator, threshold, treatMissingData } = inputs;
      assert.deepEqual([namespace, dimensions], ["GlueEtl", { JobName: "daily" }]);
      return [metricName, statistic, period, comparisonOperator, threshold, treatMissingData];
    };
    const above = "GreaterThanThreshold";
    assert.deepEqual(condition("mobile-slow"), [
      ...["RunSeconds", "Maximum", 300, above, 600, "ignore"],
    ]);
    assert.deepEqual(condition("mobile-quarantined"), [
      ...["QuarantinedShare", "Maximum", 300, above, 0.2, "ignore"],
    ]);
    assert.deepEqual(condition("mobile-few-rows"), [
      ...["RowsWritten", "Sum", 86_400, "LessThanThreshold", 500, "ignore"],
    ]);
  });

  it("has alarms of its own for each job, and none on rows where they don't matter", async () => {
    const made = await make({ jobNames: ["daily", "hourly"], minRows: 0 });
    const jobs = ["mobile-slow", "mobile-2-slow"].map(
      (name) => inputsOf(made, alarmType, name)["dimensions"],
    );
    assert.deepEqual(jobs, [{ JobName: "daily" }, { JobName: "hourly" }]);
    assert.ok(!namesOf(made).some((name) => name.endsWith("few-rows")));
  });

  it("raises alarms on failures, for a day, and on failures that nobody was told of", async () => {
    const made = await make();
    for (const rule of ["mobile-crawlers", "mobile-jobs"]) {
      const failed = inputsOf(made, alarmType, `${rule}-failed`);
      const { namespace, metricName, dimensions, period, threshold, treatMissingData } = failed;
      assert.deepEqual(
        [namespace, metricName, dimensions, period, threshold, treatMissingData],
        ["AWS/Events", "TriggeredRules", { RuleName: `${rule}-id` }, 86_400, 1, "notBreaching"],
      );
      const undelivered = inputsOf(made, alarmType, `${rule}-undelivered`);
      assert.equal(undelivered["metricName"], "FailedInvocations");
      assert.deepEqual(undelivered["dimensions"], { RuleName: `${rule}-id` });
    }
  });

  it("raises an alarm while there are events that no crawler reads", async () => {
    const made = await make({ unreadQueueNames: ["ios-unread"] });
    const { dimensions, metricName, threshold, alarmActions } = inputsOf(
      made,
      "aws:cloudwatch/metricAlarm:MetricAlarm",
      "mobile-unread-1",
    );
    assert.deepEqual(dimensions, { QueueName: "ios-unread" });
    assert.equal(metricName, "ApproximateNumberOfMessagesVisible");
    assert.deepEqual([threshold, alarmActions], [1, [topicArn]]);
    const { dashboardBody } = inputsOf(made, "aws:cloudwatch/dashboard:Dashboard");
    assert.match(String(dashboardBody), /mobile-unread-1/);
  });

  it("shows all alarms and charts of what they are about", async () => {
    const made = await make({ workflowName: "flow" });
    const { dashboardName, dashboardBody } = inputsOf(made, "aws:cloudwatch/dashboard:Dashboard");
    assert.equal(dashboardName, "mobile-test");
    const widgets: { type: string; x: number; y: number; properties: Record<string, unknown> }[] =
      JSON.parse(String(dashboardBody)).widgets;
    const alarms = widgets.find(({ type }) => type === "alarm")?.properties["alarms"];
    const about = made.filter(
      ({ type, name }) => type === alarmType && !/(broken|undelivered)$/.test(name),
    );
    assert.deepEqual(alarms, [
      "arn:aws:test:::mobile-deadline-missed-id",
      "arn:aws:test:::mobile-crawlers-failed-id",
      "arn:aws:test:::mobile-jobs-failed-id",
      "arn:aws:test:::mobile-slow-id",
      "arn:aws:test:::mobile-quarantined-id",
      "arn:aws:test:::mobile-few-rows-id",
    ]);
    assert.equal(about.length, 6);
    const places = widgets.map(({ x, y }) => `${x} ${y}`);
    assert.equal(new Set(places).size, widgets.length);
    const shown = JSON.stringify(widgets);
    for (const { inputs } of about) {
      assert.ok(shown.includes(`"${String(inputs["metricName"])}"`), String(inputs["metricName"]));
    }
  });

  describe("with a deadline", () => {
    const workflowName = "flow";
    const deadline = "cron(0 16 * * ? *)";

    it("has a machine look at the workflow's runs each day", async () => {
      const made = await make({ workflowName });
      assert.deepEqual(
        namesOf(made).filter((name) => name.includes("mobile-deadline")),
        [
          "EventRule mobile-deadline",
          "EventTarget mobile-deadline",
          "LogGroup mobile-deadline",
          "MetricAlarm mobile-deadline-broken",
          "MetricAlarm mobile-deadline-missed",
          "MetricAlarm mobile-deadline-undelivered",
          "Role mobile-deadline-start",
          "Role mobile-deadline-states",
          "RolePolicy mobile-deadline-start",
          "RolePolicy mobile-deadline-states",
          "StateMachine mobile-deadline",
        ],
      );
      const { scheduleExpression, state } = inputsOf(made, rule, "mobile-deadline");
      assert.deepEqual([scheduleExpression, state], [deadline, "ENABLED"]);
    });

    it("may do exactly what it calls, and put no other metrics", async () => {
      const made = await make({ workflowName });
      const machine = machineOf(made, "mobile-deadline");
      assert.deepEqual(looseEnds(machine), []);
      assert.deepEqual(callsOf(machine), ["cloudwatch:PutMetricData", "glue:GetWorkflowRuns"]);
      const [runs, metric, logs, ...others] = statementsOf(
        inputsOf(made, "aws:iam/rolePolicy:RolePolicy", "mobile-deadline-states")["policy"],
      );
      assert.deepEqual([logs?.Sid, others], ["Logs", []]);
      assert.deepEqual(
        [runs?.Action, runs?.Resource],
        [["glue:GetWorkflowRuns"], "arn:aws:glue:us-west-2:111122223333:workflow/flow"],
      );
      assert.deepEqual(metric?.Action, ["cloudwatch:PutMetricData"]);
      assert.deepEqual(metric?.Condition, { StringEquals: { "cloudwatch:namespace": "GlueEtl" } });
    });

    it("keeps the alarm until a day succeeds, on the metric that the machine puts", async () => {
      const made = await make({ workflowName });
      const missed = inputsOf(made, alarmType, "mobile-deadline-missed");
      const { namespace, metricName, dimensions, statistic, threshold, treatMissingData } = missed;
      assert.deepEqual(
        [namespace, metricName, dimensions, statistic, threshold, treatMissingData],
        ["GlueEtl", "MissedDays", { WorkflowName: "flow" }, "Minimum", 1, "ignore"],
      );
      const { States } = machineOf(made, "mobile-deadline");
      for (const [name, value] of [
        ["Missed", 1],
        ["Succeeded", 0],
      ] as const) {
        assert.deepEqual(States[name]?.Arguments, {
          Namespace: "GlueEtl",
          MetricData: [
            {
              MetricName: "MissedDays",
              Dimensions: [{ Name: "WorkflowName", Value: "flow" }],
              Value: value,
            },
          ],
        });
      }
    });

    it("takes another time, and none where nothing is scheduled", async () => {
      const made = await make({
        workflowName,
        deadline: "cron(30 9 * * ? *)",
        deadlineEnabled: false,
      });
      const { scheduleExpression, state } = inputsOf(made, rule, "mobile-deadline");
      assert.deepEqual([scheduleExpression, state], ["cron(30 9 * * ? *)", "DISABLED"]);
    });
  });

  const refused: [string, Partial<PipelineMonitoringArgs>, RegExp][] = [
    ["nothing to watch", { crawlerNames: [], jobNames: [] }, /`crawlerNames` is empty/],
    ["an address twice", { notificationEmails: ["a@b.c", "a@b.c"] }, /has "a@b.c" twice/],
    ["a deadline of nothing", { deadline: "cron(0 16 * * ? *)" }, /without `workflowName`/],
    ["a deadline that is none", { workflowName: "flow", deadline: "16:00" }, /`deadline` is/],
    ["what is no queue", { queueArns: ["arn:aws:sns:us-west-2:1:a"] }, /`queueArns` has/],
    ["a run without time", { maxRunMinutes: 0 }, /`maxRunMinutes` is 0/],
    ["a share above all", { maxQuarantinedShare: 1.1 }, /`maxQuarantinedShare` is 1\.1/],
    ["rows below none", { minRows: -1 }, /`minRows` is -1/],
    ["what is no address", { notificationEmails: ["team"] }, /`notificationEmails` has "team"/],
  ];
  for (const [what, changes, message] of refused) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(
        make(changes),
        (error: Error) => error instanceof ArgumentError && message.test(error.message),
      );
    });
  }
});
