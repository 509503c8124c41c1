import type { ResourceType } from "../resource";
import { namedQuery, workgroup } from "./athena";
import { crawler } from "./glueCrawler";
import { catalogDatabase } from "./glueDatabase";
import { devEndpoint } from "./glueDevEndpoint";
import { job } from "./glueJob";
import { securityConfiguration } from "./glueSecurity";
import { trigger } from "./glueTrigger";
import { workflow } from "./glueWorkflow";
import { role, rolePolicy } from "./iam";
import { alias, key } from "./kms";
import { logGroup } from "./logs";
import { openIdConnectProvider } from "./openIdConnect";
import { bucket } from "./s3Bucket";
import {
  bucketEncryption,
  bucketPolicy,
  bucketPublicAccessBlock,
  bucketVersioning,
} from "./s3BucketSettings";
import { bucketLifecycle } from "./s3Lifecycle";
import { bucketObject } from "./s3Object";

/** The provider's table: what is known of each resource type, by its token. */
export const resourceTypes: ReadonlyMap<string, ResourceType> = new Map(
  [
    alias,
    bucket,
    bucketEncryption,
    bucketLifecycle,
    bucketObject,
    bucketPolicy,
    bucketPublicAccessBlock,
    bucketVersioning,
    catalogDatabase,
    crawler,
    devEndpoint,
    job,
    key,
    logGroup,
    namedQuery,
    openIdConnectProvider,
    role,
    rolePolicy,
    securityConfiguration,
    trigger,
    workflow,
    workgroup,
  ].map((type) => [type.token, type]),
);
