import assert from "node:assert/strict";
import { AthenaWorkspace, AthenaWorkspaceArgs } from "../../components";
import { inputsOf, recordResources, resourcesOf } from "./recorder";

describe("AthenaWorkspace", () => {
  before(() => recordResources());

  const workspace = { workGroupName: "mobile", databaseName: "db", resultsBucketName: "results" };

  it("enforces location, encryption and scan limit", async () => {
    const made = await resourcesOf(
      () => new AthenaWorkspace("mobile", { ...workspace, kmsKeyArn: "key" }),
    );
    assert.deepEqual(inputsOf(made, "aws:athena/workgroup:Workgroup")["configuration"], {
      enforceWorkgroupConfiguration: true,
      publishCloudwatchMetricsEnabled: true,
      bytesScannedCutoffPerQuery: 100_000_000_000,
      engineVersion: { selectedEngineVersion: "Athena engine version 3" },
      resultConfiguration: {
        outputLocation: "s3://results/athena/",
        encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKeyArn: "key" },
      },
    });
  });

  it("saves queries in the work group", async () => {
    const savedQueries = [{ name: "dau", description: "users", query: "SELECT 1" }];
    const made = await resourcesOf(
      () => new AthenaWorkspace("mobile", { ...workspace, savedQueries }),
    );
    assert.deepEqual(inputsOf(made, "aws:athena/namedQuery:NamedQuery"), {
      name: "dau",
      description: "users",
      query: "SELECT 1",
      database: "db",
      workgroup: "mobile",
    });
  });

  const view = {
    name: "daily",
    description: "Users by day",
    sql: "SELECT date, users, share, at FROM t",
    columns: [
      { name: "date", type: "string" },
      { name: "users", type: "int" },
      { name: "share", type: "decimal(5,2)" },
      { name: "at", type: "timestamp" },
    ],
  };

  it("makes a view as Athena does", async () => {
    const made = await resourcesOf(
      () => new AthenaWorkspace("mobile", { ...workspace, views: [view] }),
    );
    const { viewOriginalText, ...table } = inputsOf(
      made,
      "aws:glue/catalogTable:CatalogTable",
      "mobile-daily",
    );
    assert.deepEqual(table, {
      name: "daily",
      databaseName: "db",
      description: "Users by day",
      tableType: "VIRTUAL_VIEW",
      parameters: { presto_view: "true", comment: "Presto View" },
      viewExpandedText: "/* Presto View */",
      storageDescriptor: {
        columns: view.columns,
        serDeInfo: { name: "-", serializationLibrary: "-" },
      },
    });
    const [, encoded = ""] = /^\/\* Presto View: (\S+) \*\/$/.exec(String(viewOriginalText)) ?? [];
    assert.deepEqual(JSON.parse(Buffer.from(encoded, "base64").toString()), {
      originalSql: view.sql,
      catalog: "awsdatacatalog",
      schema: "db",
      columns: [
        { name: "date", type: "varchar" },
        { name: "users", type: "integer" },
        { name: "share", type: "decimal(5,2)" },
        { name: "at", type: "timestamp(3)" },
      ],
    });
  });

  it("takes the engine's version", async () => {
    const made = await resourcesOf(
      () => new AthenaWorkspace("mobile", { ...workspace, engineVersion: 4 }),
    );
    const configuration = JSON.stringify(inputsOf(made, "aws:athena/workgroup:Workgroup"));
    assert.match(configuration, /"selectedEngineVersion":"Athena engine version 4"/);
  });

  const query = { name: "daily", description: "users", query: "SELECT 1" };
  for (const [what, bad, message] of [
    [
      "an engine that is no more",
      { engineVersion: 2 },
      /`engineVersion` is 2\. Set a whole number from 3/,
    ],
    [
      "a view's name that needs quotes",
      { views: [{ ...view, name: "Daily-Users" }] },
      /`views\[0\]\.name` is "Daily-Users"/,
    ],
    [
      "a view without columns",
      { views: [{ ...view, columns: [] }] },
      /`views\[0\]\.columns` is empty/,
    ],
    [
      "a column's name in capitals",
      { views: [{ ...view, columns: [{ name: "Date", type: "string" }] }] },
      /`views\[0\]\.columns\[0\]\.name` is "Date"/,
    ],
    [
      "a type of Athena's SQL",
      { views: [{ ...view, columns: [{ name: "date", type: "varchar" }] }] },
      /`views\[0\]\.columns\[0\]\.type` is "varchar"\. Set one of string, /,
    ],
    [
      "a name twice",
      { savedQueries: [query], views: [view] },
      /`savedQueries and views` has "daily" twice/,
    ],
  ] as [string, Partial<AthenaWorkspaceArgs>, RegExp][]) {
    it(`refuses ${what}`, async () => {
      const args = { ...workspace, ...bad };
      await assert.rejects(
        resourcesOf(() => new AthenaWorkspace("mobile", args)),
        message,
      );
    });
  }

  it("refuses a scan limit that Athena refuses", async () => {
    await assert.rejects(
      resourcesOf(
        () => new AthenaWorkspace("mobile", { ...workspace, bytesScannedCutoffPerQuery: 1 }),
      ),
      /`bytesScannedCutoffPerQuery` is 1/,
    );
  });
});
