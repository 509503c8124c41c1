import assert from "node:assert/strict";
import { findLeak } from "../../policies/glue/secretValues";
import { Properties } from "../../policies/properties";
import { goodStack } from "./good";
import { changedProps, describeRules } from "./pack/cases";
import { PackHost } from "./pack/packHost";
import { sharedPack } from "./pack/sharedPack";

const settings = "dataCatalogEncryptionSettings";
const policy = (statement: object) =>
  JSON.stringify({ Statement: [{ Effect: "Allow", Action: "glue:GetTable", ...statement }] });
const everybody = { AWS: "*" };

describe("policies for what Glue encrypts and shows", () => {
  describeRules(
    ["glue-security", "glue-catalog", "glue-connection", "glue-ml-transform"],
    [
      ...["job", "raw"].map((resource) => ({
        rule: "glue-security-configuration",
        resource,
        field: "securityConfiguration",
        bad: [undefined, ""],
        says: /`securityConfiguration` isn't set\. To fix it, name one/,
      })),
      {
        rule: "glue-security-configuration-encryption",
        resource: "encrypted",
        field: "encryptionConfiguration.s3Encryption.s3EncryptionMode",
        bad: [undefined, "DISABLED"],
        good: ["SSE-S3"],
        says: /s3EncryptionMode` is DISABLED\. To fix it, set SSE-KMS or SSE-S3/,
      },
      {
        rule: "glue-security-configuration-encryption",
        resource: "encrypted",
        field: "encryptionConfiguration.cloudwatchEncryption.cloudwatchEncryptionMode",
        bad: [undefined, "DISABLED"],
        says: /cloudwatchEncryptionMode` is DISABLED\. To fix it, set SSE-KMS/,
      },
      {
        rule: "glue-security-configuration-encryption",
        resource: "encrypted",
        field: "encryptionConfiguration.jobBookmarksEncryption.jobBookmarksEncryptionMode",
        bad: [undefined, "DISABLED"],
        says: /jobBookmarksEncryptionMode` is DISABLED\. To fix it, set CSE-KMS/,
      },
      ...["s3Encryption", "cloudwatchEncryption", "jobBookmarksEncryption"].map((one) => ({
        rule: "glue-security-configuration-encryption",
        resource: "encrypted",
        field: `encryptionConfiguration.${one}.kmsKeyArn`,
        bad: [undefined],
        says: new RegExp(`${one}.kmsKeyArn\` isn't set`),
      })),
      {
        rule: "glue-security-configuration-encryption",
        resource: "encrypted",
        field: "encryptionConfiguration",
        bad: [undefined],
        says: /is DISABLED/,
      },
      {
        rule: "glue-catalog-encryption",
        resource: "catalog",
        field: `${settings}.encryptionAtRest.catalogEncryptionMode`,
        bad: [undefined, "DISABLED"],
        good: ["SSE-KMS-WITH-SERVICE-ROLE"],
        says: /catalogEncryptionMode` is DISABLED\. To fix it, set SSE-KMS/,
      },
      {
        rule: "glue-catalog-encryption",
        resource: "catalog",
        field: `${settings}.encryptionAtRest.sseAwsKmsKeyId`,
        bad: [undefined],
        says: /sseAwsKmsKeyId` isn't set/,
      },
      {
        rule: "glue-catalog-encryption",
        resource: "catalog",
        field: `${settings}.connectionPasswordEncryption.returnConnectionPasswordEncrypted`,
        bad: [undefined, false],
        says: /returnConnectionPasswordEncrypted` (isn't set|is false)\. To fix it, set true/,
      },
      {
        rule: "glue-catalog-encryption",
        resource: "catalog",
        field: `${settings}.connectionPasswordEncryption.awsKmsKeyId`,
        bad: [undefined],
        says: /awsKmsKeyId` isn't set/,
      },
      {
        rule: "glue-catalog-not-public",
        resource: "catalog-policy",
        field: "policy",
        bad: [
          policy({ Principal: "*" }),
          policy({ Principal: everybody }),
          policy({ Principal: { AWS: ["arn:aws:iam::210987654321:root", "*"] } }),
          policy({ NotPrincipal: { AWS: "arn:aws:iam::210987654321:root" } }),
          policy({ Principal: everybody, Condition: { Bool: { "aws:SecureTransport": "true" } } }),
          policy({
            Principal: everybody,
            Condition: { StringEqualsIfExists: { "aws:PrincipalOrgID": "o-1" } },
          }),
          policy({
            Principal: everybody,
            Condition: { StringNotEquals: { "aws:PrincipalOrgID": "o-1" } },
          }),
          policy({ Principal: everybody, Condition: { StringLike: { "aws:PrincipalArn": "*" } } }),
        ],
        good: [
          policy({
            Principal: everybody,
            Condition: { StringEquals: { "AWS:principalorgid": ["o-1"] } },
          }),
          policy({
            Principal: everybody,
            Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::210987654321:role/*" } },
          }),
          policy({ Effect: "Deny", Principal: "*" }),
          policy({ Principal: { Service: "ram.amazonaws.com" } }),
        ],
        says: /`policy.Statement\[0\].(Principal` is `\*`|NotPrincipal` allows everybody but these)/,
      },
      {
        rule: "glue-connection-ssl",
        resource: "orders",
        field: "connectionProperties.JDBC_ENFORCE_SSL",
        bad: [undefined, "false"],
        good: ["TRUE"],
        says: /`connectionProperties.JDBC_ENFORCE_SSL` (isn't set|is "false")\. To fix it, set "true"/,
      },
      {
        rule: "glue-connection-ssl",
        resource: "events",
        field: "connectionProperties.KAFKA_SSL_ENABLED",
        bad: ["false"],
        good: ["true", undefined],
        says: /KAFKA_SSL_ENABLED` is "false"/,
      },
      {
        rule: "glue-connection-ssl",
        resource: "events",
        field: "connectionType",
        bad: ["JDBC", undefined],
        good: ["NETWORK", "MARKETPLACE"],
        says: /JDBC_ENFORCE_SSL` isn't set/,
      },
      {
        rule: "glue-connection-no-secrets",
        resource: "orders",
        field: "connectionProperties.PASSWORD",
        bad: ["hunter2"],
        good: [""],
        says: /`connectionProperties\["PASSWORD"\]` is named like a secret.*SECRET_ID/,
      },
      {
        rule: "glue-connection-no-secrets",
        resource: "orders",
        field: "connectionProperties.JDBC_CONNECTION_URL",
        bad: ["jdbc:postgresql://etl:hunter2@orders/db", "jdbc:mysql://orders/db?password=hunter2"],
        good: ["jdbc:redshift://orders/db?user=${Username}&password=${Password}"],
        says: /JDBC_CONNECTION_URL"\]` holds what looks like a (URL|text) with a password/,
      },
      {
        rule: "glue-connection-no-secrets",
        resource: "events",
        field: "authenticationConfiguration.basicAuthenticationCredentials",
        bad: [{ username: "etl", password: "hunter2" }],
        says: /basicAuthenticationCredentials\["password"\]`/,
      },
      {
        rule: "glue-connection-no-secrets",
        resource: "events",
        field: "authenticationConfiguration.oauth2Properties",
        bad: [{ oauth2Credentials: { refreshToken: "0123456789abcdef" } }],
        good: [{ tokenUrl: "https://login.example.com/token" }],
        says: /oauth2Credentials\["refreshToken"\]`/,
      },
      {
        rule: "glue-ml-transform-encryption",
        resource: "duplicates",
        field: "transformEncryption.mlUserDataEncryption.mlUserDataEncryptionMode",
        bad: ["DISABLED", undefined],
        says: /mlUserDataEncryptionMode` (is DISABLED|isn't set)\. To fix it, set SSE-KMS/,
      },
    ],
  );

  describe("on one resource", () => {
    let host: PackHost;
    before(async () => (host = await sharedPack()));

    it("refuses each transform of the provider that can't encrypt it", async () => {
      const type = "aws:glue/mLTransform:MLTransform";
      const found = await host.analyze({ type, name: "plain", props: { name: "plain" } });
      assert.deepEqual(
        found.map(({ rule }) => rule),
        ["glue-ml-transform-encryption"],
      );
    });

    it("finds a password that the program keeps as a Pulumi secret, and doesn't show it", async () => {
      const orders = goodStack.find(({ name }) => name === "orders") ?? assert.fail();
      const secret = {
        // The engine's mark of a secret.
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        value: "hunter2",
      };
      const props = changedProps(orders.props, "connectionProperties.PASSWORD", secret);
      const found = await host.analyze({ ...orders, props });
      assert.deepEqual(
        found.map(({ rule }) => rule),
        ["glue-connection-no-secrets"],
      );
      assert.doesNotMatch(JSON.stringify(found), /hunter2/);
    });

    it("lets a condition key narrow only where config says so", async () => {
      const strict = await sharedPack({
        "glue-catalog-not-public": {
          enforcementLevel: "mandatory",
          narrowingKeys: ["aws:SourceVpc"],
        },
      });
      const byKey = (key: string) => ({
        type: "aws:glue/resourcePolicy:ResourcePolicy",
        name: "catalog",
        props: {
          policy: policy({ Principal: "*", Condition: { StringEquals: { [key]: "o-1" } } }),
        },
      });
      assert.equal((await strict.analyze(byKey("aws:PrincipalOrgID"))).length, 1);
      assert.equal((await strict.analyze(byKey("aws:SourceVpc"))).length, 0);
    });
  });
});

describe("a text", () => {
  const leak = (name: string, value: string) => findLeak(new Properties({ [name]: value }));
  const secrets: readonly (readonly [string, string, string])[] = [
    ["--conf", "spark.key=AKIAIOSFODNN7EXAMPLE", "an AWS access key"],
    ["--pem", "-----BEGIN RSA PRIVATE KEY-----\nMIIE", "a private key"],
    ["--pem", "-----BEGIN PRIVATE KEY-----\nMIIE", "a private key"],
    ["--auth", `eyJhbGciOiJIUzI1.${"eyJzdWIiOiIxMjM0"}.c2lnbmF0dXJl`, "a JSON web token"],
    ["--git", `ghp_${"a1".repeat(18)}`, "a token of GitHub"],
    ["--hook", `xoxb-${"0123456789"}-abc`, "a token of Slack"],
    ["--maps", `AIza${"b".repeat(35)}`, "a key of Google"],
    ["--pay", `sk_live_${"c2".repeat(8)}`, "a key of Stripe"],
    ["--url", "postgres://etl:hunter2@db/orders", "a URL with a password"],
    ["--jdbc", "jdbc:mysql://db/orders?user=etl&password=hunter2", "a text with a password"],
  ];
  for (const [name, value, what] of secrets) {
    it(`holds ${what}, whatever its name`, () => {
      assert.deepEqual(leak(name, value), { name, why: `holds what looks like ${what}` });
    });
  }

  for (const name of [
    "--db_password",
    "--dbPassword1",
    "--password_prod",
    "--PWD",
    "--api-key",
    "--apiKey",
    "--aws_secret_access_key",
    "--client_secret",
    "--authToken",
    "--credentials",
  ]) {
    it(`holds a secret by its name ${name}`, () => {
      assert.equal(leak(name, "Zq8!0aB7x")?.why, "is named like a secret and holds a value");
    });
  }

  for (const [name, value] of [
    ["--password_secret_arn", "arn:aws:secretsmanager:us-west-2:123456789012:secret:db"],
    ["--password_parameter", "Etl"],
    ["--secret_id", "OrdersDb"],
    ["--secret", "orders-etl-db"],
    ["--token", "{{resolve:secretsmanager:db}}"],
    ["--db_password", "prod/orders/db"],
    ["--use_password", "true"],
    ["--max_tokens", "4096"],
    ["--token_url", "https://login.example.com"],
    ["--secret_region", "us-west-2"],
    ["--partition_keys", "year,month,date"],
    ["--primary_key", "message_id"],
    ["--job-bookmark-option", "job-bookmark-enable"],
    ["--TempDir", "s3://assets/temp/"],
    ["ENCRYPTED_PASSWORD", "AQICAHh"],
    ["--sources", '[{"name":"ios","database":"segment_logs"}]'],
  ] as const) {
    it(`holds no secret: ${name} ${value}`, () => {
      assert.equal(leak(name, value), undefined);
    });
  }
});
