import type { ResourceType } from "../resource";
import { namedQuery, workgroup } from "./athena";
import { dashboard, metricAlarm } from "./cloudWatch";
import { eventRule, eventTarget } from "./eventBridge";
import { catalogEncryption } from "./glueCatalogEncryption";
import { classifier } from "./glueClassifier";
import { crawler } from "./glueCrawler";
import { catalogDatabase } from "./glueDatabase";
import { devEndpoint } from "./glueDevEndpoint";
import { job } from "./glueJob";
import { partitionIndex } from "./gluePartitionIndex";
import { securityConfiguration } from "./glueSecurity";
import { catalogTable } from "./glueTable";
import { trigger } from "./glueTrigger";
import { workflow } from "./glueWorkflow";
import { role, rolePolicy } from "./iam";
import { rolePolicyAttachment } from "./iamAttachment";
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
import { bucketNotification } from "./s3Notification";
import { bucketObject } from "./s3Object";
import { topic, topicPolicy } from "./sns";
import { topicSubscription } from "./snsSubscription";
import { queue, queuePolicy } from "./sqs";
import { stateMachine } from "./stepFunctions";

/** The provider's table: what is known of each resource type, by its token. */
export const resourceTypes: ReadonlyMap<string, ResourceType> = new Map(
  [
    alias,
    bucket,
    bucketEncryption,
    bucketLifecycle,
    bucketLogging,
    bucketNotification,
    bucketObject,
    bucketPolicy,
    bucketPublicAccessBlock,
    bucketVersioning,
    catalogDatabase,
    catalogEncryption,
    catalogTable,
    classifier,
    crawler,
    dashboard,
    devEndpoint,
    eventRule,
    eventTarget,
    job,
    key,
    logGroup,
    metricAlarm,
    namedQuery,
    openIdConnectProvider,
    partitionIndex,
    policy,
    queue,
    queuePolicy,
    role,
    rolePolicy,
    rolePolicyAttachment,
    securityConfiguration,
    stateMachine,
    topic,
    topicPolicy,
    topicSubscription,
    trigger,
    workflow,
    workgroup,
  ].map((type) => [type.token, type]),
);
