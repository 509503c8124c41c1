import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { ArgumentError, DataLake, DataLakeArgs, PrivateBucket } from "../../components";
import { inputsOf, namesOf, recordResources, resourcesOf, statementsOf } from "./recorder";

const args = { rawDatabaseName: "segment_logs", curatedDatabaseName: "mobile_analytics" };

describe("DataLake", () => {
  before(() => recordResources());

  const logged = ["lake-assets", "lake-curated", "lake-raw", "lake-results"];

  it("makes five closed buckets, a key, a security configuration and two databases", async () => {
    const made = await resourcesOf(() => new DataLake("lake", args));
    const buckets = [...logged, "lake-logs"];
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
        ...logged.map((bucket) => `BucketLogging ${bucket}`),
        "Alias lake",
        "CatalogDatabase mobile_analytics",
        "CatalogDatabase segment_logs",
        "DataLake lake",
        "Key lake",
        "SecurityConfiguration lake",
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

  it("has S3 log all access to its own buckets but that for the logs", async () => {
    const made = await resourcesOf(() => new DataLake("lake", args));
    for (const bucket of logged) {
      assert.deepEqual(inputsOf(made, "aws:s3/bucketLogging:BucketLogging", bucket), {
        bucket: `${bucket}-id`,
        targetBucket: "lake-logs-id",
        targetPrefix: `${bucket.replace("lake-", "")}/`,
      });
    }
  });

  it("takes access logs from these buckets of this account alone, by TLS", async () => {
    const made = await resourcesOf(() => new DataLake("lake", args));
    const of = (type: string) => inputsOf(made, `aws:s3/${type}`, "lake-logs");
    const [tls, delivery, ...others] = statementsOf(of("bucketPolicy:BucketPolicy")["policy"]);
    assert.deepEqual([tls?.Sid, tls?.Effect, others], ["TlsOnly", "Deny", []]);
    const { ArnLike, StringEquals } = Object(delivery?.Condition);
    assert.deepEqual(delivery?.Principal, { Service: "logging.s3.amazonaws.com" });
    assert.deepEqual(delivery?.Action, ["s3:PutObject"]);
    assert.equal(delivery?.Resource, "arn:aws:test:::lake-logs-id/*");
    assert.deepEqual(
      [...ArnLike["aws:SourceArn"]].sort(),
      logged.map((bucket) => `arn:aws:s3:::${bucket}-id`),
    );
    assert.deepEqual(StringEquals, { "aws:SourceAccount": "111122223333" });
    assert.deepEqual(
      of("bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration")[
        "rules"
      ],
      [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" },
          bucketKeyEnabled: false,
        },
      ],
    );
  });

  it("encrypts all that Glue writes with its key", async () => {
    const made = await resourcesOf(() => new DataLake("lake", args));
    const kmsKeyArn = "arn:aws:test:::lake-id";
    assert.deepEqual(
      inputsOf(made, "aws:glue/securityConfiguration:SecurityConfiguration")[
        "encryptionConfiguration"
      ],
      {
        s3Encryption: { s3EncryptionMode: "SSE-KMS", kmsKeyArn },
        cloudwatchEncryption: { cloudwatchEncryptionMode: "SSE-KMS", kmsKeyArn },
        jobBookmarksEncryption: { jobBookmarksEncryptionMode: "CSE-KMS", kmsKeyArn },
      },
    );
  });

  it("lets logs, events and alarms use the key, and IAM policies say who else may", async () => {
    const made = await resourcesOf(() => new DataLake("lake", args));
    const [account, logs, events, alarms, ...others] = statementsOf(
      inputsOf(made, "aws:kms/key:Key")["policy"],
    );
    assert.deepEqual(others, []);
    assert.deepEqual(account?.Principal, { AWS: "arn:aws:iam::111122223333:root" });
    assert.deepEqual(account?.Action, ["kms:*"]);
    assert.deepEqual(logs?.Principal, { Service: "logs.us-west-2.amazonaws.com" });
    assert.deepEqual(logs?.Condition, {
      ArnLike: {
        "kms:EncryptionContext:aws:logs:arn": [
          "arn:aws:logs:us-west-2:111122223333:log-group:/aws-glue/*",
          "arn:aws:logs:us-west-2:111122223333:log-group:/aws/vendedlogs/states/*",
        ],
      },
    });
    assert.deepEqual(events?.Principal, { Service: "events.amazonaws.com" });
    assert.deepEqual(events?.Action, ["kms:Decrypt", "kms:GenerateDataKey*"]);
    // With a condition on the source, EventBridge couldn't publish to an encrypted topic.
    assert.equal(events?.Condition, undefined);
    assert.deepEqual(alarms?.Principal, { Service: "cloudwatch.amazonaws.com" });
    assert.deepEqual(alarms?.Action, ["kms:Decrypt", "kms:GenerateDataKey*"]);
    assert.deepEqual(alarms?.Condition, {
      StringEquals: { "aws:SourceAccount": "111122223333" },
    });
  });

  it("lets query results, access logs and what couldn't be read expire, and nothing else", async () => {
    const made = await resourcesOf(() => new DataLake("lake", { ...args, temporaryDays: 9 }));
    const type = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
    const tidy = {
      id: "tidy",
      status: "Enabled",
      filter: { prefix: "" },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
      noncurrentVersionExpiration: { noncurrentDays: 9 },
    };
    const markers = { ...tidy, expiration: { expiredObjectDeleteMarker: true } };
    const after9Days = { status: "Enabled", expiration: { days: 9 } };
    const all = { id: "all", filter: { prefix: "" }, ...after9Days };
    const quarantine = { id: "quarantine/", filter: { prefix: "quarantine/" }, ...after9Days };
    const rules = {
      "lake-raw": [markers],
      "lake-assets": [markers],
      "lake-curated": [markers, quarantine],
      "lake-results": [tidy, all],
      "lake-logs": [tidy, all],
    };
    for (const [bucket, expected] of Object.entries(rules)) {
      assert.deepEqual(inputsOf(made, type, bucket)["rules"], expected, bucket);
    }
  });

  /** The options that each resource was made with, but for those that it inherits. */
  async function optionsOf(changes: Partial<DataLakeArgs>) {
    const options: Record<string, pulumi.ResourceOptions> = {};
    const record: pulumi.ResourceTransformation = ({ type, name, opts }) => {
      options[`${type.split(":").at(-1)} ${name}`] = opts;
      return undefined;
    };
    const made = await resourcesOf(
      () => new DataLake("lake", { ...args, ...changes }, { transformations: [record] }),
    );
    return { made, options };
  }
  const having = (
    options: Record<string, pulumi.ResourceOptions>,
    key: "protect" | "retainOnDelete",
  ) => Object.keys(options).filter((resource) => options[resource]?.[key]);

  it("protects buckets, with all that is made for them, key and databases", async () => {
    const { options } = await optionsOf({ protect: true });
    assert.deepEqual(having(options, "protect").sort(), [
      "CatalogDatabase mobile_analytics",
      "CatalogDatabase segment_logs",
      "Key lake",
      ...[...logged, "lake-logs"].map((bucket) => `PrivateBucket ${bucket}`).sort(),
    ]);
    assert.deepEqual(having((await optionsOf({})).options, "protect"), []);
  });

  it("tells EventBridge of raw objects where it is asked to", async () => {
    const type = "aws:s3/bucketNotification:BucketNotification";
    const made = await resourcesOf(() => new DataLake("lake", { ...args, sendObjectEvents: true }));
    assert.deepEqual(inputsOf(made, type, "lake-raw"), {
      bucket: "lake-raw-id",
      eventbridge: true,
    });
    const silent = await resourcesOf(() => new DataLake("lake", args));
    assert.ok(silent.every((resource) => resource.type !== type));
  });

  it("encrypts the account's catalog only where it is asked to, by a role, and leaves that behind", async () => {
    const { made, options } = await optionsOf({
      encryptCatalog: true,
      permissionsBoundaryArn: "boundary",
    });
    const key = "arn:aws:test:::lake-id";
    const settings = "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings";
    assert.deepEqual(inputsOf(made, settings, "lake")["dataCatalogEncryptionSettings"], {
      encryptionAtRest: {
        catalogEncryptionMode: "SSE-KMS-WITH-SERVICE-ROLE",
        catalogEncryptionServiceRole: "arn:aws:test:::lake-catalog-id",
        sseAwsKmsKeyId: key,
      },
      // Else everybody who uses a connection of the account would need the key.
      connectionPasswordEncryption: { returnConnectionPasswordEncrypted: false },
    });
    const role = inputsOf(made, "aws:iam/role:Role", "lake-catalog");
    assert.equal(role["permissionsBoundary"], "boundary");
    assert.match(String(role["assumeRolePolicy"]), /glue\.amazonaws\.com/);
    const policy = inputsOf(made, "aws:iam/rolePolicy:RolePolicy", "lake-catalog");
    assert.deepEqual(statementsOf(policy["policy"]), [
      {
        Effect: "Allow",
        Sid: "EncryptCatalog",
        Action: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
        Resource: key,
      },
    ]);
    assert.deepEqual(having(options, "retainOnDelete").sort(), [
      "CatalogEncryption lake",
      "Key lake",
    ]);
    const { made: plain, options: ofPlain } = await optionsOf({});
    assert.ok(plain.every(({ type }) => type !== settings));
    assert.deepEqual(having(ofPlain, "retainOnDelete"), []);
  });

  it("encrypts the passwords of the account's connections where it is asked to, with the catalog", async () => {
    const { made } = await optionsOf({ encryptCatalog: true, encryptConnectionPasswords: true });
    const type = "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings";
    const { connectionPasswordEncryption } = inputsOf(made, type)[
      "dataCatalogEncryptionSettings"
    ] as Record<string, unknown>;
    assert.deepEqual(connectionPasswordEncryption, {
      returnConnectionPasswordEncrypted: true,
      awsKmsKeyId: "arn:aws:test:::lake-id",
    });
  });

  for (const [what, bad, message] of [
    [
      "passwords without the catalog",
      { encryptConnectionPasswords: true },
      /`encryptConnectionPasswords` is true without `encryptCatalog`\. Set `encryptCatalog`, too/,
    ],
    [
      "protection beside deletion",
      { protect: true, forceDestroy: true },
      /`forceDestroy` is true beside `protect`/,
    ],
    [
      "events of an adopted bucket",
      { rawBucketName: "theirs", sendObjectEvents: true },
      /`sendObjectEvents` is true for a bucket that exists/,
    ],
  ] as const) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(
        resourcesOf(() => new DataLake("lake", { ...args, ...bad })),
        message,
      );
    });
  }

  for (const bad of ["Segment-Logs", ""]) {
    it(`refuses the database name "${bad}"`, async () => {
      await assert.rejects(
        resourcesOf(() => new DataLake("lake", { ...args, rawDatabaseName: bad })),
        ArgumentError,
      );
    });
  }
});

describe("PrivateBucket", () => {
  before(() => recordResources());

  it("refuses a key where S3 delivers access logs", async () => {
    const both = { kmsKeyArn: "key", accessLogsOf: ["data"], oldVersionDays: 1 };
    await assert.rejects(
      resourcesOf(() => new PrivateBucket("logs", both)),
      /PrivateBucket "logs": `kmsKeyArn` is set beside `accessLogsOf`/,
    );
  });
});
