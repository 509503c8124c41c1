import {
  arn,
  account,
  type Case,
  nameReplaced,
  newTags,
  renamed,
  roleArn,
  tags,
  tagsDiff,
} from "./caseParts";

/** Glue's catalog and Athena: on the bucket and the role of the cases before them. */
export const glueCases: Case[] = [
  {
    token: "aws:glue/catalogDatabase:CatalogDatabase",
    inputs: { name: "raw_logs", description: "raw", parameters: { owner: "data" }, tags },
    outputs: { arn: arn("glue", "database/raw_logs"), catalogId: new RegExp(account) },
    update: { description: undefined, parameters: { owner: "ml", tier: "1" }, ...newTags },
    updateDiff: {
      description: "DELETE*",
      "parameters.owner": "UPDATE*",
      "parameters.tier": "ADD*",
      ...tagsDiff,
    },
    replace: renamed,
    replaceDiff: nameReplaced,
  },
  {
    token: "aws:glue/catalogTable:CatalogTable",
    inputs: {
      name: "orders",
      databaseName: "raw_logs",
      description: "orders",
      tableType: "EXTERNAL_TABLE",
      parameters: { classification: "json" },
      partitionKeys: [{ name: "day", type: "string" }],
      storageDescriptor: {
        location: "s3://provider-data/orders/",
        inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
        outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
        serDeInfo: {
          serializationLibrary: "org.openx.data.jsonserde.JsonSerDe",
          parameters: { "ignore.malformed.json": "true" },
        },
        columns: [
          { name: "id", type: "bigint", comment: "number" },
          { name: "placed", type: "string" },
        ],
        sortColumns: [{ column: "id", sortOrder: 1 }],
      },
    },
    outputs: { arn: arn("glue", "table/raw_logs/orders"), catalogId: new RegExp(account) },
    update: {
      description: undefined,
      parameters: { classification: "json", owner: "ml" },
      storageDescriptor: {
        location: "s3://provider-data/orders/",
        serDeInfo: { serializationLibrary: "org.apache.hive.hcatalog.data.JsonSerDe" },
      },
    },
    updateDiff: {
      description: "DELETE*",
      "parameters.owner": "ADD*",
      "storageDescriptor.inputFormat": "DELETE*",
      "storageDescriptor.outputFormat": "DELETE*",
      "storageDescriptor.serDeInfo.serializationLibrary": "UPDATE*",
      "storageDescriptor.serDeInfo.parameters": "DELETE*",
      "storageDescriptor.sortColumns": "DELETE*",
    },
    kept: { storageDescriptor: /"columns":\[{"comment":"number","name":"id"/ },
    replace: renamed,
    replaceDiff: nameReplaced,
  },
  {
    token: "aws:glue/partitionIndex:PartitionIndex",
    inputs: {
      databaseName: "raw_logs",
      tableName: "orders",
      partitionIndex: { indexName: "by-day", keys: ["day"] },
    },
    outputs: { catalogId: new RegExp(account) },
    replace: { partitionIndex: { indexName: "by-day", keys: ["day", "hour"] } },
    replaceDiff: { "partitionIndex.keys[1]": "ADD_REPLACE*" },
  },
  {
    token: "aws:glue/securityConfiguration:SecurityConfiguration",
    inputs: {
      name: "encrypted",
      encryptionConfiguration: {
        cloudwatchEncryption: { cloudwatchEncryptionMode: "DISABLED" },
        jobBookmarksEncryption: {},
        s3Encryption: { s3EncryptionMode: "SSE-S3" },
      },
    },
    outputs: { name: /^encrypted$/ },
    replace: {
      encryptionConfiguration: {
        cloudwatchEncryption: {},
        jobBookmarksEncryption: {},
        s3Encryption: { s3EncryptionMode: "DISABLED" },
      },
    },
    replaceDiff: {
      "encryptionConfiguration.s3Encryption.s3EncryptionMode": "UPDATE_REPLACE*",
    },
  },
  {
    token: "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings",
    inputs: {
      dataCatalogEncryptionSettings: {
        connectionPasswordEncryption: {
          returnConnectionPasswordEncrypted: true,
          awsKmsKeyId: `arn:aws:kms:us-east-1:${account}:key/1`,
        },
        encryptionAtRest: {
          catalogEncryptionMode: "SSE-KMS",
          sseAwsKmsKeyId: `arn:aws:kms:us-east-1:${account}:key/1`,
        },
      },
    },
    outputs: { catalogId: new RegExp(account) },
    update: {
      dataCatalogEncryptionSettings: {
        connectionPasswordEncryption: { returnConnectionPasswordEncrypted: false },
        encryptionAtRest: { catalogEncryptionMode: "DISABLED" },
      },
    },
    updateDiff: Object.fromEntries(
      [
        ["connectionPasswordEncryption.returnConnectionPasswordEncrypted", "UPDATE*"],
        ["connectionPasswordEncryption.awsKmsKeyId", "DELETE*"],
        ["encryptionAtRest.catalogEncryptionMode", "UPDATE*"],
        ["encryptionAtRest.sseAwsKmsKeyId", "DELETE*"],
      ].map(([at, kind]) => [`dataCatalogEncryptionSettings.${at}`, kind ?? ""]),
    ),
    replace: { catalogId: "111122223333" },
    replaceDiff: { catalogId: "UPDATE_REPLACE*" },
  },
  {
    token: "aws:glue/devEndpoint:DevEndpoint",
    inputs: { name: "notebook", roleArn, numberOfNodes: 2, tags },
    outputs: { arn: arn("glue", "devEndpoint/notebook"), status: /^READY$/ },
    replace: renamed,
    replaceDiff: nameReplaced,
  },
  {
    token: "aws:athena/workgroup:Workgroup",
    inputs: {
      name: "analysts",
      description: "queries",
      forceDestroy: true,
      configuration: {
        bytesScannedCutoffPerQuery: 100_000_000,
        engineVersion: { selectedEngineVersion: "Athena engine version 3" },
        resultConfiguration: {
          outputLocation: "s3://provider-data/athena/",
          encryptionConfiguration: { encryptionOption: "SSE_S3" },
        },
      },
      tags,
    },
    outputs: { arn: arn("athena", "workgroup/analysts"), state: /^ENABLED$/ },
    update: {
      description: undefined,
      configuration: {
        engineVersion: { selectedEngineVersion: "Athena engine version 3" },
        resultConfiguration: { outputLocation: "s3://provider-data/results/" },
      },
      ...newTags,
    },
    updateDiff: {
      description: "DELETE*",
      "configuration.bytesScannedCutoffPerQuery": "DELETE*",
      "configuration.resultConfiguration.outputLocation": "UPDATE*",
      "configuration.resultConfiguration.encryptionConfiguration": "DELETE*",
      ...tagsDiff,
    },
    replace: renamed,
    replaceDiff: nameReplaced,
  },
  {
    token: "aws:athena/namedQuery:NamedQuery",
    inputs: { name: "users", database: "raw_logs", query: "SELECT 1", workgroup: "analysts" },
    outputs: { name: /^users$/ },
    replace: { query: "SELECT 2" },
    replaceDiff: { query: "UPDATE_REPLACE*" },
  },
];
