import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

/** Where the code of a job lies in S3. */
export interface UploadedCode {
  /** `s3://` location of the script. */
  scriptLocation: pulumi.Output<string>;
  /** `s3://` location of the zipped package, for `--extra-py-files`. */
  packageLocation: pulumi.Output<string>;
  /** Prefix of the bucket that the job must be allowed to read. */
  prefix: string;
}

/**
 * Uploads a script and a package under keys that carry the hash of their content, so that a change
 * of code, and nothing else, is a diff of the job.
 */
export function uploadCode(
  name: string,
  args: {
    scriptPath: string;
    packagePath: string;
    bucketName: pulumi.Input<string>;
    tags?: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
  },
  opts: pulumi.CustomResourceOptions,
): UploadedCode {
  const prefix = `glue-jobs/${name}/`;
  const packageName = path.basename(args.packagePath);
  const files = pythonFiles(args.packagePath);
  const script = new aws.s3.BucketObjectv2(
    `${name}-script`,
    {
      bucket: args.bucketName,
      key: `${prefix}${contentHash(path.dirname(args.scriptPath), [args.scriptPath])}/${path.basename(args.scriptPath)}`,
      source: new pulumi.asset.FileAsset(args.scriptPath),
      contentType: "text/x-python",
      tags: args.tags,
    },
    opts,
  );
  const library = new aws.s3.BucketObjectv2(
    `${name}-package`,
    {
      bucket: args.bucketName,
      key: `${prefix}${contentHash(args.packagePath, files)}/${packageName}.zip`,
      source: new pulumi.asset.AssetArchive(
        Object.fromEntries(
          files.map((file) => [
            `${packageName}/${path.relative(args.packagePath, file)}`,
            new pulumi.asset.FileAsset(file),
          ]),
        ),
      ),
      contentType: "application/zip",
      tags: args.tags,
    },
    opts,
  );
  return {
    scriptLocation: pulumi.interpolate`s3://${script.bucket}/${script.key}`,
    packageLocation: pulumi.interpolate`s3://${library.bucket}/${library.key}`,
    prefix,
  };
}

/** The `.py` files below a folder, in order; caches and the like never count as code. */
export function pythonFiles(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".py"))
    .sort()
    .map((file) => path.join(folder, file));
}

/** First twelve hex digits of the SHA-256 over the contents and the paths below a folder. */
function contentHash(folder: string, files: string[]): string {
  const hash = createHash("sha256");
  for (const file of files) {
    const content = fs.readFileSync(file);
    hash.update(`${path.relative(folder, file)}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex").slice(0, 12);
}
