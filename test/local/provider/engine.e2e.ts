import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  type EngineEvent,
  LocalWorkspace,
  type PulumiCommand,
  type Stack,
} from "@pulumi/pulumi/automation";
import { IAM } from "@aws-sdk/client-iam";
import { S3 } from "@aws-sdk/client-s3";
import { Glue } from "@aws-sdk/client-glue";
import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type RunningProvider, startProvider } from "../../../local/provider";
import { pulumiCli } from "../../../local/setup/pulumiCli";
import { isRecord } from "../../../local/provider/values";
import { Emulator } from "./emulator";

const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "glue.amazonaws.com" } },
  ],
});

type Program = () => unknown;

/** What the engine says of one resource in a preview or an update. */
interface Step {
  readonly op: string;
  readonly keys: string[];
  readonly detail: Record<string, string>;
}

describe("the provider under the real engine", function () {
  this.timeout(120_000);
  let emulator: Emulator;
  let provider: RunningProvider;
  let cli: PulumiCommand;
  let folder: string;

  before(async function () {
    this.timeout(600_000);
    cli = await pulumiCli();
    emulator = await Emulator.start();
    provider = await startProvider(emulator.options);
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "provider-engine-"));
  });

  after(async () => {
    await provider.close();
    await emulator.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  /** A key that may make buckets but not tag them. */
  const limitedUser = async () => {
    const iam = new IAM(emulator.settings);
    await iam.createUser({ UserName: "limited" });
    await iam.putUserPolicy({
      UserName: "limited",
      PolicyName: "buckets",
      PolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: ["s3:CreateBucket", "s3:ListBucket", "s3:GetBucketTagging"],
            Resource: "*",
          },
        ],
      }),
    });
    const { AccessKey } = await iam.createAccessKey({ UserName: "limited" });
    iam.destroy();
    return {
      accessKeyId: AccessKey?.AccessKeyId ?? "",
      secretAccessKey: AccessKey?.SecretAccessKey ?? "",
    };
  };

  /** A stack of its own whose program can be exchanged between operations. */
  const openStack = async (name: string, program: Program) => {
    const workDir = path.join(folder, name);
    fs.mkdirSync(path.join(workDir, "state"), { recursive: true });
    let current = program;
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName: name, projectName: "provider", program: async () => outputsOf(current()) },
      {
        workDir,
        pulumiCommand: cli,
        pulumiHome: path.join(folder, "home"),
        envVars: {
          PULUMI_BACKEND_URL: `file://${path.join(workDir, "state")}`,
          PULUMI_CONFIG_PASSPHRASE: "test",
          PULUMI_DEBUG_PROVIDERS: `aws:${provider.port}`,
          PULUMI_SKIP_UPDATE_CHECK: "true",
          PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        },
      },
    );
    await stack.setConfig("aws:region", { value: "us-east-1" });
    const engine = {
      run: (next: Program) => {
        current = next;
      },
      attach: ({ port }: RunningProvider) => {
        stack.workspace.envVars.PULUMI_DEBUG_PROVIDERS = `aws:${port}`;
      },
    };
    return { stack, engine };
  };

  const preview = async (stack: Stack): Promise<Record<string, Step>> => {
    const steps: Record<string, Step> = {};
    await stack.preview({ onEvent: (event) => record(steps, event) });
    return steps;
  };

  it("shows, updates, replaces and finds nothing to do", async () => {
    const program = (zone: string, name: string) => () => {
      const role = new aws.iam.Role("etl", { assumeRolePolicy: trust });
      new aws.glue.Job("daily", {
        name,
        roleArn: role.arn,
        command: { scriptLocation: "s3://assets/main.py" },
        defaultArguments: { "--zone": zone, "--table": "events" },
      });
      new aws.s3.Bucket("Data", { forceDestroy: true });
    };
    const { stack, engine } = await openStack("changes", program("UTC", "daily"));
    const first = await preview(stack);
    assert.equal(first.daily?.op, "create");
    await stack.up();
    const unchanged = await stack.up();
    assert.deepEqual(unchanged.summary.resourceChanges, { same: 4 });

    engine.run(program("America/Los_Angeles", "daily"));
    const update = await preview(stack);
    assert.deepEqual(update.daily, {
      op: "update",
      keys: ["defaultArguments"],
      detail: { 'defaultArguments["--zone"]': "update" },
    });
    assert.equal(update.etl?.op, "same");
    assert.equal((await stack.up()).summary.resourceChanges?.update, 1);
    const glue = new Glue(emulator.settings);
    const job = await glue.getJob({ JobName: "daily" });
    assert.equal(job.Job?.DefaultArguments?.["--zone"], "America/Los_Angeles");

    engine.run(program("America/Los_Angeles", "nightly"));
    const replacement = await preview(stack);
    assert.equal(replacement.daily?.detail.name, "update-replace");
    const replaced = await stack.up();
    assert.equal(replaced.summary.resourceChanges?.replace, 1);
    await assert.rejects(glue.getJob({ JobName: "daily" }), { name: "EntityNotFoundException" });

    const bucket = await inState(stack, "aws:s3/bucket:Bucket");
    assert.match(String(bucket?.id), /^data-[0-9a-f]{7}$/);
    await stack.destroy();
    await assert.rejects(glue.getJob({ JobName: "nightly" }), { name: "EntityNotFoundException" });
    glue.destroy();
  });

  it("finds drift, and what was deleted, by a refresh", async () => {
    const program = () => {
      new aws.iam.Role("drifting", { name: "drifting", assumeRolePolicy: trust, tags: { a: "1" } });
      new aws.s3.Bucket("gone", { bucket: "gone-bucket" });
    };
    const { stack } = await openStack("drift", program);
    await stack.up();
    const iam = new IAM(emulator.settings);
    const s3 = new S3({ ...emulator.settings, forcePathStyle: true });
    await iam.tagRole({ RoleName: "drifting", Tags: [{ Key: "a", Value: "2" }] });
    await s3.deleteBucket({ Bucket: "gone-bucket" });

    const refreshed = await stack.refresh();
    assert.equal(refreshed.summary.resourceChanges?.update, 1);
    assert.equal(refreshed.summary.resourceChanges?.delete, 1);
    const steps = await preview(stack);
    assert.deepEqual(steps.drifting?.keys.sort(), ["tags", "tagsAll"]);
    assert.equal(steps.gone?.op, "create");
    await stack.up();
    const role = await iam.getRole({ RoleName: "drifting" });
    assert.deepEqual(role.Role?.Tags, [{ Key: "a", Value: "1" }]);
    await s3.headBucket({ Bucket: "gone-bucket" });
    await stack.destroy();
    iam.destroy();
    s3.destroy();
  });

  it("keeps what a failed creation left, and repairs it by the next update", async () => {
    const accessKey = await limitedUser();
    const limited = await startProvider({ ...emulator.options, ...accessKey });
    const { stack, engine } = await openStack("failure", () => {
      new aws.s3.Bucket("half", { bucket: "half-bucket", tags: { Team: "data" } });
    });
    engine.attach(limited);
    await assert.rejects(stack.up(), /creating aws:s3\/bucket:Bucket "half": AccessDenied/);
    await limited.close();
    const half = await inState(stack, "aws:s3/bucket:Bucket");
    assert.equal(half?.id, "half-bucket");
    assert.equal(half?.outputs?.arn, "arn:aws:s3:::half-bucket");

    engine.attach(provider);
    const repaired = await stack.up();
    assert.equal(repaired.summary.resourceChanges?.update, 1);
    const s3 = new S3({ ...emulator.settings, forcePathStyle: true });
    const { TagSet } = await s3.getBucketTagging({ Bucket: "half-bucket" });
    assert.deepEqual(TagSet, [{ Key: "Team", Value: "data" }]);
    assert.deepEqual((await stack.up()).summary.resourceChanges, { same: 2 });
    await stack.destroy();
    s3.destroy();
  });

  it("imports what is there", async () => {
    const s3 = new S3({ ...emulator.settings, forcePathStyle: true });
    await s3.createBucket({ Bucket: "segment-archive" });
    const { stack } = await openStack("import", () => {
      new aws.s3.Bucket(
        "archive",
        { bucket: "segment-archive" },
        { import: "segment-archive", retainOnDelete: true },
      );
    });
    const result = await stack.up();
    assert.equal(result.summary.resourceChanges?.import, 1);
    assert.deepEqual((await stack.up()).summary.resourceChanges, { same: 2 });
    await stack.destroy();
    await s3.headBucket({ Bucket: "segment-archive" });
    s3.destroy();
  });

  it("renames by an alias what stays as it is, also inside of a component", async () => {
    const program = (component: string, child: string, aliases: pulumi.Alias[]) => () => {
      const parent = new pulumi.ComponentResource(
        "test:index:Parent",
        component,
        {},
        {
          aliases: [{ name: "before" }],
        },
      );
      new aws.glue.Workflow(child, { name: "kept" }, { parent, aliases });
    };
    const { stack, engine } = await openStack("aliases", program("before", "before-old", []));
    await stack.up();
    const made = await inState(stack, "aws:glue/workflow:Workflow");

    engine.run(program("after", "after-new", [{ name: "before-old" }]));
    assert.equal((await preview(stack))["after-new"]?.op, "same");
    assert.deepEqual((await stack.up()).summary.resourceChanges, { same: 3 });
    const kept = await inState(stack, "aws:glue/workflow:Workflow");
    assert.match(kept?.urn ?? "", /Parent\$aws:glue\/workflow:Workflow::after-new$/);
    assert.deepEqual(kept?.outputs, made?.outputs);

    engine.run(program("after", "after-newer", []));
    assert.equal((await preview(stack))["after-newer"]?.op, "create");
    await stack.destroy();
  });

  it("doesn't delete or replace what is protected", async () => {
    const program = (name: string, protect: boolean) => () => {
      new aws.glue.Workflow("precious", { name }, { protect });
    };
    const { stack, engine } = await openStack("protection", program("precious", true));
    await stack.up();
    const glue = new Glue(emulator.settings);
    const isThere = () => glue.getWorkflow({ Name: "precious" });

    engine.run(() => undefined);
    await assert.rejects(stack.up(), /"precious".*protect|protect.*precious/s);
    engine.run(program("other", true));
    await assert.rejects(stack.up(), /protect/);
    await assert.rejects(stack.destroy(), /protect/);
    await isThere();

    engine.run(program("precious", false));
    assert.equal((await stack.up()).summary.resourceChanges?.same, 2);
    await stack.destroy();
    await assert.rejects(isThere(), { name: "EntityNotFoundException" });
    glue.destroy();
  });

  it("keeps secrets secret in state and outputs", async () => {
    const { stack } = await openStack("secrets", () => {
      const job = new aws.glue.Job("secretive", {
        name: "secretive",
        roleArn: "arn:aws:iam::000000000000:role/none",
        command: { scriptLocation: "s3://assets/main.py" },
        defaultArguments: { "--token": pulumi.secret("hunter2"), "--table": "events" },
      });
      return { arguments: job.defaultArguments };
    });
    await stack.up();
    const file = path.join(folder, "secrets/state/.pulumi/stacks/provider/secrets.json");
    const state = fs.readFileSync(file, "utf8");
    assert.match(state, /"--table":\s*"events"/);
    assert.ok(!state.includes("hunter2"), "the state shows the secret");
    assert.equal((await stack.outputs()).arguments?.secret, true);
    assert.deepEqual((await stack.up()).summary.resourceChanges, { same: 2 });
    await stack.destroy();
  });

  it("merges default tags, and stops at what the official provider refuses", async () => {
    const { stack, engine } = await openStack("refusals", () => {
      new aws.glue.Workflow("tagged", { name: "tagged", tags: { Owner: "me" } });
    });
    const defaults = { tags: { Project: "etl", Owner: "all" } };
    await stack.setConfig("aws:defaultTags", { value: JSON.stringify(defaults) });
    await stack.up();
    const workflow = await inState(stack, "aws:glue/workflow:Workflow");
    assert.deepEqual(workflow?.outputs?.tags, { Owner: "me" });
    assert.deepEqual(workflow?.outputs?.tagsAll, { Owner: "me", Project: "etl" });
    assert.equal((await stack.up()).summary.resourceChanges?.same, 2);

    engine.run(() => {
      new aws.glue.Trigger("late", { type: "SCHEDULED", actions: [{ jobName: "none" }] });
    });
    await assert.rejects(stack.preview(), /schedule.*is required for a trigger of type SCHEDULED/s);
    engine.run(() => {
      new aws.glue.Crawler("jdbc", {
        databaseName: "raw",
        role: "role",
        jdbcTargets: [{ connectionName: "c", path: "db/%" }],
      });
    });
    await assert.rejects(stack.preview(), /"jdbcTargets" is not supported/);
    engine.run(() => {
      const other = new aws.Provider("other", { region: "us-east-1" });
      new aws.glue.Workflow("tagged", { name: "tagged" });
      new aws.glue.Workflow("elsewhere", {}, { provider: other });
    });
    await assert.rejects(stack.preview(), /can't serve two configurations at once/);
    await stack.destroy();
  });
});

/** Outputs of a program that has some. */
function outputsOf(result: unknown): Record<string, unknown> {
  return isRecord(result) ? result : {};
}

function record(steps: Record<string, Step>, event: EngineEvent): void {
  const metadata = event.resourcePreEvent?.metadata;
  if (metadata === undefined) {
    return;
  }
  const name = metadata.urn.split("::").at(-1) ?? "";
  const detail = Object.entries(metadata.detailedDiff ?? {});
  // A replacement is announced by several steps; the one with the diff tells what happens.
  if (steps[name] === undefined || detail.length > 0) {
    steps[name] = {
      op: metadata.op,
      keys: metadata.diffs ?? [],
      detail: Object.fromEntries(detail.map(([at, { diffKind }]) => [at, diffKind])),
    };
  }
}

interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly outputs?: Record<string, unknown>;
}

async function inState(stack: Stack, token: string): Promise<StateResource | undefined> {
  const { deployment } = await stack.exportStack();
  const resources: StateResource[] = deployment.resources ?? [];
  return resources.find(({ type }) => type === token);
}
