import assert from "node:assert/strict";
import { goodStack } from "./good";
import { describeRules } from "./pack/cases";
import { PackHost, unknown, urnOf } from "./pack/packHost";
import { sharedPack } from "./pack/sharedPack";

const idle = (app: string) => `${app}.appLifecycleManagement.idleSettings`;
const jupyter = idle("defaultUserSettings.jupyterLabAppSettings");
const codeEditor = (idleSettings: object) => ({ appLifecycleManagement: { idleSettings } });
const allow = (action: string, condition?: object) =>
  JSON.stringify({
    Statement: {
      Effect: "Allow",
      Action: action,
      Resource: "arn:aws:glue:us-west-2:123456789012:session/*",
      Condition: condition,
    },
  });
const tag = "aws:RequestTag/owner";

describe("policies for what people develop Glue jobs on", () => {
  describeRules(
    ["glue-no-dev-endpoint", "glue-session", "glue-notebook"],
    [
      {
        rule: "glue-no-dev-endpoint",
        resource: "template",
        field: "templateBody",
        bad: [
          JSON.stringify({ Resources: { Dev: { Type: "AWS::Glue::DevEndpoint" } } }),
          JSON.stringify({ Description: "no # 1", Dev: { Type: "AWS::Glue::DevEndpoint" } }),
          "Resources:\n  Dev:\n    Type: AWS::Glue::DevEndpoint\n    Properties: {}",
          "Resources:\n  Dev: { Type: 'AWS::Glue::DevEndpoint' } # for Ann",
        ],
        good: [
          undefined,
          "Resources:\n  Job:\n    Type: AWS::Glue::Job # was Type: AWS::Glue::DevEndpoint",
          "Description: no AWS::Glue::DevEndpoint",
        ],
        says: /`templateBody` has a dev endpoint\. To fix it, take it out and develop on a local run/,
      },
      {
        rule: "glue-no-dev-endpoint",
        resource: "controlled-session",
        field: "typeName",
        bad: ["AWS::Glue::DevEndpoint"],
        good: ["AWS::Glue::Job"],
        says: /`typeName` is AWS::Glue::DevEndpoint\. To fix it, delete the resource/,
      },
      {
        rule: "glue-no-dev-endpoint",
        resource: "extension",
        field: "type",
        bad: ["AWS::Glue::DevEndpoint"],
        says: /`type` is AWS::Glue::DevEndpoint/,
      },
      {
        rule: "glue-session-role",
        resource: "session-users",
        field: "policy",
        bad: [
          allow("glue:CreateSession"),
          allow("GLUE:createsession"),
          allow("glue:CreateSession", { StringEquals: { "aws:RequestTag/team": "a" } }),
          allow("glue:CreateSession", { StringEqualsIfExists: { [tag]: "${aws:userid}" } }),
          allow("glue:CreateSession", { Null: { [tag]: "true" } }),
        ],
        good: [
          allow("glue:CreateSession", { StringEquals: { "AWS:RequestTag/Owner": "ann" } }),
          allow("glue:CreateSession", { Null: { [tag]: "false" } }),
          allow("glue:GetSession"),
          allow("glue:CreateSession").replace("Allow", "Deny"),
        ],
        says: /`policy.Statement\[0\]` allows `glue:CreateSession` without the tag `owner`/,
      },
      {
        rule: "glue-session-idle-timeout",
        resource: "session",
        field: "idleTimeout",
        bad: [undefined, 61, 2880],
        good: [1, 60],
        says: /`idleTimeout` (isn't set, so the session ends 48 hours|is \d+).* set 60 or less/,
      },
      {
        rule: "glue-session-idle-timeout",
        resource: "controlled-session",
        field: "desiredState",
        bad: ["{}", "not JSON", JSON.stringify({ IdleTimeout: 90 })],
        good: [JSON.stringify({ IdleTimeout: 60 })],
        says: /`desiredState.IdleTimeout` (isn't set|is 90)/,
      },
      {
        rule: "glue-session-idle-timeout",
        resource: "profile",
        field: "configuration.sessionConfiguration",
        bad: [{}, { timeout: { maxValue: "60" } }, { IdleTimeout: { maxValue: "61" } }],
        good: [undefined, { IdleTimeout: { maxValue: "60" } }],
        says: /sessionConfiguration.[iI]dleTimeout.maxValue` (isn't set|is 61)\. To fix it, set 60/,
      },
      {
        rule: "glue-session-idle-timeout",
        resource: "studio",
        field: `${jupyter}.lifecycleManagement`,
        bad: [undefined, "DISABLED"],
        says: /lifecycleManagement` (isn't set|is DISABLED).*To fix it, set ENABLED/,
      },
      {
        rule: "glue-session-idle-timeout",
        resource: "studio",
        field: `${jupyter}.idleTimeoutInMinutes`,
        bad: [undefined, 61],
        says: /idleTimeoutInMinutes` (isn't set, so idle apps run for 10080 minutes|is 61)/,
      },
      {
        rule: "glue-session-idle-timeout",
        resource: "studio",
        field: `${jupyter}.maxIdleTimeoutInMinutes`,
        bad: [120],
        good: [60],
        says: /maxIdleTimeoutInMinutes` is 120/,
      },
      {
        rule: "glue-session-idle-timeout",
        resource: "studio",
        field: "defaultUserSettings.codeEditorAppSettings",
        bad: [{}, codeEditor({ lifecycleManagement: "DISABLED" })],
        good: [codeEditor({ lifecycleManagement: "ENABLED", idleTimeoutInMinutes: 60 })],
        says: /codeEditorAppSettings.appLifecycleManagement.idleSettings.lifecycleManagement`/,
      },
      {
        rule: "glue-session-idle-timeout",
        resource: "studio",
        field: "defaultSpaceSettings",
        bad: [{}],
        good: [undefined],
        says: /defaultSpaceSettings.jupyterLabAppSettings/,
      },
      {
        rule: "glue-session-idle-timeout",
        resource: "ann",
        field: `${idle("userSettings.jupyterLabAppSettings")}.lifecycleManagement`,
        bad: ["DISABLED"],
        says: /userSettings.*lifecycleManagement` is DISABLED/,
      },
      {
        rule: "glue-session-idle-timeout",
        resource: "ann-space",
        field: `${idle("spaceSettings.jupyterLabAppSettings")}.idleTimeoutInMinutes`,
        bad: [480],
        good: [60],
        says: /spaceSettings.*idleTimeoutInMinutes` is 480/,
      },
      {
        rule: "glue-notebook-stops",
        resource: "notebook",
        field: "lifecycleConfigName",
        bad: [undefined],
        good: ["kept-elsewhere"],
        says: /`lifecycleConfigName` isn't set\. To fix it, name a lifecycle configuration/,
      },
      {
        rule: "glue-notebook-stops",
        resource: "notebook",
        changes: "stop-when-idle",
        field: "onStart",
        bad: [undefined, btoa("pip install pandas")],
        good: [btoa("aws sagemaker stop-notebook-instance --notebook-instance-name me")],
        says: /names a lifecycle configuration that stops nothing.*have its `onStart` script stop/,
      },
    ],
  );

  describe("on one resource", () => {
    let host: PackHost;
    before(async () => (host = await sharedPack()));
    const rulesOf = async (type: string, props: Record<string, unknown>) =>
      (await host.analyze({ type, name: "one", props })).map(({ rule }) => rule);

    for (const type of [
      "aws:glue/devEndpoint:DevEndpoint",
      "aws-native:glue:DevEndpoint",
      "aws:index/glueDevEndpoint:GlueDevEndpoint",
    ]) {
      it(`refuses ${type}, whatever of it isn't known`, async () => {
        assert.deepEqual(await rulesOf(type, {}), ["glue-no-dev-endpoint"]);
        const unclear = { name: unknown, roleArn: unknown };
        assert.deepEqual(await rulesOf(type, unclear), ["glue-no-dev-endpoint"]);
      });
    }

    for (const type of [
      "aws:cloudformation/stackSet:StackSet",
      "aws-native:cloudformation:Stack",
      "aws-native:cloudformation:StackSet",
    ]) {
      it(`reads the template of ${type}`, async () => {
        const templateBody = "Dev: { Type: AWS::Glue::DevEndpoint }";
        assert.deepEqual(await rulesOf(type, { templateBody }), ["glue-no-dev-endpoint"]);
        assert.deepEqual(await rulesOf(type, { templateUrl: "https://example.com" }), []);
      });
    }

    for (const type of [
      "aws:iam/rolePolicy:RolePolicy",
      "aws:iam/userPolicy:UserPolicy",
      "aws:iam/groupPolicy:GroupPolicy",
    ]) {
      it(`judges the sessions that ${type} allows`, async () => {
        const policy = allow("glue:CreateSession");
        assert.deepEqual(await rulesOf(type, { policy }), ["glue-session-role"]);
      });
    }

    it("judges each policy inside a role, though another isn't known yet", async () => {
      const inlinePolicies = [{ policy: unknown }, { policy: allow("glue:CreateSession") }];
      const props = { name: "ann", inlinePolicies };
      const [found] = await host.analyze({ type: "aws:iam/role:Role", name: "ann", props });
      assert.equal(found?.rule, "glue-session-role");
      assert.match(found.message, /`inlinePolicies\[1\].policy.Statement\[0\]`/);
    });

    for (const type of ["aws-native:sagemaker:Domain", "aws:sagemaker/domain:Domain"]) {
      it(`asks ${type} for idle timeouts, set or not`, async () => {
        assert.deepEqual(await rulesOf(type, {}), ["glue-session-idle-timeout"]);
      });
    }

    it("lets user profiles and spaces take the domain's timeouts", async () => {
      assert.deepEqual(await rulesOf("aws:sagemaker/userProfile:UserProfile", {}), []);
      assert.deepEqual(await rulesOf("aws:sagemaker/space:Space", { spaceSettings: {} }), []);
    });

    it("says nothing of a notebook that the program adopts", async () => {
      const type = "aws:sagemaker/notebookInstance:NotebookInstance";
      const made = { type, name: "made-notebook", props: {} };
      const adopted = { type, name: "adopted-notebook", props: {}, adopted: true };
      const found = await host.analyzeStack([made, adopted]);
      assert.deepEqual(
        found.map(({ rule, urn }) => [rule, urn]),
        [["glue-notebook-stops", urnOf(made)]],
      );
    });
  });

  it("goes by config", async () => {
    const host = await sharedPack({
      "glue-session-role": { enforcementLevel: "advisory", ownerTag: "team" },
      "glue-session-idle-timeout": { enforcementLevel: "advisory", maxMinutes: 15 },
    });
    const found = async (type: string, props: Record<string, unknown>) =>
      (await host.analyze({ type, name: "one", props })).length;
    const byTag = (key: string) => ({
      policy: allow("glue:CreateSession", { StringLike: { [`aws:RequestTag/${key}`]: "a-*" } }),
    });
    assert.equal(await found("aws:iam/policy:Policy", byTag("team")), 0);
    assert.equal(await found("aws:iam/policy:Policy", byTag("owner")), 1);
    assert.equal(await found("aws-native:glue:Session", { idleTimeout: 15 }), 0);
    assert.equal(await found("aws-native:glue:Session", { idleTimeout: 16 }), 1);
    // SageMaker takes no less than 60 minutes.
    const studio = goodStack.find(({ name }) => name === "studio") ?? assert.fail();
    assert.deepEqual(await host.analyze(studio), []);
  });
});
