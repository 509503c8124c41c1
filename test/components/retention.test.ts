import assert from "node:assert/strict";
import { DataLake, DataLakeArgs } from "../../components";
import { inputsOf, recordResources, resourcesOf } from "./recorder";

const args = { rawDatabaseName: "segment_logs", curatedDatabaseName: "mobile_analytics" };

describe("DataLake's retention", () => {
  before(() => recordResources());

  const lifecycleOf = async (purpose: string, retention: DataLakeArgs["retention"]) => {
    const made = await resourcesOf(() => new DataLake("lake", { ...args, retention }));
    const type = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
    const rules = inputsOf(made, type, `lake-${purpose}`)["rules"];
    return (rules as { id: string }[]).filter(({ id }) => id !== "tidy");
  };
  const enabled = (prefix: string, actions: object) => ({
    id: prefix || "all",
    status: "Enabled",
    filter: { prefix },
    ...actions,
  });

  it("keeps objects of a prefix as long as it is told", async () => {
    const retention = [
      { bucket: "raw", prefix: "segment-logs/", days: 400 },
      { bucket: "curated", prefix: "mobile_user/", days: 1000 },
    ];
    assert.deepEqual(await lifecycleOf("raw", retention), [
      enabled("segment-logs/", { expiration: { days: 400 } }),
    ]);
    assert.deepEqual(await lifecycleOf("curated", retention), [
      enabled("quarantine/", { expiration: { days: 30 } }),
      enabled("mobile_user/", { expiration: { days: 1000 } }),
    ]);
  });

  it("lets what is temporary be kept longer, each by itself", async () => {
    const retention = [
      { bucket: "curated", prefix: "quarantine/", days: 7 },
      { bucket: "results", transitionDays: 30, days: 90 },
    ];
    assert.deepEqual(await lifecycleOf("curated", retention), [
      enabled("quarantine/", { expiration: { days: 7 } }),
    ]);
    assert.deepEqual(await lifecycleOf("results", retention), [
      enabled("", {
        expiration: { days: 90 },
        transitions: [{ days: 30, storageClass: "STANDARD_IA" }],
      }),
    ]);
    assert.deepEqual(await lifecycleOf("logs", retention), [
      enabled("", { expiration: { days: 30 } }),
    ]);
  });

  it("moves objects to cheaper storage where it is asked to", async () => {
    const retention = [{ bucket: "raw", transitionDays: 90, storageClass: "GLACIER_IR" }];
    assert.deepEqual(await lifecycleOf("raw", retention), [
      enabled("", { transitions: [{ days: 90, storageClass: "GLACIER_IR" }] }),
    ]);
  });

  for (const [what, bad, message] of [
    [
      "an unknown bucket",
      { retention: [{ bucket: "gold", days: 1 }] },
      /`retention\[0\]\.bucket` is "gold"/,
    ],
    [
      "a lifecycle of an adopted bucket",
      { rawBucketName: "theirs", retention: [{ bucket: "raw", days: 1 }] },
      /`retention\[0\]\.bucket` .*a bucket that exists/,
    ],
    [
      "a prefix with no final slash",
      { retention: [{ bucket: "raw", prefix: "logs", days: 1 }] },
      /End it with a slash/,
    ],
    [
      "all of the curated bucket",
      { retention: [{ bucket: "curated", days: 1 }] },
      /`retention\[0\]\.prefix` isn't set/,
    ],
    [
      "the job's own folders",
      { retention: [{ bucket: "curated", prefix: "_ledger/", days: 1 }] },
      /is "_ledger\/"\. Name the folder of a dataset/,
    ],
    [
      "an entry that says nothing",
      { retention: [{ bucket: "raw" }] },
      /Set `days`, `transitionDays` or both/,
    ],
    ["no days", { retention: [{ bucket: "raw", days: 0 }] }, /from 1 to 36500/],
    [
      "a move that comes too early",
      { retention: [{ bucket: "raw", transitionDays: 7 }] },
      /`retention\[0\]\.transitionDays` is 7\. Set a whole number from 30/,
    ],
    [
      "a move that comes too late",
      { retention: [{ bucket: "raw", transitionDays: 60, days: 60 }] },
      /from 30 to 59/,
    ],
    [
      "storage that can't be read at once",
      { retention: [{ bucket: "raw", transitionDays: 60, storageClass: "DEEP_ARCHIVE" }] },
      /Set one of STANDARD_IA/,
    ],
    [
      "a storage class with no days",
      { retention: [{ bucket: "raw", days: 60, storageClass: "GLACIER_IR" }] },
      /`retention\[0\]\.storageClass` is set alone/,
    ],
    [
      "a place twice",
      {
        retention: [
          { bucket: "raw", days: 1 },
          { bucket: "raw", days: 2 },
        ],
      },
      /has "raw\/" twice/,
    ],
  ] as [string, Partial<DataLakeArgs>, RegExp][]) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(
        resourcesOf(() => new DataLake("lake", { ...args, ...bad })),
        message,
      );
    });
  }
});
