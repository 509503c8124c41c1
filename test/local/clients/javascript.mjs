// The AWS SDK for JavaScript, told nothing but the environment. Run by test_javascript.py.
import {
  AthenaClient,
  GetQueryExecutionCommand,
  paginateGetQueryResults,
  StartQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { GetTableCommand, GlueClient, paginateGetPartitions } from "@aws-sdk/client-glue";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  GetObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
  waitUntilBucketExists,
  waitUntilObjectExists,
} from "@aws-sdk/client-s3";
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

/** Asks until the answer is enough, for 20 seconds. */
async function until(ask, isEnough) {
  for (let tries = 0; tries < 200; tries++) {
    const answer = await ask();
    if (isEnough(answer)) return answer;
    await sleep(100);
  }
  throw new Error("waited in vain");
}

async function all(pages, field) {
  const found = [];
  for await (const page of pages) found.push(...(page[field] ?? []));
  return found;
}

test("S3: objects, pages, waiters", async () => {
  const client = new S3Client({});
  await client.send(new CreateBucketCommand({ Bucket: "of-javascript" }));
  await waitUntilBucketExists({ client, maxWaitTime: 20 }, { Bucket: "of-javascript" });
  const body = "x".repeat(300_000);
  await client.send(new PutObjectCommand({ Bucket: "of-javascript", Key: "a/ä b", Body: body }));
  await waitUntilObjectExists(
    { client, maxWaitTime: 20 },
    { Bucket: "of-javascript", Key: "a/ä b" },
  );
  const { Body } = await client.send(
    new GetObjectCommand({ Bucket: "of-javascript", Key: "a/ä b" }),
  );
  assert.equal(await Body.transformToString(), body);
  const pages = paginateListObjectsV2({ client, pageSize: 2 }, { Bucket: "lake" });
  assert.equal((await all(pages, "Contents")).length, 5);
  await assert.rejects(client.send(new GetObjectCommand({ Bucket: "lake", Key: "none" })), {
    name: "NoSuchKey",
  });
});

test("Glue: tables, pages of partitions, errors by name", async () => {
  const client = new GlueClient({});
  const { Table } = await client.send(
    new GetTableCommand({ DatabaseName: "shop", Name: "people" }),
  );
  assert.equal(Table.StorageDescriptor.Location, "s3://lake/people/");
  assert.ok(Table.CreateTime instanceof Date);
  const asked = { DatabaseName: "shop", TableName: "people" };
  const partitions = await all(paginateGetPartitions({ client, pageSize: 1 }, asked), "Partitions");
  assert.deepEqual(partitions.map(({ Values }) => Values[0]).sort(), ["2026-11-20", "2026-11-21"]);
  await assert.rejects(
    client.send(new GetTableCommand({ DatabaseName: "shop", Name: "nowhere" })),
    { name: "EntityNotFoundException" },
  );
});

test("Athena: a query and pages of its rows", async () => {
  const client = new AthenaClient({});
  const { QueryExecutionId } = await client.send(
    new StartQueryExecutionCommand({
      QueryString: "SELECT id, name FROM people ORDER BY id",
      WorkGroup: process.env.AWS_ATHENA_WORK_GROUP,
      QueryExecutionContext: { Database: "shop" },
    }),
  );
  const { QueryExecution } = await until(
    () => client.send(new GetQueryExecutionCommand({ QueryExecutionId })),
    (answer) => !["QUEUED", "RUNNING"].includes(answer.QueryExecution.Status.State),
  );
  assert.equal(QueryExecution.Status.State, "SUCCEEDED");
  const rows = [];
  for await (const page of paginateGetQueryResults({ client, pageSize: 2 }, { QueryExecutionId }))
    rows.push(...page.ResultSet.Rows);
  assert.deepEqual(
    rows.map(({ Data }) => Data[0].VarCharValue),
    ["id", "1", "2", "3", "4"],
  );
});

test("Step Functions: a task of Glue, by a role", async () => {
  const iam = new IAMClient({});
  const statement = (rest) =>
    JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...rest }] });
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: "machine",
      AssumeRolePolicyDocument: statement({
        Principal: { Service: "states.amazonaws.com" },
        Action: "sts:AssumeRole",
      }),
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: "machine",
      PolicyName: "glue",
      PolicyDocument: statement({ Action: "glue:GetDatabase", Resource: "*" }),
    }),
  );
  const sfn = new SFNClient({});
  const ask = {
    Type: "Task",
    Resource: "arn:aws:states:::aws-sdk:glue:getDatabase",
    Parameters: { Name: "shop" },
    End: true,
  };
  const { stateMachineArn } = await sfn.send(
    new CreateStateMachineCommand({
      name: "of-javascript",
      roleArn: Role.Arn,
      definition: JSON.stringify({ StartAt: "Ask", States: { Ask: ask } }),
    }),
  );
  const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn }));
  const { status, output } = await until(
    () => sfn.send(new DescribeExecutionCommand({ executionArn })),
    (answer) => answer.status !== "RUNNING",
  );
  assert.equal(status, "SUCCEEDED");
  assert.equal(JSON.parse(output).Database.Name, "shop");
});

test("SQS: the queue's address is the platform's", async () => {
  const { QueueUrl } = await new SQSClient({}).send(
    new CreateQueueCommand({ QueueName: "of-javascript" }),
  );
  assert.ok(QueueUrl.startsWith("http://127.0.0.1:"), QueueUrl);
});
