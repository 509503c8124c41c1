import type { ResourceType } from "../resource";
import { namedQuery, workgroup } from "./athena";
import { eventRule, eventTarget } from "./eventBridge";
import { crawler } from "./glueCrawler";
import { catalogDatabase } from "./glueDatabase";
import { devEndpoint } from "./glueDevEndpoint";
import { job } from "./glueJob";
import { securityConfiguration } from "./glueSecurity";
import { catalogTable } from "./glueTable";
import { trigger } from "./glueTrigger";
import { workflow } from "./glueWorkflow";
import { role, rolePolicy } from "./iam";
import { policy } from "./iamPolicy";
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
import { bucketLogging } from "./s3Logging";
import { bucketObject } from "./s3Object";
import { topic, topicPolicy } from "./sns";
import { topicSubscription } from "./snsSubscription";

/** The provider's table: what is known of each resource type, by its token. */
export const resourceTypes: ReadonlyMap<string, ResourceType> = new Map(
  [
    alias,
    bucket,
    bucketEncryption,
    bucketLifecycle,
    bucketLogging,
    bucketObject,
    bucketPolicy,
    bucketPublicAccessBlock,
    bucketVersioning,
    catalogDatabase,
    catalogTable,
    crawler,
    devEndpoint,
    eventRule,
    eventTarget,
    job,
    key,
    logGroup,
    namedQuery,
    openIdConnectProvider,
    policy,
    role,
    rolePolicy,
    securityConfiguration,
    topic,
    topicPolicy,
    topicSubscription,
    trigger,
    workflow,
    workgroup,
  ].map((type) => [type.token, type]),
);
