import assert from "node:assert/strict";
import { ArgumentError, AthenaWorkspace, DataLake } from "../../components";
import { inputsOf, namesOf, recordResources, resourcesOf, statementsOf } from "./recorder";

const args = { rawDatabaseName: "segment_logs", curatedDatabaseName: "mobile_analytics" };

describe("DataLake", () => {
  before(() => recordResources());

  it("makes four closed buckets, a key and two databases", async () => {
    const made = await resourcesOf(() => new DataLake("lake", args));
    const buckets = ["lake-assets", "lake-curated", "lake-raw", "lake-results"];
    const settings = [
      "Bucket",
      "BucketLifecycleConfiguration",
      "BucketPolicy",
      "BucketPublicAccessBlock",
      "BucketServerSideEncryptionConfiguration",
      "BucketVersioning",
      "PrivateBucket",
    ];
    assert.deepEqual(
      namesOf(made),
      [
        ...settings.flatMap((setting) => buckets.map((bucket) => `${setting} ${bucket}`)),
        "Alias lake",
        "CatalogDatabase mobile_analytics",
        "CatalogDatabase segment_logs",
        "DataLake lake",
        "Key lake",
      ].sort(),
    );
  });

  it("adopts Segment's bucket where there is one", async () => {
    const made = await resourcesOf(
      () => new DataLake("lake", { ...args, rawBucketName: "theirs" }),
    );
    assert.ok(!namesOf(made).some((name) => name.endsWith("lake-raw")));
  });

  it("encrypts, versions and closes a bucket", async () => {
    const made = await resourcesOf(() => new DataLake("lake", args));
    const of = (type: string) => inputsOf(made, `aws:s3/${type}`, "lake-curated");
    assert.equal(inputsOf(made, "aws:kms/key:Key")["enableKeyRotation"], true);
    assert.deepEqual(
      of("bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration")[
        "rules"
      ],
      [
        {
          applyServerSideEncryptionByDefault: {
            sseAlgorithm: "aws:kms",
            kmsMasterKeyId: "arn:aws:test:::lake-id",
          },
          bucketKeyEnabled: true,
        },
      ],
    );
    assert.deepEqual(of("bucketVersioning:BucketVersioning")["versioningConfiguration"], {
      status: "Enabled",
    });
    const { bucket, ...closed } = of("bucketPublicAccessBlock:BucketPublicAccessBlock");
    assert.equal(bucket, "lake-curated-id");
    assert.deepEqual(Object.values(closed), [true, true, true, true]);
    const [tls] = statementsOf(of("bucketPolicy:BucketPolicy")["policy"]);
    assert.equal(tls?.Effect, "Deny");
    assert.deepEqual(tls?.Condition, { Bool: { "aws:SecureTransport": "false" } });
  });

  it("lets only query results expire", async () => {
    const made = await resourcesOf(() => new DataLake("lake", { ...args, temporaryDays: 9 }));
    const rules = (bucket: string) =>
      inputsOf(made, "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", bucket)[
        "rules"
      ] as Record<string, unknown>[];
    assert.deepEqual(rules("lake-results")[0]?.["expiration"], { days: 9 });
    assert.equal(rules("lake-raw")[0]?.["expiration"], undefined);
    assert.deepEqual(rules("lake-raw")[0]?.["noncurrentVersionExpiration"], { noncurrentDays: 9 });
  });

  for (const bad of ["Segment-Logs", ""]) {
    it(`refuses the database name "${bad}"`, async () => {
      await assert.rejects(
        resourcesOf(() => new DataLake("lake", { ...args, rawDatabaseName: bad })),
        ArgumentError,
      );
    });
  }
});

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

  it("refuses a scan limit that Athena refuses", async () => {
    await assert.rejects(
      resourcesOf(
        () => new AthenaWorkspace("mobile", { ...workspace, bytesScannedCutoffPerQuery: 1 }),
      ),
      /`bytesScannedCutoffPerQuery` is 1/,
    );
  });
});
