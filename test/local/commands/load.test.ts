import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { archiveFiles } from "../../../local/commands/load";
import { UserError } from "../../../local/errors";

describe("an archive to load", () => {
  const sourcePaths = { ios: "s3://raw/segment-logs/ks1/", crm: "s3://raw/segment-logs/crm/" };
  let archive: string;

  beforeEach(() => {
    archive = fs.mkdtempSync(path.join(os.tmpdir(), "archive-"));
  });

  afterEach(() => fs.rmSync(archive, { recursive: true }));

  const put = (...names: string[]) => {
    for (const name of names) {
      const file = path.join(archive, name);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, name);
    }
  };
  const keys = () => archiveFiles(archive, sourcePaths).map(({ Bucket, Key }) => [Bucket, Key]);

  it("takes files of every format", () => {
    put("ios/1700006400000/b.gz", "ios/1700006400000/a.gz");
    put("crm/1700006400000/part-0.csv", "crm/1700092800000/0001.parquet");
    assert.deepEqual(keys(), [
      ["raw", "segment-logs/crm/1700006400000/part-0.csv"],
      ["raw", "segment-logs/crm/1700092800000/0001.parquet"],
      ["raw", "segment-logs/ks1/1700006400000/a.gz"],
      ["raw", "segment-logs/ks1/1700006400000/b.gz"],
    ]);
    const [first] = archiveFiles(archive, sourcePaths);
    assert.equal(fs.readFileSync(first?.file ?? "", "utf8"), "crm/1700006400000/part-0.csv");
  });

  it("leaves out what no reader of the lake would see", () => {
    put("ios/1700006400000/a.gz", "ios/1700006400000/.DS_Store", "ios/.DS_Store", ".DS_Store");
    put("ios/1700006400000/_SUCCESS", "ios/_tmp/1700006400000/x.gz");
    assert.deepEqual(keys(), [["raw", "segment-logs/ks1/1700006400000/a.gz"]]);
  });

  const refused: [string, string[], RegExp][] = [
    ["an unknown source", ["web/1700006400000/a.gz"], /holds web; .*ios, crm/],
    [
      "a file without a received day",
      ["ios/a.gz"],
      /ios.a\.gz isn't in a folder of a received day/,
    ],
    ["a day that is no epoch", ["ios/2026-01-01/a.gz"], /isn't in a folder of a received day/],
    ["a folder too many", ["ios/1700006400000/00/a.gz"], /isn't in a folder of a received day/],
    ["nothing", [], /holds nothing/],
  ];
  for (const [what, names, message] of refused) {
    it(`is refused with ${what}`, () => {
      put(...names);
      assert.throws(keys, (error) => error instanceof UserError && message.test(error.message));
    });
  }

  it("is refused where it isn't there", () => {
    assert.throws(() => archiveFiles(path.join(archive, "no"), sourcePaths), /no isn't there/);
  });
});
