import * as assert from "node:assert/strict";
import { createConnection } from "node:net";
import { once } from "node:events";
import { type RunningProvider, startProvider } from "../../../local/provider";
import {
  type Properties,
  secretSignature,
  signatureKey,
  unknownValue,
} from "../../../local/provider/values";
import { Client } from "./client";

const roleArn = "arn:aws:iam::000000000000:role/worker";
const jobToken = "aws:glue/job:Job";
const triggerToken = "aws:glue/trigger:Trigger";
const crawlerToken = "aws:glue/crawler:Crawler";
const bucketToken = "aws:s3/bucket:Bucket";
const roleToken = "aws:iam/role:Role";
const job = { roleArn, command: { scriptLocation: "s3://assets/main.py" } };
const secret = (value: unknown) => ({ [signatureKey]: secretSignature, value });

describe("the provider's checks, diffs and previews", () => {
  let provider: RunningProvider;
  let client: Client;

  beforeEach(async () => {
    // Nothing of this asks AWS, so nothing has to answer.
    provider = await startProvider({
      endpoint: "http://127.0.0.1:9",
      region: "us-east-1",
      accessKeyId: "test",
      secretAccessKey: "test",
    });
    client = new Client(provider.port);
    await client.configure({});
  });

  afterEach(async () => {
    client.close();
    await provider.close();
  });

  const checked = async (token: string, news: Properties, olds?: Properties) => {
    const { inputs, failures } = await client.check(token, news, olds);
    assert.deepEqual(failures, []);
    return inputs;
  };

  const failuresOf = async (token: string, news: Properties) =>
    (await client.check(token, news)).failures;

  it("names what isn't named, keeps that name, and takes another seed for another resource", async () => {
    const inputs = await checked(jobToken, job);
    assert.match(String(inputs.name), /^sample-[0-9a-f]{7}$/);
    assert.equal((await checked(jobToken, job)).name, inputs.name);
    const kept = await client.check(jobToken, job, inputs, "another seed");
    assert.equal(kept.inputs.name, inputs.name);
    const other = await client.check(jobToken, job, {}, "another seed");
    assert.notEqual(other.inputs.name, inputs.name);
    const renamed = await checked(jobToken, { ...job, name: "mine" }, inputs);
    assert.equal(renamed.name, "mine");
    const unnamed = await checked(jobToken, job, renamed);
    assert.match(String(unnamed.name), /^sample-[0-9a-f]{7}$/);
  });

  it("fills in defaults at every depth", async () => {
    const inputs = await checked(triggerToken, {
      type: "CONDITIONAL",
      actions: [{ jobName: "etl" }],
      predicate: { conditions: [{ crawlerName: "crawl", crawlState: "SUCCEEDED" }] },
    });
    assert.equal(inputs.enabled, true);
    assert.deepEqual(inputs.predicate, {
      logical: "AND",
      conditions: [{ crawlerName: "crawl", crawlState: "SUCCEEDED", logicalOperator: "EQUALS" }],
    });
    assert.deepEqual(inputs.__defaults, ["enabled", "name", "tagsAll"]);
  });

  it("refuses what the official provider refuses, naming the property", async () => {
    assert.deepEqual(await failuresOf(jobToken, { command: {} }), [
      'roleArn: "roleArn" is required',
      'command.scriptLocation: "scriptLocation" is required',
    ]);
    assert.deepEqual(await failuresOf(jobToken, { ...job, timeout: 0 }), [
      "timeout: expected at least 1, got 0",
    ]);
    assert.deepEqual(await failuresOf(jobToken, { ...job, roleArn: "worker" }), [
      'roleArn: "worker": is not a valid ARN',
    ]);
    const [workerType = ""] = await failuresOf(jobToken, { ...job, workerType: "G.3X" });
    assert.match(workerType, /^workerType: expected one of .*"G\.1X".*, got "G\.3X"$/);
    assert.deepEqual(await failuresOf(jobToken, { ...job, maxCapacity: 2, numberOfWorkers: 2 }), [
      "maxCapacity: conflicts with numberOfWorkers",
    ]);
    assert.deepEqual(await failuresOf(jobToken, { ...job, timeout: "soon" }), [
      "timeout: expected integer, got string",
    ]);
    const scheduled = { type: "SCHEDULED", actions: [{ jobName: "etl" }] };
    assert.deepEqual(await failuresOf(triggerToken, scheduled), [
      "schedule: is required for a trigger of type SCHEDULED",
    ]);
    const crawler = {
      databaseName: "raw",
      role: roleArn,
      s3Targets: [{ path: "s3://raw/" }],
      recrawlPolicy: { recrawlBehavior: "CRAWL_NEW_FOLDERS_ONLY" },
    };
    assert.deepEqual(await failuresOf(crawlerToken, crawler), [
      "schemaChangePolicy: CRAWL_NEW_FOLDERS_ONLY needs updateBehavior and deleteBehavior to be LOG",
    ]);
    const logged = { updateBehavior: "LOG", deleteBehavior: "LOG" };
    await checked(crawlerToken, { ...crawler, schemaChangePolicy: logged });
    const [configuration] = await failuresOf(crawlerToken, {
      ...crawler,
      schemaChangePolicy: logged,
      configuration: "{",
    });
    assert.equal(configuration, "configuration: contains an invalid JSON document");
  });

  it("refuses properties that contradict each other, whatever service they are of", async () => {
    const refused = (type: string, inputs: Properties) => failuresOf(`aws:${type}`, inputs);
    const both = { kmsMasterKeyId: "alias/a", sqsManagedSseEnabled: true };
    assert.deepEqual(await refused("sqs/queue:Queue", both), [
      "kmsMasterKeyId: conflicts with sqsManagedSseEnabled",
    ]);
    assert.deepEqual(await refused("cloudwatch/metricAlarm:MetricAlarm", { period: 45 }), [
      "period: expected 10, 20, 30 or a multiple of 60 seconds, got 45",
    ]);
    assert.deepEqual(await refused("cloudwatch/metricAlarm:MetricAlarm", { metricName: "rows" }), [
      "comparisonOperator: is required",
      "evaluationPeriods: is required",
      "statistic: one of statistic and extendedStatistic must be set",
    ]);
    const target = { rule: "daily", arn: roleArn, inputPath: "$.detail" };
    const transformed = { ...target, inputTransformer: { inputTemplate: "<a>" }, input: "{}" };
    assert.deepEqual(await refused("cloudwatch/eventTarget:EventTarget", transformed), [
      "inputPath: conflicts with input",
      "inputTransformer: conflicts with input",
    ]);
    await checked("aws:cloudwatch/eventTarget:EventTarget", target);
  });

  it("refuses unknown, unsupported and the provider's own properties, at every depth", async () => {
    assert.deepEqual(await failuresOf(jobToken, { ...job, color: "red", tagsAll: {} }), [
      'color: "color" is not a property of aws:glue/job:Job',
      'tagsAll: "tagsAll" is not a property of aws:glue/job:Job',
    ]);
    const nested = { ...job.command, language: "python" };
    assert.deepEqual(await failuresOf(jobToken, { ...job, command: nested }), [
      'command.language: "command.language" is not a property of aws:glue/job:Job',
    ]);
    assert.deepEqual(await failuresOf(bucketToken, { acl: "private" }), [
      'acl: "acl" is not supported by the local provider',
    ]);
    await assert.rejects(client.check("aws:sns/any:Any", {}), /aws:sns\/any:Any is not/);
    assert.deepEqual(await failuresOf(jobToken, { ...job, region: "eu-west-1" }), [
      "region: the local platform serves us-east-1 only, not eu-west-1",
    ]);
  });

  it("tolerates unknown values wherever they stand", async () => {
    const inputs = await checked(jobToken, {
      ...job,
      roleArn: unknownValue,
      timeout: unknownValue,
      defaultArguments: { "--path": unknownValue },
      command: unknownValue,
      tags: { Owner: unknownValue },
    });
    assert.equal(inputs.timeout, unknownValue);
    assert.equal(inputs.tagsAll, unknownValue);
    const scheduled = { type: "SCHEDULED", schedule: unknownValue, actions: unknownValue };
    await checked(triggerToken, scheduled);
    const planned = await client.create(jobToken, inputs, true);
    assert.equal(planned.id, "");
    assert.equal(planned.properties.arn, unknownValue);
    assert.deepEqual(planned.properties.defaultArguments, { "--path": unknownValue });
  });

  it("previews known names, and unknown what AWS will choose", async () => {
    const inputs = await checked(jobToken, { ...job, name: "etl", timeout: 60 });
    const { properties } = await client.create(jobToken, inputs, true);
    assert.equal(properties.name, "etl");
    assert.equal(properties.timeout, 60);
    assert.equal(properties.glueVersion, unknownValue);
    assert.deepEqual(properties.command, {
      name: "glueetl",
      scriptLocation: "s3://assets/main.py",
      pythonVersion: unknownValue,
      runtime: unknownValue,
    });
    const state = { ...inputs, glueVersion: "5.1", arn: "arn:job" };
    const old = { id: "etl", properties: state, inputs };
    const news = await checked(jobToken, { ...job, name: "etl", timeout: 90 }, inputs);
    const updated = await client.update(jobToken, old, news, true);
    assert.equal(updated.properties.timeout, 90);
    assert.equal(updated.properties.arn, "arn:job");
    assert.equal(updated.properties.glueVersion, "5.1");
  });

  it("keeps secrets marked through check and preview, also in the tags that it derives", async () => {
    const inputs = await checked(jobToken, {
      ...job,
      name: secret("etl"),
      defaultArguments: { "--token": secret("hunter2"), "--table": "events" },
      tags: secret({ Code: "x" }),
    });
    assert.deepEqual(inputs.name, secret("etl"));
    assert.deepEqual(inputs.defaultArguments, {
      "--token": secret("hunter2"),
      "--table": "events",
    });
    assert.deepEqual(inputs.tagsAll, secret({ Code: "x" }));
    const planned = await client.create(jobToken, inputs, true);
    assert.deepEqual(planned.properties.defaultArguments, inputs.defaultArguments);
    const old = { id: "etl", properties: planned.properties, inputs };
    assert.deepEqual((await client.diff(jobToken, old, inputs)).details, {});
  });

  it("tells changes of the program from drift", async () => {
    const inputs = await checked(jobToken, { ...job, name: "etl", maxRetries: 1 });
    const state = { ...inputs, maxRetries: 3, description: "by hand" };
    const old = { id: "etl", properties: state, inputs };
    assert.deepEqual((await client.diff(jobToken, old, inputs)).details, {
      maxRetries: "UPDATE",
      description: "DELETE",
    });
    const news = await checked(jobToken, { ...job, name: "etl", maxRetries: 2 }, inputs);
    assert.deepEqual((await client.diff(jobToken, old, news)).details, {
      maxRetries: "UPDATE*",
      description: "DELETE",
    });
  });

  it("deletes a named resource before it is replaced, and an automatically named one after", async () => {
    const assumeRolePolicy = "{}";
    for (const [program, first] of [
      [{ name: "worker", assumeRolePolicy }, true],
      [{ assumeRolePolicy }, false],
    ] as const) {
      const inputs = await checked(roleToken, program);
      const news = await checked(roleToken, { ...program, path: "/other/" }, inputs);
      const diff = await client.diff(roleToken, { id: "x", properties: inputs, inputs }, news);
      assert.deepEqual(diff.details, { path: "UPDATE_REPLACE*" });
      assert.equal(diff.deleteBeforeReplace, first);
    }
  });

  it("replaces for a value that isn't known yet", async () => {
    const inputs = await checked(bucketToken, { bucket: "data-bucket" });
    const news = await checked(bucketToken, { bucket: unknownValue }, inputs);
    const diff = await client.diff(bucketToken, { id: "x", properties: inputs, inputs }, news);
    assert.deepEqual(diff.details, { bucket: "UPDATE_REPLACE*" });
  });

  it("merges the provider's default tags below a resource's own", async () => {
    await client.configure({
      defaultTags: JSON.stringify({ tags: { Project: "etl", Owner: "all" } }),
    });
    const inputs = await checked(jobToken, { ...job, tags: { Owner: "me" } });
    assert.deepEqual(inputs.tags, { Owner: "me" });
    assert.deepEqual(inputs.tagsAll, { Owner: "me", Project: "etl" });
  });

  it("answers an operation that it lacks with an error, and AWS's silence with its own", async () => {
    await assert.rejects(client.invoke("aws:ec2/getAmi:getAmi"), /getAmi:getAmi is not supported/);
    const inputs = await checked(jobToken, { ...job, name: "etl" });
    await assert.rejects(client.create(jobToken, inputs), /creating aws:glue\/job:Job "sample": /);
  });

  it("listens on loopback alone, and no more after it is closed", async () => {
    const socket = createConnection(provider.port, "127.0.0.1");
    await once(socket, "connect");
    assert.equal(socket.remoteAddress, "127.0.0.1");
    socket.destroy();
    const extra = await startProvider({
      endpoint: "http://127.0.0.1:9",
      region: "us-east-1",
      accessKeyId: "test",
      secretAccessKey: "test",
    });
    await extra.close();
    const refused = createConnection(extra.port, "127.0.0.1");
    const [error] = await once(refused, "error");
    assert.equal(error.code, "ECONNREFUSED");
  });
});
