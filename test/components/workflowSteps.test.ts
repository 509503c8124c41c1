import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import {
  ArgumentError,
  CrawledSource,
  crawlStep,
  jobStep,
  onFailure,
  PartitionedEtlJob,
  WorkflowStep,
} from "../../components";
import { inputsOf, recordResources, resourcesOf } from "./recorder";

describe("steps of a workflow", () => {
  before(() => recordResources());

  const source = (name: string) =>
    new CrawledSource(name, {
      crawlerName: name,
      databaseName: "raw",
      bucketName: "raw",
      prefix: "logs/",
    });
  const job = (name: string) =>
    new PartitionedEtlJob(name, {
      jobName: name,
      scriptPath: __filename,
      packagePath: __dirname,
      assetsBucketName: "assets",
      sources: [
        {
          name: "ios",
          databaseName: "raw",
          tableName: "ios",
          bucketName: "raw",
          prefix: "logs/",
          receivedDayUnit: "seconds",
        },
      ],
      outputBucketName: "curated",
      databaseName: "curated",
      tableName: "events",
    });

  /** What a program makes, its outputs known. */
  async function valueOf<T>(make: () => T): Promise<pulumi.Unwrap<T>> {
    const found: pulumi.Unwrap<T>[] = [];
    await resourcesOf(() => pulumi.output(make()).apply((value) => found.push(value)));
    const [value] = found;
    assert.ok(value !== undefined);
    return value;
  }

  it("are made of sources and jobs", async () => {
    const steps = await valueOf((): WorkflowStep[] => [
      crawlStep(source("a"), { triggerName: "start", waitFor: "ANY" }),
      jobStep(job("j"), { arguments: { "--day": "1" }, timeoutMinutes: 5 }),
    ]);
    assert.deepEqual(steps, [
      { crawlerName: "a", triggerName: "start", waitFor: "ANY" },
      { jobName: "j", jobArguments: { "--day": "1" }, timeoutMinutes: 5 },
    ]);
  });

  it("run where sources and jobs fail", async () => {
    const step = await valueOf(() =>
      onFailure([source("a"), job("j")], jobStep(job("clean"), { triggerName: "clean-up" })),
    );
    assert.deepEqual(step, {
      jobName: "clean",
      jobArguments: undefined,
      triggerName: "clean-up",
      failedCrawlerNames: ["a"],
      failedJobNames: ["j"],
    });
  });

  it("don't set what the job sets", async () => {
    const made = await resourcesOf(() => {
      job("j");
    });
    const set = Object.keys(Object(inputsOf(made, "aws:glue/job:Job")["defaultArguments"]));
    assert.ok(set.length > 15);
    for (const name of [...set, "--spark-event-logs-path"]) {
      await assert.rejects(
        resourcesOf(() => jobStep(job("j"), { arguments: { [name]: "x" } })),
        (error: Error) =>
          error instanceof ArgumentError && error.message.includes(`has ${name}, which the job`),
      );
    }
  });

  it("don't wait for all failures", () => {
    assert.throws(
      () => onFailure([], { jobName: "clean", waitFor: "ALL" }),
      (error: Error) => error instanceof ArgumentError && /any failure counts/.test(error.message),
    );
  });
});
