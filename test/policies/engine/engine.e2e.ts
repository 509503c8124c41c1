import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { pulumiCli } from "../../../local/setup/pulumiCli";
import { rules } from "../../../policies/rules";
import { tags } from "../good/tags";
import { everythingWrong, findings as wrong } from "./everythingWrong";
import { type MemoryProvider, startMemoryProvider } from "./memoryProvider";
import { AnyResource, type Outcome, PolicyEngine } from "./policyStack";

const devEndpoint = "aws:glue/devEndpoint:DevEndpoint";
const workflow = "aws:glue/workflow:Workflow";
const trigger = "aws:glue/trigger:Trigger";

describe("the policy pack under the real engine", function () {
  this.timeout(60_000);
  let provider: MemoryProvider;
  let engine: PolicyEngine;

  before(async function () {
    this.timeout(600_000);
    await pulumiCli();
    provider = await startMemoryProvider();
    engine = new PolicyEngine(provider.port);
  });
  after(() => {
    provider.close();
    engine.stop();
  });

  const rulesOf = ({ findings }: Outcome) => findings.map(({ rule }) => rule);

  describe("stops a dev endpoint", () => {
    class Team extends pulumi.ComponentResource {
      constructor(name: string) {
        super("team:index:Team", name);
        new AnyResource(devEndpoint, `${name}-child`, {}, { parent: this });
      }
    }
    const programs = {
      "on its own": () => new AnyResource(devEndpoint, "own"),
      "in another component": () => new Team("team"),
      "by import": () => new AnyResource(devEndpoint, "imported", {}, { import: "existing" }),
      "under another provider": () => {
        const provider = new aws.Provider("other", { region: "eu-west-1" });
        new AnyResource(devEndpoint, "elsewhere", {}, { provider });
      },
      "of AWS's other provider": () => new AnyResource("aws-native:glue:DevEndpoint", "native"),
    };
    for (const [where, program] of Object.entries(programs)) {
      it(where, async () => {
        const stack = await engine.open(where.replaceAll(/\W+/g, "-"), program);
        for (const outcome of [await stack.preview(), await stack.up()]) {
          assert.equal(outcome.exitCode, 1);
          assert.ok(rulesOf(outcome).includes("glue-no-dev-endpoint"), outcome.output);
        }
        // The engine reads what it imports into the state before it asks the pack.
        const made = (await stack.made()).filter((type) => type.endsWith(":DevEndpoint"));
        assert.equal(made.length, where === "by import" ? 1 : 0);
      });
    }
  });

  it("finds all that is wrong with a program that breaks every rule", async () => {
    const stack = await engine.open("everything", everythingWrong);
    const { exitCode, findings, output } = await stack.preview({
      "s3-force-destroy": { productionStacks: ["everything"] },
    });
    assert.equal(exitCode, 1);
    const found: Record<string, string[]> = {};
    for (const { rule, resource } of findings) (found[rule] ??= []).push(resource);
    for (const resources of Object.values(found)) resources.sort();
    assert.deepEqual(found, wrong, output);
    assert.deepEqual(Object.keys(wrong).sort(), rules.map(({ name }) => name).sort());
    for (const { rule, level } of findings) {
      assert.equal(level, rules.find(({ name }) => name === rule)?.level, rule);
    }
  });

  it("judges in the update what isn't known in the preview", async () => {
    const stack = await engine.open("unknowns", () => {
      const role = new AnyResource("aws:iam/role:Role", "role", { tags });
      const policy = role.arn.apply((arn) =>
        JSON.stringify({ Statement: [{ Effect: "Allow", Action: "*", Resource: arn }] }),
      );
      new AnyResource("aws:iam/rolePolicy:RolePolicy", "too-much", { role: role.id, policy });
    });
    const preview = await stack.preview();
    assert.deepEqual([preview.exitCode, rulesOf(preview)], [0, []]);
    const update = await stack.up();
    assert.equal(update.exitCode, 1);
    assert.deepEqual(
      update.findings.map(({ rule, resource }) => [rule, resource]),
      [["iam-no-wildcard", "too-much"]],
    );
    const made = await stack.made();
    assert.ok(made.includes("aws:iam/role:Role"), made.join());
    assert.ok(!made.includes("aws:iam/rolePolicy:RolePolicy"), made.join());
  });

  it("mends tags where config says so, and shows it in the preview", async () => {
    const stack = await engine.open("mended", () => {
      new AnyResource(workflow, "daily", { name: "daily", tags: { Team: "a" } });
      new AnyResource(trigger, "start", {
        workflowName: "daily",
        type: "SCHEDULED",
        actions: [{ jobName: "etl" }],
        tags,
      });
      new AnyResource("aws:glue/job:Job", "etl", { name: "etl" });
    });
    const config = {
      all: "disabled",
      "glue-workflow-tags": {
        enforcementLevel: "remediate",
        tagValues: { Owner: "data", CostCenter: "analytics" },
      },
    };
    const mended = {
      Team: "a",
      Project: "policies",
      Environment: "mended",
      Owner: "data",
      CostCenter: "analytics",
    };
    for (const outcome of [await stack.preview(config), await stack.up(config)]) {
      assert.deepEqual([outcome.exitCode, outcome.findings], [0, []], outcome.output);
      assert.deepEqual(outcome.inputs[`${workflow} daily`]?.["tags"], mended);
    }
    const mandatory = await stack.preview({ "glue-workflow-tags": "mandatory", all: "disabled" });
    assert.deepEqual([mandatory.exitCode, rulesOf(mandatory)], [1, ["glue-workflow-tags"]]);
  });

  describe("takes config", () => {
    const program = () => new AnyResource(devEndpoint, "own");

    it("for levels", async () => {
      const stack = await engine.open("levels", program);
      const advisory = await stack.preview({ "glue-no-dev-endpoint": "advisory" });
      assert.equal(advisory.exitCode, 0);
      assert.deepEqual(
        advisory.findings.map(({ rule, level }) => [rule, level]),
        [["glue-no-dev-endpoint", "advisory"]],
      );
      assert.deepEqual(rulesOf(await stack.preview({ "glue-no-dev-endpoint": "disabled" })), []);
    });

    for (const [what, config, says] of [
      ["a wrong level", { "glue-no-dev-endpoint": "loud" }, /not a valid enforcement level/],
      [
        "a number for a list",
        { "glue-workflow-tags": { requiredTags: 3 } },
        /glue-workflow-tags: requiredTags: Invalid type/,
      ],
      [
        "a key that isn't there",
        { "glue-workflow-tags": { requiredTag: ["Team"] } },
        /config of glue-workflow-tags: .*requiredTag/,
      ],
      [
        "an exemption without a reason",
        { "glue-no-dev-endpoint": { exemptions: [{ resource: "own", owner: "ann" }] } },
        /glue-no-dev-endpoint: exemptions.0: reason is required/,
      ],
    ] as const) {
      it(`but not ${what}`, async () => {
        const stack = await engine.open(what.replaceAll(/\W+/g, "-"), program);
        const outcome = await stack.preview(config);
        assert.notEqual(outcome.exitCode, 0);
        assert.match(outcome.output, says);
      });
    }
  });

  describe("exempts a resource", () => {
    const exempt = (until: string, resource = "own") => ({
      "glue-no-dev-endpoint": {
        exemptions: [{ resource, reason: "ends with the old project", owner: "ann", until }],
      },
    });

    it("until a day, and says so", async () => {
      const stack = await engine.open("exempt", () => new AnyResource(devEndpoint, "own"));
      const outcome = await stack.preview(exempt("2999-12-31"));
      assert.equal(outcome.exitCode, 0);
      assert.deepEqual(
        outcome.findings.map(({ rule, level }) => [rule, level]),
        [["policy-exemptions", "advisory"]],
      );
      assert.match(
        outcome.output,
        /own is exempt from glue-no-dev-endpoint until 2999-12-31: ends with the old project \(ann\)/,
      );
    });

    it("not after it, nor another one", async () => {
      const stack = await engine.open("ended", () => new AnyResource(devEndpoint, "own"));
      const ended = await stack.preview(exempt("2026-01-01"));
      assert.equal(ended.exitCode, 1);
      assert.match(ended.output, /Its exemption ended on 2026-01-01; it was ann's to mend/);
      const other = await stack.preview(exempt("2999-12-31", "other"));
      assert.equal(other.exitCode, 1);
      assert.match(other.output, /Nothing needs this exemption: remove it/);
    });
  });

  it("judges the buckets that the stack makes, not those it adopts", async () => {
    const stack = await engine.open("adopted", () => {
      aws.s3.Bucket.get("adopted", "segment-bucket");
      new aws.s3.Bucket("made", { tags });
    });
    provider.existing.set("segment-bucket", { bucket: "segment-bucket" });
    const { findings } = await stack.preview();
    const resources = new Set(findings.map(({ resource }) => resource));
    assert.deepEqual([...resources], ["made"]);
    assert.ok(findings.some(({ rule }) => rule === "s3-public-access-block"));
  });
});
