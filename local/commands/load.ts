import { paginateListObjectsV2, PutObjectCommand } from "@aws-sdk/client-s3";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { Clients, clients, splitS3Path } from "../aws";
import { deployedOutputs } from "../engine/outputs";
import { UserError } from "../errors";
import { interrupt } from "../interrupt";
import { projectRoot, stateDir } from "../paths";
import { Platform } from "../platform";
import { step } from "../progress";
import { run } from "../setup/processes";
import { pythonEnvironment } from "../setup/python";

/** What to load: an archive of the user's, or sample events by these settings. */
export interface LoadOptions {
  raw?: string;
  days: number;
  events: number;
  seed: number;
  endDate?: string;
}

/** Objects that a load has put, and those that were there already, byte for byte. */
export interface LoadResult {
  loaded: number;
  present: number;
}

/** A file of an archive, and the object that it becomes. */
export interface ArchiveFile {
  file: string;
  Bucket: string;
  Key: string;
}

/** Puts an archive where Segment would: `segment-logs/<source id>/<received-day>/<file>`. */
export async function load(platform: Platform, options: LoadOptions): Promise<LoadResult> {
  const outputs = deployedOutputs();
  if (options.raw !== undefined) return upload(platform, options.raw, outputs.sourcePaths);
  const archive = path.join(stateDir, "sample-events");
  fs.rmSync(archive, { recursive: true, force: true });
  await step("Making sample events", () => makeSample(archive, options));
  return upload(platform, archive, outputs.sourcePaths);
}

async function makeSample(archive: string, options: LoadOptions): Promise<void> {
  const endDate = options.endDate ? ["--end-date", options.endDate] : [];
  await run(
    await pythonEnvironment(),
    [
      ...["-m", "sample_data", "--out", archive, "--days", String(options.days)],
      ...["--events", String(options.events), "--seed", String(options.seed), ...endDate],
    ],
    { env: { ...process.env, PYTHONPATH: path.join(projectRoot, "local") } },
  );
}

async function upload(
  platform: Platform,
  archive: string,
  sourcePaths: Record<string, string>,
): Promise<LoadResult> {
  const files = archiveFiles(archive, sourcePaths);
  const { s3 } = clients(platform);
  return step(`Loading ${files.length} objects of raw events`, async (note) => {
    const present = await objectsBelow(s3, Object.values(sourcePaths));
    const result = { loaded: 0, present: 0 };
    await inParallel(8, files, async ({ file, Bucket, Key }) => {
      const Body = fs.readFileSync(file);
      const md5 = createHash("md5").update(Body).digest("hex");
      if (present.get(`${Bucket}/${Key}`) === md5) {
        result.present += 1;
        return;
      }
      await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
      result.loaded += 1;
      if (result.loaded % 100 === 0) note(`${result.loaded} of ${files.length}`);
    });
    note(
      result.loaded === 0
        ? `nothing new: all ${result.present} objects are there`
        : `${result.loaded} new, ${result.present} there already`,
    );
    return result;
  });
}

/**
 * The files of an archive, `<source name>/<received-day>/<file>`, with the keys they get. Names that
 * begin with `.` or `_` are left out: nothing that reads the lake sees them.
 * @param sourcePaths `s3://bucket/folder/` of each source.
 * @throws UserError if something doesn't lie where it must, which would be left out in silence.
 */
export function archiveFiles(archive: string, sourcePaths: Record<string, string>): ArchiveFile[] {
  if (!fs.existsSync(archive)) throw new UserError(`${archive} isn't there.`);
  const sources = fs.readdirSync(archive).filter(isSeen).sort();
  const unknown = sources.filter((name) => !(name in sourcePaths));
  if (sources.length === 0 || unknown.length > 0) {
    throw new UserError(
      `${archive} holds ${sources.length === 0 ? "nothing" : unknown.join(", ")}; its folders must be sources of the stack: ${Object.keys(sourcePaths).join(", ")}.`,
    );
  }
  return sources.flatMap((name) => {
    const { Bucket, Prefix } = splitS3Path(sourcePaths[name] ?? "");
    return filesBelow(path.join(archive, name)).map(({ file, key }) => {
      if (!/^\d+\/[^/]+$/.test(key)) {
        throw new UserError(
          `${file} isn't in a folder of a received day: move it to ${path.join(archive, name, "<received-day>")}, an epoch of the source's unit.`,
        );
      }
      return { file, Bucket, Key: Prefix + key };
    });
  });
}

function filesBelow(folder: string): { file: string; key: string }[] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((file) => ({ file, key: path.relative(folder, file).split(path.sep).join("/") }))
    .filter(({ key }) => key.split("/").every(isSeen))
    .sort((left, right) => (left.key < right.key ? -1 : 1));
}

const isSeen = (name: string): boolean => !/^[._]/.test(name);

async function objectsBelow(s3: Clients["s3"], locations: string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const location of locations) {
    const { Bucket, Prefix } = splitS3Path(location);
    for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix })) {
      for (const { Key, ETag } of page.Contents ?? []) {
        found.set(`${Bucket}/${Key}`, (ETag ?? "").replaceAll('"', ""));
      }
    }
  }
  return found;
}

async function inParallel<T>(
  workers: number,
  items: T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) {
      if (interrupt.aborted) throw new UserError("Interrupted.");
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: workers }, worker));
}
