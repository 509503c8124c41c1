import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { packageSchema } from "../../components/documentation";
import { type RunningProvider, startProvider } from "../../local/provider";
import { pulumiCli } from "../../local/setup/pulumiCli";
import { pythonEnvironment } from "../../local/setup/python";
import { Emulator } from "../local/provider/emulator";
import { ComponentHost } from "./componentHost";

const run = promisify(execFile);

const deployed = z.object({
  changes: z.record(z.string(), z.number()),
  outputs: z.record(z.string(), z.unknown()),
});

const workflow = z.object({
  Workflow: z.object({
    Graph: z.object({
      Nodes: z.array(z.object({ UniqueId: z.string(), Type: z.string(), Name: z.string() })),
      Edges: z.array(z.object({ SourceId: z.string(), DestinationId: z.string() })),
    }),
  }),
});

describe("a Python program on the components", function () {
  this.timeout(180_000);
  let emulator: Emulator;
  let provider: RunningProvider;
  let host: ComponentHost;
  let folder: string;
  let python: string;
  let environment: NodeJS.ProcessEnv;

  before(async function () {
    this.timeout(600_000);
    const { command } = await pulumiCli();
    python = await pythonEnvironment();
    emulator = await Emulator.start();
    provider = await startProvider(emulator.options);
    host = await ComponentHost.start();
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "components-python-"));
    fs.mkdirSync(path.join(folder, "state"));
    environment = {
      ...process.env,
      PATH: `${path.dirname(command)}${path.delimiter}${process.env["PATH"] ?? ""}`,
      PULUMI_HOME: path.join(folder, "home"),
      PULUMI_BACKEND_URL: `file://${path.join(folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_DEBUG_PROVIDERS: `aws:${provider.port},glue-etl:${host.port}`,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      AWS_ENDPOINT_URL: emulator.endpoint,
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    };
  });
  after(async () => {
    host.stop();
    await provider.close();
    await emulator.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const deploy = async (...options: string[]) => {
    const program = path.join(__dirname, "python_program.py");
    const { stdout } = await run(python, [program, folder, ...options], { env: environment });
    return deployed.parse(JSON.parse(stdout));
  };
  const aws = async (...command: string[]): Promise<unknown> => {
    const cli = path.join(path.dirname(python), "aws");
    const { stdout } = await run(cli, [...command, "--output", "json"], { env: environment });
    return JSON.parse(stdout);
  };

  it("has a schema that the generators of classes take", async () => {
    const file = path.join(folder, "schema.json");
    fs.writeFileSync(file, JSON.stringify(await packageSchema()));
    await run("pulumi", ["schema", "check", file], { env: environment });
    fs.writeFileSync(file, JSON.stringify({ name: "glue-etl", resources: { bad: {} } }));
    await assert.rejects(run("pulumi", ["schema", "check", file], { env: environment }));
  });

  it("deploys sources and their workflow", async () => {
    const { changes, outputs } = await deploy();
    assert.deepEqual(outputs, {
      path: "s3://raw-events/segment-logs/IOS/",
      tableName: "ios",
      triggerNames: ["mobile-user-start", "mobile-user-step-2"],
    });
    assert.deepEqual(Object.keys(changes), ["create"]);
    assert.deepEqual(Object.keys((await deploy()).changes), ["same"]);
  });

  it("makes the crawler as its arguments say", async () => {
    const { Crawler } = z
      .object({ Crawler: z.looseObject({ Targets: z.looseObject({ S3Targets: z.unknown() }) }) })
      .parse(await aws("glue", "get-crawler", "--name", "segmentlogs-IOS"));
    assert.equal(Crawler["DatabaseName"], "segment_logs");
    assert.deepEqual(Crawler.Targets.S3Targets, [
      { Path: "s3://raw-events/segment-logs/IOS/", SampleSize: 5 },
    ]);
  });

  it("makes the workflow's graph of the crawlers, whose names were outputs", async () => {
    const { Nodes, Edges } = workflow.parse(
      await aws("glue", "get-workflow", "--name", "mobile-user", "--include-graph"),
    ).Workflow.Graph;
    const nameOf = (id: string) => Nodes.find(({ UniqueId }) => UniqueId === id)?.Name;
    assert.deepEqual(
      Edges.map(({ SourceId, DestinationId }) => [nameOf(SourceId), nameOf(DestinationId)]).sort(),
      [
        ["mobile-user-start", "segmentlogs-IOS"],
        ["mobile-user-step-2", "segmentlogs-Android"],
        ["segmentlogs-IOS", "mobile-user-step-2"],
      ],
    );
  });

  it("is told of an argument that can't work, with the fix", async () => {
    await assert.rejects(
      deploy("--sample-size", "500"),
      /CrawledSource "IOS": `sampleSize` is 500\. Set a whole number from 1 to 249/,
    );
  });
});
