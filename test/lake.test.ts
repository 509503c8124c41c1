import assert from "node:assert/strict";
import { inputsOf, Recorded } from "./components/recorder";
import { stack } from "./stack";

/** What `index.ts` makes of the config of data, views and queries. */
describe("the stack's data", () => {
  const lifecycleOf = (made: Recorded[], bucket: string) => {
    const type = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
    const rules = inputsOf(made, type, `mobile-user-${bucket}`)["rules"] as Record<
      string,
      unknown
    >[];
    return Object.fromEntries(rules.map(({ id, expiration }) => [id, expiration]));
  };
  const markers = { expiredObjectDeleteMarker: true };

  it("are kept for ever, but for what is temporary", async () => {
    const made = await stack();
    assert.deepEqual(lifecycleOf(made, "raw"), { tidy: markers });
    assert.deepEqual(lifecycleOf(made, "curated"), { tidy: markers, "quarantine/": { days: 30 } });
    assert.deepEqual(lifecycleOf(made, "results"), { tidy: undefined, all: { days: 30 } });
  });

  it("are kept as long as config says", async () => {
    const retentionDays = { raw: 400, curated: 800, quarantine: 7, results: 3, temporary: 14 };
    const made = await stack({ retentionDays });
    assert.deepEqual(lifecycleOf(made, "raw"), {
      tidy: markers,
      "segment-logs/": { days: 400 },
    });
    assert.deepEqual(lifecycleOf(made, "curated"), {
      tidy: markers,
      "quarantine/": { days: 7 },
      "mobile_user/": { days: 800 },
    });
    assert.deepEqual(lifecycleOf(made, "results"), { tidy: undefined, all: { days: 3 } });
    assert.deepEqual(lifecycleOf(made, "logs"), { tidy: undefined, all: { days: 14 } });
  });

  it("can't be deleted while config protects them", async () => {
    await assert.rejects(
      stack({ protect: "true", forceDestroy: "true" }),
      /`forceDestroy` is true beside `protect`/,
    );
  });

  it("refuses days in config that can't be", async () => {
    await assert.rejects(
      stack({ retentionDays: { raw: 0 } }),
      /glue-etl:retentionDays .*>=1.*raw/s,
    );
    await assert.rejects(stack({ retentionDays: { rawData: 1 } }), /rawData/);
  });

  it("leaves the account's catalog alone, unless config says otherwise", async () => {
    const passwords = async (config: object) =>
      (await stack({ ...config }))
        .filter(({ type }) => /dataCatalogEncryption/.test(type))
        .map(({ inputs }) =>
          /"returnConnectionPasswordEncrypted":true/.test(JSON.stringify(inputs)),
        );
    const encryptCatalog = "true";
    assert.deepEqual(await passwords({}), []);
    assert.deepEqual(await passwords({ encryptCatalog }), [false]);
    assert.deepEqual(await passwords({ encryptCatalog, encryptConnectionPasswords: "true" }), [
      true,
    ]);
  });

  const sqlOf = (made: Recorded[]): string => {
    const view = inputsOf(
      made,
      "aws:glue/catalogTable:CatalogTable",
      "mobile-analytics-daily_active_users",
    );
    const encoded = String(view["viewOriginalText"]).split(" ")[3] ?? "";
    return JSON.parse(Buffer.from(encoded, "base64").toString()).originalSql;
  };

  it("has a view of daily active users, over columns with types", async () => {
    assert.match(sqlOf(await stack()), /FROM mobile_user\n/);
    assert.match(sqlOf(await stack({ outputFormat: "csv" })), /FROM mobile_user_typed\n/);
  });

  it("saves the three standard questions", async () => {
    const made = await stack();
    const queries = made.filter(({ type }) => type === "aws:athena/namedQuery:NamedQuery");
    assert.deepEqual(queries.map(({ inputs }) => inputs["name"]).sort(), [
      "daily-active-users",
      "events-by-type",
      "purchase-funnel",
    ]);
  });
});
