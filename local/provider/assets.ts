import { unzipSync, type Zippable, zipSync } from "fflate";
import * as fs from "node:fs";
import * as path from "node:path";
import { archiveSignature, isAsset, isRecord, type Properties, signatureKey } from "./values";

/** Files of an archive by their path in it. */
type Files = Record<string, Uint8Array>;

/**
 * The bytes of an asset or archive that a program hands over. An archive of the same files gives
 * the same bytes, whenever and wherever it is packed.
 * @throws Error for assets behind a URL and for archives other than folders and zip files.
 */
export function assetBytes(asset: Properties): Uint8Array {
  if (asset[signatureKey] !== archiveSignature) {
    return fileBytes(asset);
  }
  if (typeof asset.path === "string" && fs.statSync(asset.path).isFile()) {
    requireZip(asset.path);
    return fs.readFileSync(asset.path);
  }
  return packed(archiveFiles(asset, ""));
}

function fileBytes(asset: Properties): Uint8Array {
  if (typeof asset.path === "string" && asset.path !== "") {
    return fs.readFileSync(asset.path);
  }
  if (typeof asset.uri === "string" && asset.uri !== "") {
    throw new Error(`the local provider reads no remote assets: ${asset.uri}`);
  }
  return Buffer.from(typeof asset.text === "string" ? asset.text : "", "utf8");
}

function archiveFiles(archive: Properties, prefix: string): Files {
  if (typeof archive.path === "string" && archive.path !== "") {
    return fs.statSync(archive.path).isDirectory()
      ? folderFiles(archive.path, prefix)
      : zipFiles(archive.path, prefix);
  }
  if (!isRecord(archive.assets)) {
    throw new Error("the local provider reads no remote archives");
  }
  return Object.entries(archive.assets).reduce<Files>((files, [name, entry]) => {
    if (!isAsset(entry)) {
      throw new Error(`archive entry ${name} is neither an asset nor an archive`);
    }
    const inner =
      entry[signatureKey] === archiveSignature
        ? archiveFiles(entry, `${prefix}${name}/`)
        : { [prefix + name]: fileBytes(entry) };
    return { ...files, ...inner };
  }, {});
}

function folderFiles(folder: string, prefix: string): Files {
  const files = fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  return Object.fromEntries(
    files.map((file) => [
      prefix + path.relative(folder, file).split(path.sep).join("/"),
      fs.readFileSync(file),
    ]),
  );
}

function zipFiles(file: string, prefix: string): Files {
  requireZip(file);
  const entries = Object.entries(unzipSync(fs.readFileSync(file)));
  return Object.fromEntries(entries.map(([name, bytes]) => [prefix + name, bytes]));
}

function requireZip(file: string): void {
  if (!file.endsWith(".zip") && !file.endsWith(".jar")) {
    throw new Error(`the local provider packs folders and zip files, not ${file}`);
  }
}

function packed(files: Files): Uint8Array {
  const names = Object.keys(files).sort();
  const entries: Zippable = Object.fromEntries(
    names.map((name) => [name, files[name] ?? new Uint8Array()]),
  );
  // The zip format's first day, in local time as the format has it.
  return zipSync(entries, { mtime: new Date(1980, 0, 1), level: 6 });
}
