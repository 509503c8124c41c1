import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Stack } from "@pulumi/pulumi/automation";
import { Glue } from "@aws-sdk/client-glue";
import { S3 } from "@aws-sdk/client-s3";
import assert from "node:assert/strict";
import * as path from "node:path";
import { CrawledSource, DailyWorkflow } from "../../components";
import { type RunningProvider, startProvider } from "../../local/provider";
import { pulumiCli } from "../../local/setup/pulumiCli";
import { Emulator } from "../local/provider/emulator";
import { PolicyEngine } from "../policies/engine/policyStack";

/** A component whose child is called otherwise by a later version. */
class Nightly extends pulumi.ComponentResource {
  constructor(child: string, aliases: pulumi.Alias[] = []) {
    super("test:index:Nightly", "nightly");
    new aws.glue.Workflow(child, { name: "nightly" }, { parent: this, aliases });
  }
}

const source = (name: string, opts?: pulumi.ComponentResourceOptions) =>
  new CrawledSource(
    name,
    { crawlerName: "orders", databaseName: "shop", bucketName: "exports", prefix: "orders/" },
    opts,
  );

describe("a stack of components", function () {
  this.timeout(180_000);
  let emulator: Emulator;
  let provider: RunningProvider;
  let engine: PolicyEngine;
  let glue: Glue;
  let program: () => unknown;

  before(async function () {
    this.timeout(600_000);
    await pulumiCli();
    emulator = await Emulator.start();
    provider = await startProvider(emulator.options);
    engine = new PolicyEngine(provider.port);
    glue = new Glue(emulator.settings);
    const s3 = new S3({ ...emulator.settings, forcePathStyle: true });
    await s3.createBucket({ Bucket: "exports" });
    s3.destroy();
  });
  after(async () => {
    glue.destroy();
    engine.stop();
    await provider.close();
    await emulator.stop();
  });

  /** A stack whose program can be exchanged between operations, deployed with its first one. */
  const deployed = async (name: string, first: () => unknown): Promise<Stack> => {
    program = first;
    const stack = await engine.stack(name, () => program());
    await stack.setConfig("aws:region", { value: "us-east-1" });
    await stack.up();
    return stack;
  };
  /** Kinds of steps that another program takes, planned and then done. */
  const stepsTo = async (stack: Stack, next: () => unknown): Promise<string[][]> => {
    program = next;
    const planned = Object.keys((await stack.preview()).changeSummary);
    const done = Object.keys((await stack.up()).summary.resourceChanges ?? {});
    return [planned.sort(), done.sort()];
  };

  it("keeps a child that a later version calls otherwise, by its alias", async () => {
    const stack = await deployed("child", () => new Nightly("schedule"));
    const started = (await glue.getWorkflow({ Name: "nightly" })).Workflow?.CreatedOn;
    assert.deepEqual(await stepsTo(stack, () => new Nightly("workflow", [{ name: "schedule" }])), [
      ["same"],
      ["same"],
    ]);
    assert.deepEqual((await glue.getWorkflow({ Name: "nightly" })).Workflow?.CreatedOn, started);

    program = () => new Nightly("forgotten");
    assert.deepEqual(Object.keys((await stack.preview()).changeSummary).sort(), [
      "create",
      "delete",
      "same",
    ]);
  });

  it("keeps all children of a source that is renamed, by the source's alias", async () => {
    const stack = await deployed("source", () => source("orders"));
    const renamed = () => source("shop-orders", { aliases: [{ name: "orders" }] });
    assert.deepEqual(await stepsTo(stack, renamed), [["same"], ["same"]]);

    program = () => source("forgotten");
    const { changeSummary } = await stack.preview();
    assert.ok((changeSummary.delete ?? 0) > 0, JSON.stringify(changeSummary));
  });

  it("adopts a workflow that exists, by `pulumi import`", async () => {
    await glue.createWorkflow({ Name: "warehouse", Description: "Loads", MaxConcurrentRuns: 1 });
    const stack = await deployed("import", () => undefined);
    // Where the CLI has no language host of its own, this one is found.
    const { envVars } = stack.workspace;
    envVars["PATH"] = [envVars["PATH"], path.join(__dirname, "bin")].join(path.delimiter);
    await stack.import({
      resources: [
        {
          type: "glue-etl:index:DailyWorkflow",
          name: "component",
          logicalName: "warehouse",
          component: true,
        },
        {
          type: "aws:glue/workflow:Workflow",
          name: "warehouse",
          id: "warehouse",
          parent: "component",
        },
      ],
      generateCode: false,
      protect: false,
    });
    program = () =>
      new DailyWorkflow("warehouse", {
        workflowName: "warehouse",
        description: "Loads",
        steps: [[{ jobName: "load" }]],
      });
    const { changeSummary } = await stack.preview();
    assert.deepEqual(changeSummary, { create: 1, same: 3 });
  });
});
