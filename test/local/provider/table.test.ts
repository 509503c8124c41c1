import { loadAwsServiceSpecSync } from "@aws-cdk/aws-service-spec";
import * as assert from "node:assert/strict";
import type { AnyField, Fields } from "../../../local/provider/fields";
import { resourceTypes } from "../../../local/provider/types";
import { type TypedProperties, typingsOf } from "./typings";

const kinds: Record<string, string> = { integer: "number", set: "list" };

/** Compares a table of fields with the typings, at every depth. */
function compare(fields: Fields, typed: TypedProperties, refused: string[], path: string[]): void {
  const known = Object.keys(fields).filter((name) => !fields[name]?.internal);
  const prefix = path.map((part) => `${part}.`).join("");
  const unsupported = refused
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length))
    .filter((name) => !name.includes("."));
  const at = path.join(".") || "inputs";
  assert.deepEqual([...known, ...unsupported].sort(), Object.keys(typed).sort(), at);
  for (const name of known) {
    compareField(fields[name], typed[name], refused, [...path, name]);
  }
}

function compareField(
  field: AnyField | undefined,
  typed: TypedProperties[string] | undefined,
  refused: string[],
  path: string[],
): void {
  const at = path.join(".");
  assert.ok(field && typed, at);
  assert.equal(field.needed, typed.required, `${at}: required`);
  assert.equal(kinds[field.kind] ?? field.kind, typed.kind, `${at}: kind`);
  const fields = field.fields ?? field.element?.fields;
  assert.equal(fields === undefined, typed.fields === undefined, `${at}: nested`);
  if (fields !== undefined && typed.fields !== undefined) {
    compare(fields, typed.fields, refused, path);
  }
}

describe("the provider's table against @pulumi/aws's typings", () => {
  for (const [token, type] of resourceTypes) {
    it(`${token}: the same inputs, required flags and kinds at every depth`, () => {
      compare(type.inputs, typingsOf(token).inputs, [...(type.unsupported ?? [])], []);
    });

    it(`${token}: only outputs that the type has`, () => {
      const { outputs } = typingsOf(token);
      const ours = [...Object.keys(type.inputs), ...(type.outputs ?? [])];
      assert.deepEqual(
        ours.filter((name) => !outputs.has(name)),
        [],
      );
    });
  }
});

/** CloudFormation's type, and its names of properties where they aren't ours with a capital. */
const cloudFormation: Record<string, { type: string; names?: Record<string, string> }> = {
  "aws:athena/namedQuery:NamedQuery": {
    type: "AWS::Athena::NamedQuery",
    names: { QueryString: "query", WorkGroup: "workgroup" },
  },
  "aws:athena/workgroup:Workgroup": { type: "AWS::Athena::WorkGroup" },
  "aws:cloudwatch/dashboard:Dashboard": { type: "AWS::CloudWatch::Dashboard" },
  "aws:cloudwatch/eventRule:EventRule": { type: "AWS::Events::Rule" },
  "aws:cloudwatch/logGroup:LogGroup": {
    type: "AWS::Logs::LogGroup",
    names: { LogGroupName: "name" },
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    type: "AWS::CloudWatch::Alarm",
    names: { AlarmName: "name" },
  },
  "aws:glue/catalogDatabase:CatalogDatabase": {
    type: "AWS::Glue::Database",
    names: { DatabaseName: "name" },
  },
  "aws:glue/catalogTable:CatalogTable": { type: "AWS::Glue::Table" },
  "aws:glue/classifier:Classifier": { type: "AWS::Glue::Classifier" },
  "aws:glue/crawler:Crawler": { type: "AWS::Glue::Crawler" },
  "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings": {
    type: "AWS::Glue::DataCatalogEncryptionSettings",
  },
  "aws:glue/devEndpoint:DevEndpoint": {
    type: "AWS::Glue::DevEndpoint",
    names: { EndpointName: "name" },
  },
  "aws:glue/job:Job": { type: "AWS::Glue::Job" },
  "aws:glue/securityConfiguration:SecurityConfiguration": {
    type: "AWS::Glue::SecurityConfiguration",
  },
  "aws:glue/trigger:Trigger": { type: "AWS::Glue::Trigger" },
  "aws:glue/workflow:Workflow": { type: "AWS::Glue::Workflow" },
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
    type: "AWS::IAM::OIDCProvider",
    names: { ClientIdList: "clientIdLists", ThumbprintList: "thumbprintLists" },
  },
  "aws:iam/policy:Policy": {
    type: "AWS::IAM::ManagedPolicy",
    names: { ManagedPolicyName: "name" },
  },
  "aws:iam/role:Role": { type: "AWS::IAM::Role", names: { RoleName: "name" } },
  "aws:iam/rolePolicy:RolePolicy": {
    type: "AWS::IAM::RolePolicy",
    names: { PolicyName: "name", RoleName: "role" },
  },
  "aws:kms/alias:Alias": { type: "AWS::KMS::Alias", names: { AliasName: "name" } },
  "aws:kms/key:Key": { type: "AWS::KMS::Key" },
  "aws:s3/bucket:Bucket": { type: "AWS::S3::Bucket", names: { BucketName: "bucket" } },
  "aws:s3/bucketPolicy:BucketPolicy": { type: "AWS::S3::BucketPolicy" },
  "aws:sfn/stateMachine:StateMachine": {
    type: "AWS::StepFunctions::StateMachine",
    names: { StateMachineName: "name", StateMachineType: "type" },
  },
  "aws:sns/topic:Topic": { type: "AWS::SNS::Topic", names: { TopicName: "name" } },
  "aws:sns/topicPolicy:TopicPolicy": { type: "AWS::SNS::TopicPolicy" },
  "aws:sns/topicSubscription:TopicSubscription": {
    type: "AWS::SNS::Subscription",
    names: { TopicArn: "topic" },
  },
  "aws:sqs/queue:Queue": { type: "AWS::SQS::Queue", names: { QueueName: "name" } },
  "aws:sqs/queuePolicy:QueuePolicy": { type: "AWS::SQS::QueuePolicy" },
};

/** Where Terraform replaces and CloudFormation updates in place, and why. */
const replacedByTerraform: Record<string, Record<string, string>> = {
  "aws:cloudwatch/logGroup:LogGroup": {
    logGroupClass: "no call of CloudWatch Logs changes the class of a group",
  },
  "aws:glue/catalogDatabase:CatalogDatabase": {
    targetDatabase: "a link to another database is fixed, in Terraform's schema",
  },
  "aws:glue/catalogTable:CatalogTable": {
    targetTable: "a link to another table is fixed, in Terraform's schema",
  },
  "aws:glue/classifier:Classifier": {
    name: "CloudFormation's specification says nothing, but a name is what Glue finds it by",
  },
  "aws:glue/crawler:Crawler": {
    databaseName: "Terraform's schema replaces, though UpdateCrawler takes a database",
  },
  "aws:glue/devEndpoint:DevEndpoint": {
    glueVersion: "UpdateDevEndpoint takes keys, libraries and arguments only",
    numberOfNodes: "as glueVersion",
    numberOfWorkers: "as glueVersion",
    roleArn: "as glueVersion",
    securityConfiguration: "as glueVersion",
    securityGroupIds: "as glueVersion",
    subnetId: "as glueVersion",
    workerType: "as glueVersion",
  },
  "aws:glue/securityConfiguration:SecurityConfiguration": {
    encryptionConfiguration: "Glue has no call that updates a security configuration",
  },
  "aws:kms/key:Key": {
    customerMasterKeySpec: "CloudFormation refuses the change instead",
    keyUsage: "CloudFormation refuses the change instead",
    multiRegion: "CloudFormation refuses the change instead",
  },
  "aws:sns/topicPolicy:TopicPolicy": {
    arn: "CloudFormation's policy is for a list of topics, which can change",
  },
  "aws:sqs/queuePolicy:QueuePolicy": {
    queueUrl: "CloudFormation's policy is for a list of queues, which can change",
  },
};

describe("what forces replacement, against CloudFormation's specification", () => {
  const database = loadAwsServiceSpecSync();

  for (const [token, { type: typeName, names }] of Object.entries(cloudFormation)) {
    it(`${token}: as ${typeName}, but for named exceptions`, () => {
      const type = resourceTypes.get(token);
      assert.ok(type, `${token} is not in the table`);
      const [spec] = database.lookup("resource", "cloudFormationType", "equals", typeName);
      const theirs = Object.entries(spec?.properties ?? {})
        .filter(([, { causesReplacement }]) => causesReplacement === "yes")
        .map(([name]) => names?.[name] ?? name.charAt(0).toLowerCase() + name.slice(1))
        .filter((name) => type.inputs[name] !== undefined);
      const ours = Object.keys(type.inputs).filter(
        // A resource's region is where its stack is, to CloudFormation.
        (name) => name !== "region" && type.inputs[name]?.forceNew,
      );
      const exceptions = Object.keys(replacedByTerraform[token] ?? {});
      assert.deepEqual([...theirs, ...exceptions].sort(), ours.sort());
    });
  }

  it("covers every type but those that CloudFormation has as a part of another", () => {
    const whole = (token: string) => {
      if (token.startsWith("aws:s3/bucket")) return "bucket";
      if (token.startsWith("aws:iam/role")) return "role";
      return token.includes("Index") ? "tableName" : "rule";
    };
    const parts = [...resourceTypes.keys()].filter((token) => !(token in cloudFormation));
    for (const token of parts) {
      assert.equal(resourceTypes.get(token)?.inputs[whole(token)]?.forceNew, true, token);
    }
  });
});
