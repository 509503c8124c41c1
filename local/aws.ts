import { AthenaClient } from "@aws-sdk/client-athena";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { GlueClient } from "@aws-sdk/client-glue";
import { S3Client } from "@aws-sdk/client-s3";
import { credentials, Platform, region } from "./platform";

/** SDK clients that talk to the local platform and to nothing else. */
export function clients({ endpoint }: Platform) {
  const config = { endpoint, region, credentials, maxAttempts: 5 };
  return {
    athena: new AthenaClient(config),
    glue: new GlueClient(config),
    logs: new CloudWatchLogsClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
  };
}

export type Clients = ReturnType<typeof clients>;

/** Bucket and prefix of `s3://bucket/prefix`. */
export function splitS3Path(location: string): { Bucket: string; Prefix: string } {
  const { hostname, pathname } = new URL(location);
  return { Bucket: hostname, Prefix: pathname.slice(1) };
}
