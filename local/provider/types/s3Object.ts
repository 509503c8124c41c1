import { ChecksumAlgorithm, ServerSideEncryption, StorageClass } from "@aws-sdk/client-s3";
import { fromApi } from "../api";
import { assetBytes } from "../assets";
import { type Aws, found } from "../aws";
import { equivalent } from "../diff";
import {
  asset,
  boolean,
  defaulted,
  type Inputs,
  map,
  named,
  oneOf,
  required,
  string,
} from "../fields";
import { defineResource, type Failure, regional, tagged } from "../resource";
import { tagList, tagMap } from "../tags";
import { anArn, notEmpty } from "../validators";
import type { Properties } from "../values";

const inputs = {
  ...regional,
  ...tagged,
  bucket: required(string({ forceNew: true, check: notEmpty })),
  key: named(string({ forceNew: true, check: notEmpty })),
  source: asset({ unread: true }),
  content: string({ unread: true }),
  contentBase64: string({ unread: true }),
  sourceHash: string({ unread: true }),
  etag: string({ computed: true }),
  contentType: string({ computed: true }),
  cacheControl: string(),
  contentDisposition: string(),
  contentEncoding: string(),
  contentLanguage: string(),
  metadata: map({ check: lowercaseKeys }),
  checksumAlgorithm: oneOf(Object.values(ChecksumAlgorithm), { unread: true }),
  storageClass: oneOf(Object.values(StorageClass), { computed: true }),
  serverSideEncryption: oneOf(Object.values(ServerSideEncryption), { computed: true }),
  kmsKeyId: string({ computed: true, check: anArn }),
  bucketKeyEnabled: boolean({ computed: true }),
  websiteRedirect: string(),
  forceDestroy: defaulted(boolean({ unread: true }), false),
};

function lowercaseKeys(metadata: Record<string, string>): string | undefined {
  const key = Object.keys(metadata).find((name) => name !== name.toLowerCase());
  return key === undefined ? undefined : `metadata keys must be lowercase: "${key}"`;
}

type ObjectInputs = Inputs<typeof inputs>;

/** What can change without the object being written again. */
const besides = new Set(["tags", "tagsAll", "forceDestroy"]);
const content = Object.keys(inputs).filter((name) => !besides.has(name));

function body(object: ObjectInputs): Uint8Array | string {
  if (object.source !== undefined) {
    return assetBytes(object.source);
  }
  return object.contentBase64 === undefined
    ? (object.content ?? "")
    : Buffer.from(object.contentBase64, "base64");
}

async function put(aws: Aws, object: ObjectInputs): Promise<void> {
  await aws.s3.putObject({
    Bucket: object.bucket,
    Key: object.key,
    Body: body(object),
    ContentType: object.contentType,
    CacheControl: object.cacheControl,
    ContentDisposition: object.contentDisposition,
    ContentEncoding: object.contentEncoding,
    ContentLanguage: object.contentLanguage,
    Metadata: object.metadata,
    ChecksumAlgorithm: object.checksumAlgorithm,
    StorageClass: object.storageClass,
    ServerSideEncryption:
      object.serverSideEncryption ?? (object.kmsKeyId ? ServerSideEncryption.aws_kms : undefined),
    SSEKMSKeyId: object.kmsKeyId,
    BucketKeyEnabled: object.bucketKeyEnabled,
    WebsiteRedirectLocation: object.websiteRedirect,
    Tagging: new URLSearchParams(object.tagsAll).toString() || undefined,
  });
}

/** The id is `bucket/key`; an import may write `s3://bucket/key`. */
function locate(id: string): { Bucket: string; Key: string } {
  const parts = /^(?:s3:\/\/)?([^/]+)\/(.+)$/.exec(id);
  if (parts?.[1] === undefined || parts[2] === undefined) {
    throw new Error(`the id of an object is <bucket>/<key>, not "${id}"`);
  }
  return { Bucket: parts[1], Key: parts[2] };
}

export const bucketObject = defineResource({
  token: "aws:s3/bucketObjectv2:BucketObjectv2",
  inputs,
  outputs: ["arn", "versionId"],
  unsupported: [
    "acl",
    "objectLockLegalHoldStatus",
    "objectLockMode",
    "objectLockRetainUntilDate",
    "overrideProvider",
  ],
  // The key is the resource's own name, without a random part.
  autoname: { property: "key", separator: "", randomLength: 0, unique: false },
  volatile: { versionId: content, etag: content },
  check(_object, isSet) {
    const bodies = (["source", "content", "contentBase64"] as const).filter(isSet);
    const failures: Failure[] = bodies
      .slice(1)
      .map((property) => ({ property, reason: `conflicts with ${String(bodies[0])}` }));
    if (isSet("etag") && isSet("kmsKeyId")) {
      failures.push({ property: "etag", reason: "conflicts with kmsKeyId" });
    }
    return failures;
  },
  async create(aws, object, created) {
    await put(aws, object);
    created(`${object.bucket}/${object.key}`);
  },
  async read(aws, id) {
    const place = locate(id);
    const head = await found(aws.s3.headObject(place));
    if (head === undefined) {
      return undefined;
    }
    const tagging = await aws.s3.getObjectTagging(place);
    return {
      ...fromApi(inputs, head),
      id: `${place.Bucket}/${place.Key}`,
      bucket: place.Bucket,
      key: place.Key,
      etag: head.ETag?.replaceAll('"', ""),
      storageClass: head.StorageClass ?? "STANDARD",
      kmsKeyId: head.SSEKMSKeyId,
      websiteRedirect: head.WebsiteRedirectLocation,
      versionId: head.VersionId,
      arn: `arn:${aws.partition}:s3:::${place.Bucket}/${place.Key}`,
      tagsAll: tagMap(tagging.TagSet),
    };
  },
  async update(aws, id, object, old) {
    if (isRewritten(object, old)) {
      await put(aws, object);
      return;
    }
    const { Bucket, Key } = locate(id);
    await aws.s3.putObjectTagging({ Bucket, Key, Tagging: { TagSet: tagList(object.tagsAll) } });
  },
  async delete(aws, id) {
    const { Bucket, Key } = locate(id);
    const page = await found(aws.s3.listObjectVersions({ Bucket, Prefix: Key }));
    const versions = [...(page?.Versions ?? []), ...(page?.DeleteMarkers ?? [])];
    for (const { Key: key, VersionId } of versions) {
      if (key === Key) {
        await aws.s3.deleteObject({ Bucket, Key, VersionId });
      }
    }
  },
});

function isRewritten(object: Properties, old: Properties): boolean {
  return Object.entries(inputs).some(
    ([name, field]) =>
      content.includes(name) &&
      !(field.computed && object[name] === undefined) &&
      !equivalent(field, old[name], object[name]),
  );
}
