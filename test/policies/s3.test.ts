import assert from "node:assert/strict";
import { goodStack } from "./good";
import { tlsOnly } from "./good/s3";
import { tags } from "./good/tags";
import { changedProps, describeRules, type RuleCase } from "./pack/cases";
import { type Described, PackHost, unknown } from "./pack/packHost";
import { sharedPack, withPack } from "./pack/sharedPack";

const resource = "lake-data";
const statement = (change: object) => tlsOnly(resource, change);
const when = (operator: string, key: string, value: unknown) =>
  statement({ Condition: { [operator]: { [key]: value } } });

/** A setting that points to a bucket of elsewhere, and so leaves the stack's own without it. */
const missing = (rule: string, suffix: string, says: RegExp): RuleCase => ({
  rule,
  resource,
  changes: `${resource}-${suffix}`,
  field: "bucket",
  bad: ["elsewhere"],
  says,
});

describe("policies for S3", () => {
  describeRules(
    ["s3-public", "s3-encryption", "s3-tls", "s3-versioning", "s3-lifecycle", "s3-access"],
    [
      missing("s3-public-access-block", "block", /has no public access block\. .*all four/),
      missing("s3-encryption", "encryption", /has no encryption set\. .*to AES256 or aws:kms/),
      missing("s3-tls-only", "policy", /has no policy.*plain HTTP\. .*deny `s3:\*`/),
      missing("s3-versioning", "versioning", /has no versioning\. .*to Enabled/),
      missing("s3-lifecycle", "lifecycle", /has no lifecycle rules\. .*set rules/),
      missing("s3-access-logs", "logging", /has no access logs\. .*`targetBucket`/),
      ...["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"].map(
        (field): RuleCase => ({
          rule: "s3-public-access-block",
          resource,
          changes: "lake-data-block",
          field,
          bad: [false, undefined],
          says: new RegExp(`has \`${field}\` (false|left out) \\(see \`lake-data-block\`\\)`),
        }),
      ),
      {
        rule: "s3-encryption",
        resource,
        changes: "lake-data-encryption",
        field: "rules.0.applyServerSideEncryptionByDefault.sseAlgorithm",
        bad: [undefined, "ROT13"],
        good: ["aws:kms", "aws:kms:dsse"],
        says: /(has no `sseAlgorithm`|is encrypted by ROT13) \(see `lake-data-encryption`\)/,
      },
      {
        rule: "s3-tls-only",
        resource,
        changes: "lake-data-policy",
        field: "policy",
        bad: [
          "not JSON",
          statement({ Effect: "Allow" }),
          statement({ Principal: { AWS: "arn:aws:iam::123456789012:root" } }),
          statement({ Principal: undefined, NotPrincipal: "*" }),
          statement({ Action: "s3:GetObject" }),
          statement({ Resource: `arn:aws:s3:::${resource}/*` }),
          statement({ Resource: `arn:aws:s3:::${resource}` }),
          statement({ Resource: [`arn:aws:s3:::${resource}`, `arn:aws:s3:::${resource}/raw/*`] }),
          statement({ Condition: undefined }),
          when("Bool", "aws:SecureTransport", "true"),
          when("StringEquals", "aws:SourceVpc", "false"),
          when("NumericLessThan", "s3:TlsVersion", "1.0"),
          when("NumericGreaterThan", "s3:TlsVersion", "1.2"),
          statement({
            Condition: {
              Bool: { "aws:SecureTransport": "false" },
              StringEquals: { "aws:SourceVpc": "vpc-1" },
            },
          }),
        ],
        good: [
          when("Bool", "AWS:securetransport", false),
          when("NumericLessThan", "s3:TlsVersion", 1.2),
          statement({ Principal: { AWS: ["*"] }, Action: ["s3:*"] }),
          statement({ Resource: `arn:aws:s3:::${resource}*` }),
          statement({ Resource: "*" }),
        ],
        says: /has a policy that doesn't refuse plain HTTP.*\(see `lake-data-policy`\)/,
      },
      {
        rule: "s3-versioning",
        resource,
        changes: "lake-data-versioning",
        field: "versioningConfiguration.status",
        bad: [undefined, "Suspended", "Disabled"],
        says: /has versioning (off|Suspended|Disabled) \(see `lake-data-versioning`\)/,
      },
      ...[
        ["status", ["Disabled"], []],
        ["abortIncompleteMultipartUpload", [undefined, { daysAfterInitiation: 0 }], []],
        ["filter", [{ prefix: "raw/" }, { tag: { key: "a", value: "b" } }], [undefined, {}]],
      ].map(([field, bad = [], good = []]): RuleCase => ({
        rule: "s3-lifecycle",
        resource,
        changes: "lake-data-lifecycle",
        field: `rules.0.${String(field)}`,
        bad: [...bad],
        good: [...good],
        says: /has no lifecycle rule that aborts unfinished uploads of all objects/,
      })),
      {
        rule: "s3-lifecycle",
        resource,
        changes: "lake-data-lifecycle",
        field: "rules.0.noncurrentVersionExpiration",
        bad: [undefined],
        says: /has no lifecycle rule that deletes or moves anything/,
      },
    ],
  );

  let host: PackHost;
  before(async () => (host = await sharedPack()));

  const bucketType = "aws:s3/bucket:Bucket";
  const bucket = (props: object, type = bucketType, name = "old"): Described => ({
    type,
    name,
    props: { tags, ...props },
  });
  const rulesOf = async (resources: readonly Described[], of = host) =>
    (await of.analyzeWhole(resources)).map(({ rule, urn }) => `${rule} ${urn.split("::").at(-1)}`);
  const judged = async (...resources: Described[]) => {
    for (const one of resources.filter(({ adopted }) => !adopted)) await host.analyze(one);
    const found = await rulesOf(resources);
    return found.filter((one) => one.startsWith("s3-")).sort();
  };
  const all = (name: string) =>
    [
      "s3-access-logs",
      "s3-encryption",
      "s3-lifecycle",
      "s3-public-access-block",
      "s3-tls-only",
      "s3-versioning",
    ].map((rule) => `${rule} ${name}`);
  const without = (...rules: string[]) =>
    all("old").filter((one) => !rules.some((rule) => one.startsWith(rule)));

  it("find one thing a rule on a bucket without settings, of either type", async () => {
    assert.deepEqual(await judged(bucket({})), all("old"));
    assert.deepEqual(await judged(bucket({}, "aws:s3/bucketV2:BucketV2")), all("old"));
  });

  it("leave adopted buckets alone", async () => {
    assert.deepEqual(await judged({ ...bucket({}, bucketType, "adopted"), adopted: true }), []);
  });

  it("take what the provider reads after it has made a bucket for not set", async () => {
    const preview = {
      serverSideEncryptionConfiguration: unknown,
      versioning: unknown,
      lifecycleRules: unknown,
      logging: unknown,
      policy: unknown,
    };
    const rule = { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } };
    const update = {
      serverSideEncryptionConfiguration: { rule },
      versioning: { enabled: true },
      policy: "",
    };
    for (const outputs of [preview, update]) {
      assert.deepEqual(await judged({ ...bucket({}), outputs }), all("old"));
    }
  });

  it("keep silent while a setting that the program gives isn't known", async () => {
    const given = {
      ...bucket({ versioning: unknown, policy: unknown, logging: unknown }),
      dependencies: { versioning: ["role"], policy: ["role"], logging: ["role"] },
    };
    const role = { type: "aws:iam/role:Role", name: "role", props: {} };
    assert.deepEqual(
      await judged(given, role),
      // The log's target isn't known: it may be any bucket.
      without("s3-versioning", "s3-tls-only", "s3-access-logs"),
    );
  });

  it("keep silent while it isn't known which bucket a setting is for", async () => {
    const versioning = {
      type: "aws:s3/bucketVersioning:BucketVersioning",
      name: "for-some",
      props: { bucket: unknown, versioningConfiguration: { status: "Enabled" } },
    };
    assert.deepEqual(await judged(bucket({}), versioning), without("s3-versioning"));
  });

  it("keep silent while it isn't known which bucket holds access logs", async () => {
    const logging = {
      type: "aws:s3/bucketLogging:BucketLogging",
      name: "of-some",
      props: { bucket: "elsewhere", targetBucket: unknown },
    };
    assert.deepEqual(await judged(bucket({}), logging), without("s3-access-logs"));
  });

  it("accept the resources of older providers", async () => {
    const older = goodStack.map((one) => {
      const [, name] =
        /^aws:s3\/(bucket(?:|Versioning|Logging|Server.*|Life.*)):/.exec(one.type) ?? [];
      return name
        ? { ...one, type: one.type.replace(/^(aws:s3\/)(\w+):(\w+)$/, "$1$2V2:$3V2") }
        : one;
    });
    assert.notDeepEqual(older, goodStack);
    assert.deepEqual(await judged(...older.filter(({ type }) => type.startsWith("aws:s3/"))), []);
  });

  describe("accept the settings of older bucket types", () => {
    const rule = (change: object) => ({
      enabled: true,
      abortIncompleteMultipartUploadDays: 7,
      noncurrentVersionExpiration: { days: 30 },
      ...change,
    });
    const sse = { sseAlgorithm: "AES256" };
    const target = { targetBucket: "logs-of-elsewhere" };
    const good: Record<string, object> = {
      "s3-encryption": {
        serverSideEncryptionConfiguration: { rule: { applyServerSideEncryptionByDefault: sse } },
      },
      "s3-versioning": { versioning: { enabled: true } },
      "s3-lifecycle": { lifecycleRules: [rule({})] },
      "s3-access-logs": { logging: target },
      "s3-tls-only": { policy: tlsOnly("old") },
    };
    const goodV2: Record<string, object> = {
      "s3-encryption": {
        serverSideEncryptionConfigurations: [
          { rules: [{ applyServerSideEncryptionByDefaults: [sse] }] },
        ],
      },
      "s3-versioning": { versionings: [{ enabled: true }] },
      "s3-lifecycle": {
        lifecycleRules: [
          rule({ noncurrentVersionExpiration: undefined, expirations: [{ days: 9 }] }),
        ],
      },
      "s3-access-logs": { loggings: [target] },
    };
    for (const [name, props] of Object.entries(good)) {
      it(name, async () => assert.deepEqual(await judged(bucket(props)), without(name)));
    }
    for (const [name, props] of Object.entries(goodV2)) {
      it(`${name}, of BucketV2`, async () => {
        const judgedV2 = await judged(bucket(props, "aws:s3/bucketV2:BucketV2"));
        assert.deepEqual(judgedV2, without(name));
      });
    }

    const bad: Record<string, object> = {
      "versioning that is off": { versioning: { enabled: false } },
      "a disabled lifecycle rule": { lifecycleRules: [rule({ enabled: false })] },
      "a lifecycle rule for a folder": { lifecycleRules: [rule({ prefix: "tmp/" })] },
      "lifecycle rules that abort nothing": {
        lifecycleRules: [rule({ abortIncompleteMultipartUploadDays: 0 })],
      },
      "lifecycle rules that expire nothing": {
        lifecycleRules: [rule({ noncurrentVersionExpiration: undefined })],
      },
      "a policy without a deny": { policy: tlsOnly("old", { Effect: "Allow" }) },
      "empty settings": { logging: {}, versioning: {}, lifecycleRules: [], policy: "" },
    };
    for (const [what, props] of Object.entries(bad)) {
      it(`but not ${what}`, async () => {
        assert.deepEqual(await judged(bucket(props)), all("old"));
      });
    }
  });

  it("ask no access logs of the bucket that an older type logs to", async () => {
    const props = { bucket: "old", logging: { targetBucket: "logs-of-old" } };
    const target = bucket({ bucket: "logs-of-old" }, bucketType, "target");
    const found = await judged(bucket(props), target);
    assert.deepEqual(
      found.filter((one) => one.startsWith("s3-access-logs")),
      [],
    );
  });

  it("accept the transitions and dates of lifecycle rules", async () => {
    for (const change of [
      { expiration: { days: 1 } },
      { expiration: { date: "2030-01-01" } },
      { transitions: [{ days: 30, storageClass: "GLACIER" }] },
      { noncurrentVersionTransitions: [{ noncurrentDays: 30, storageClass: "GLACIER" }] },
    ]) {
      const stack = goodStack.map((one) => {
        if (one.name !== "lake-data-lifecycle") return one;
        const bare = changedProps(one.props, "rules.0.noncurrentVersionExpiration", undefined);
        const [[field, value] = assert.fail()] = Object.entries(change);
        return { ...one, props: changedProps(bare, `rules.0.${field}`, value) };
      });
      assert.deepEqual(await judged(...stack), [], JSON.stringify(change));
    }
  });

  it("go by the encryption that config asks for", async () => {
    const found = await withPack((strict) => strict.analyzeStack(goodStack), {
      "s3-encryption": { algorithms: ["aws:kms"] },
    });
    assert.deepEqual(
      found.map(({ rule, message }) => [
        rule,
        / is encrypted by AES256 .* to aws:kms\./.test(message),
      ]),
      [
        ["s3-encryption", true],
        ["s3-encryption", true],
      ],
    );
  });

  describe("in production", () => {
    describeRules(
      ["s3-force-destroy"],
      [
        {
          rule: "s3-force-destroy",
          resource,
          field: "forceDestroy",
          bad: [true],
          good: [undefined],
          says: /`forceDestroy` is true in production\. .*set false/,
        },
      ],
      "prod",
    );
  });

  describe("refuse to delete buckets with their objects", () => {
    const forced = bucket({ forceDestroy: true });
    const judge = (resources: Described[], stack: string, config = {}) =>
      withPack(
        async (own) => {
          const found = await Promise.all(resources.map((one) => own.analyze(one)));
          return found.flat().map(({ message }) => message);
        },
        config,
        stack,
      );

    it("in production", async () => {
      const harmless = [{ forceDestroy: false }, {}, { forceDestroy: unknown }];
      const older = { ...forced, type: "aws:s3/bucketV2:BucketV2" };
      const resources = [forced, older, ...harmless.map((props) => bucket(props))];
      const messages = await judge(resources, "prod");
      const message = "old: `forceDestroy` is true in production. To fix it, set false.";
      assert.deepEqual(messages, [message, message]);
    });

    it("but not elsewhere", async () => {
      assert.deepEqual(await host.analyze(forced), []);
    });

    it("in the stacks that config calls production", async () => {
      const config = { "s3-force-destroy": { productionStacks: ["live"] } };
      assert.equal((await judge([forced], "live", config)).length, 1);
      assert.equal((await judge([forced], "prod", config)).length, 0);
    });
  });
});
