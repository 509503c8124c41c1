import { unzipSync } from "fflate";
import * as assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { assetBytes } from "../../../local/provider/assets";
import { archiveSignature, assetSignature, signatureKey } from "../../../local/provider/values";

const text = (content: string) => ({ [signatureKey]: assetSignature, text: content });
const file = (name: string) => ({ [signatureKey]: assetSignature, path: name });
const archive = (assets: object) => ({ [signatureKey]: archiveSignature, assets });
const folderArchive = (name: string) => ({ [signatureKey]: archiveSignature, path: name });
const decoded = (bytes: Uint8Array) => Buffer.from(bytes).toString("utf8");
const entries = (bytes: Uint8Array) =>
  Object.fromEntries(Object.entries(unzipSync(bytes)).map(([name, data]) => [name, decoded(data)]));

describe("the bytes of assets and archives", () => {
  let folder: string;

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "assets-test-"));
    fs.mkdirSync(path.join(folder, "package/inner"), { recursive: true });
    fs.writeFileSync(path.join(folder, "package/b.py"), "b");
    fs.writeFileSync(path.join(folder, "package/inner/a.py"), "a");
  });

  afterEach(() => {
    fs.rmSync(folder, { recursive: true });
  });

  it("texts and files", () => {
    assert.equal(decoded(assetBytes(text("größe"))), "größe");
    assert.equal(decoded(assetBytes(text(""))), "");
    assert.equal(decoded(assetBytes(file(path.join(folder, "package/b.py")))), "b");
  });

  it("archives of assets, folders, zip files and archives", () => {
    const inner = archive({ "x.py": text("x") });
    const whole = folderArchive(path.join(folder, "package"));
    const packed = assetBytes(archive({ "main.py": text("main"), lib: whole, more: inner }));
    assert.deepEqual(entries(packed), {
      "lib/b.py": "b",
      "lib/inner/a.py": "a",
      "main.py": "main",
      "more/x.py": "x",
    });
    const zip = path.join(folder, "code.zip");
    fs.writeFileSync(zip, packed);
    assert.deepEqual(assetBytes(folderArchive(zip)), fs.readFileSync(zip));
    assert.equal(entries(assetBytes(archive({ all: folderArchive(zip) })))["all/main.py"], "main");
  });

  it("the same files give the same bytes, whenever and in whatever order", () => {
    const digest = (asset: Record<string, unknown>) =>
      createHash("sha256").update(assetBytes(asset)).digest("hex");
    const first = digest(archive({ "a.py": text("a"), "b.py": text("b") }));
    assert.equal(digest(archive({ "b.py": text("b"), "a.py": text("a") })), first);
    assert.notEqual(digest(archive({ "b.py": text("b"), "a.py": text("c") })), first);
    const folderDigest = digest(folderArchive(path.join(folder, "package")));
    const later = new Date(Date.now() + 86_400_000);
    fs.utimesSync(path.join(folder, "package/b.py"), later, later);
    assert.equal(digest(folderArchive(path.join(folder, "package"))), folderDigest);
    const fixed = "06e33660d2f0d65c";
    assert.equal(first.slice(0, 16), fixed, "the bytes depend on time zone, version or machine");
  });

  it("refuses what it can't read", () => {
    const remote = { [signatureKey]: assetSignature, uri: "https://example.com/a" };
    assert.throws(() => assetBytes(remote), /no remote assets: https:\/\/example\.com\/a/);
    const tar = path.join(folder, "code.tar");
    fs.writeFileSync(tar, "");
    assert.throws(() => assetBytes(folderArchive(tar)), /folders and zip files, not .*code\.tar/);
    assert.throws(() => assetBytes(file(path.join(folder, "missing"))), /ENOENT/);
  });
});
