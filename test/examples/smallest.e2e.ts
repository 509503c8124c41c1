import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { ExampleEngine } from "./exampleEngine";

const kmsKeyArn = "arn:aws:kms:us-east-1:000000000000:key/11111111-2222-3333-4444-555555555555";
const security = { securityConfiguration: "encrypted", kmsKeyArn };

interface Case {
  config: Record<string, string>;
  /** Types of the resources of the component, each with how many there are. */
  makes: Record<string, number>;
}

const cases: Record<string, Case> = {
  "one-source": {
    config: { bucket: "shop-exports", ...security },
    makes: {
      "aws:cloudwatch/logGroup:LogGroup": 1,
      "aws:glue/catalogDatabase:CatalogDatabase": 1,
      "aws:glue/crawler:Crawler": 1,
      "aws:iam/role:Role": 1,
      "aws:iam/rolePolicy:RolePolicy": 1,
    },
  },
  "job-on-tables": {
    config: { rawBucket: "raw", codeBucket: "code", outputBucket: "curated", ...security },
    makes: {
      "aws:cloudwatch/logGroup:LogGroup": 2,
      "aws:glue/catalogTable:CatalogTable": 1,
      "aws:glue/job:Job": 1,
      "aws:iam/role:Role": 1,
      "aws:iam/rolePolicy:RolePolicy": 1,
      "aws:s3/bucketObjectv2:BucketObjectv2": 2,
    },
  },
  "three-jobs": {
    config: {},
    makes: {
      "aws:glue/trigger:Trigger": 2,
      "aws:glue/workflow:Workflow": 1,
    },
  },
};

const projectFile = z.object({ config: z.record(z.string(), z.unknown()).optional() });

describe("the smallest example of", function () {
  this.timeout(120_000);
  let engine: ExampleEngine;
  before(async function () {
    this.timeout(600_000);
    engine = await ExampleEngine.start();
  });
  after(() => engine.stop());

  for (const [example, { config, makes }] of Object.entries(cases)) {
    const folder = path.resolve(__dirname, "../../examples", example);

    const policyFile = path.join(folder, "policies.json");
    const policyConfig = fs.existsSync(policyFile)
      ? z.record(z.string(), z.unknown()).parse(JSON.parse(fs.readFileSync(policyFile, "utf8")))
      : {};

    it(`${example} plans its resources and breaks no rule`, async () => {
      const stack = await engine.open(example, config);
      const { exitCode, findings, output, inputs } = await stack.preview(policyConfig);
      assert.deepEqual([exitCode, findings], [0, []], output);
      const types = Object.keys(inputs).map((resource) => resource.split(" ")[0] ?? "");
      const made = types.filter((type) => type.startsWith("aws:"));
      assert.deepEqual(
        Object.fromEntries(made.map((type) => [type, made.filter((t) => t === type).length])),
        makes,
      );
    });

    it(`${example} asks for the config that it describes`, () => {
      const project = projectFile.parse(
        parse(fs.readFileSync(path.join(folder, "Pulumi.yaml"), "utf8")),
      );
      assert.deepEqual(Object.keys(project.config ?? {}).sort(), Object.keys(config).sort());
      const readme = fs.readFileSync(path.join(folder, "README.md"), "utf8");
      for (const key of Object.keys(config)) assert.ok(readme.includes(`config set ${key} `), key);
    });
  }
});
