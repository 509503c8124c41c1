import * as pulumi from "@pulumi/pulumi";
import { Statement } from "../../components/access/policyDocuments";

/** Where a stack is deployed, and what may be given to the roles that it makes. */
export interface Target {
  /** Name of the stack: what it names itself ends with it, but for `prod`. */
  stack: string;
  region: pulumi.Input<string>;
  accountId: pulumi.Input<string>;
  /** Boundary that every role must have which the stack makes. */
  boundaryArn: pulumi.Input<string>;
}

/**
 * What deploying the stack takes, resource by resource, as the AWS provider calls for it: a policy each.
 * `*` stands alone only where the Service Authorization Reference names no resource for an action.
 * `test/deploy` holds it against a table of the provider's calls.
 */
export function deployPolicies(target: Target): Record<string, Statement[]> {
  return {
    catalog: glueStatements(target),
    storage: storageStatements(target),
    roles: roleStatements(target),
    notices: noticeStatements(target),
    reactions: reactionStatements(target),
  };
}

const arn =
  ({ region, accountId }: Target) =>
  (service: string, resource: string) =>
    pulumi.interpolate`arn:aws:${service}:${region}:${accountId}:${resource}`;

/** The names that a stack gives, as a pattern. */
const named = ({ stack }: Target) => (stack === "prod" ? "*" : `*-${stack}`);

/** The names of its databases, which have `_` in place of `-`. */
const databases = (target: Target) => named(target).replaceAll("-", "_");

function glueStatements(target: Target): Statement[] {
  const of = arn(target);
  const names = named(target);
  const tags = ["glue:GetTags", "glue:TagResource", "glue:UntagResource"];
  const manage = (kind: string, ...more: string[]): Statement => ({
    Sid: `Glue${kind}s`,
    Action: [
      ...["Create", "Get", "Update", "Delete"].map((verb) => `glue:${verb}${kind}`),
      ...more.map((action) => `glue:${action}`),
      ...tags,
    ],
    Resource: of("glue", `${kind.toLowerCase()}/${names}`),
  });
  return [
    manage("Job"),
    manage("Trigger", "StartTrigger", "StopTrigger"),
    manage("Workflow"),
    {
      Sid: "GlueDatabases",
      Action: [
        ...["Create", "Get", "Update", "Delete"].map((verb) => `glue:${verb}Database`),
        ...tags,
      ],
      Resource: [of("glue", "catalog"), of("glue", `database/${databases(target)}`)],
    },
    {
      // It deletes what is in the database as well, and is checked by all of that.
      Sid: "GlueDatabasesWithAll",
      Action: ["glue:DeleteDatabase"],
      Resource: ["table", "userDefinedFunction"].map((kind) =>
        of("glue", `${kind}/${databases(target)}/*`),
      ),
    },
    {
      // The table of quarantined records, and views; the provider reads partition indexes, too.
      Sid: "GlueTables",
      Action: [
        ...["Create", "Get", "Update", "Delete"].map((verb) => `glue:${verb}Table`),
        "glue:GetPartitionIndexes",
      ],
      Resource: [
        of("glue", "catalog"),
        of("glue", `database/${databases(target)}`),
        of("glue", `table/${databases(target)}/*`),
      ],
    },
    {
      Sid: "GlueCrawlers",
      Action: ["Get", "Update", "Delete"].map((verb) => `glue:${verb}Crawler`).concat(tags),
      Resource: of("glue", `crawler/${names}`),
    },
    {
      Sid: "GlueWithoutResource",
      Action: [
        "glue:CreateCrawler",
        "glue:CreateSecurityConfiguration",
        "glue:GetSecurityConfiguration",
        "glue:DeleteSecurityConfiguration",
      ],
      Resource: "*",
    },
    {
      Sid: "AthenaWorkGroups",
      Action: [
        ...["Create", "Get", "Update", "Delete"].map((verb) => `athena:${verb}WorkGroup`),
        ...["Create", "Get", "Delete"].map((verb) => `athena:${verb}NamedQuery`),
        "athena:ListTagsForResource",
        "athena:TagResource",
        "athena:UntagResource",
      ],
      Resource: of("athena", `workgroup/${names}`),
    },
  ];
}

function storageStatements(target: Target): Statement[] {
  const of = arn(target);
  return [
    {
      Sid: "Buckets",
      Action: [
        ...["CreateBucket", "DeleteBucket", "ListBucket", "ListBucketVersions"],
        ...["GetBucketAcl", "GetBucketCORS", "GetBucketWebsite"],
        ...["GetBucketObjectLockConfiguration", "GetBucketRequestPayment"],
        ...["GetAccelerateConfiguration", "GetReplicationConfiguration"],
        ...["ListTagsForResource", "TagResource", "UntagResource"],
        ...["GetBucketLogging", "PutBucketLogging", "GetBucketTagging", "PutBucketTagging"],
        ...["GetBucketPolicy", "PutBucketPolicy", "DeleteBucketPolicy"],
        ...["GetBucketPublicAccessBlock", "PutBucketPublicAccessBlock"],
        ...["GetBucketVersioning", "PutBucketVersioning"],
        ...["GetEncryptionConfiguration", "PutEncryptionConfiguration"],
        ...["GetLifecycleConfiguration", "PutLifecycleConfiguration"],
        ...["GetBucketNotification", "PutBucketNotification"],
      ].map((action) => `s3:${action}`),
      Resource: "arn:aws:s3:::mobile-user-*",
    },
    {
      Sid: "Objects",
      Action: [
        ...["GetObject", "PutObject", "DeleteObject", "DeleteObjectVersion"],
        ...["GetObjectTagging", "PutObjectTagging", "DeleteObjectTagging"],
        "AbortMultipartUpload",
      ].map((action) => `s3:${action}`),
      Resource: "arn:aws:s3:::mobile-user-*/*",
    },
    { Sid: "NewKeys", Action: ["kms:CreateKey", "kms:ListAliases"], Resource: "*" },
    {
      Sid: "Keys",
      Action: [
        ...["DescribeKey", "EnableKeyRotation", "GetKeyPolicy", "GetKeyRotationStatus"],
        ...["ListResourceTags", "PutKeyPolicy", "ScheduleKeyDeletion", "TagResource"],
        ...["UntagResource", "UpdateKeyDescription", "CreateAlias", "DeleteAlias", "UpdateAlias"],
        ...["Decrypt", "GenerateDataKey"],
      ].map((action) => `kms:${action}`),
      Resource: [of("kms", "key/*"), of("kms", "alias/mobile-user*")],
    },
  ];
}

/** The roles of a stack, by the end of their names, and the services that they are for. */
const services = {
  glue: ["crawler", "job"],
  states: ["states"],
  events: ["start"],
  chatbot: ["slack"],
};

/**
 * A role must carry the boundary to be made or changed, so that a deployment can neither make one that
 * may do more nor lay hands on another's.
 */
function roleStatements({ accountId, boundaryArn }: Target): Statement[] {
  const named = (kinds: string[]) =>
    kinds.map((kind) => pulumi.interpolate`arn:aws:iam::${accountId}:role/*-${kind}-*`);
  const roles = named(Object.values(services).flat());
  return [
    {
      Sid: "BoundedRoles",
      Action: [
        ...["CreateRole", "DeleteRole", "PutRolePolicy", "DeleteRolePolicy"],
        ...["UpdateAssumeRolePolicy", "UpdateRole", "UpdateRoleDescription"],
        "PutRolePermissionsBoundary",
      ].map((action) => `iam:${action}`),
      Resource: roles,
      Condition: { StringEquals: { "iam:PermissionsBoundary": boundaryArn } },
    },
    {
      Sid: "Roles",
      Action: [
        ...["GetRole", "GetRolePolicy", "ListRolePolicies", "ListAttachedRolePolicies"],
        ...["ListInstanceProfilesForRole", "TagRole", "UntagRole"],
      ].map((action) => `iam:${action}`),
      Resource: roles,
    },
    ...Object.entries(services).map(([service, kinds]) => ({
      Sid: `RolesFor${service}`,
      Action: ["iam:PassRole"],
      Resource: named(kinds),
      Condition: { StringEquals: { "iam:PassedToService": `${service}.amazonaws.com` } },
    })),
  ];
}

function noticeStatements(target: Target): Statement[] {
  const of = arn(target);
  return [
    {
      Sid: "Topics",
      Action: [
        ...["CreateTopic", "DeleteTopic", "GetTopicAttributes", "SetTopicAttributes"],
        ...["ListTagsForResource", "TagResource", "UntagResource"],
        ...["Subscribe", "ListSubscriptionsByTopic"],
      ].map((action) => `sns:${action}`),
      Resource: of("sns", "mobile-user*"),
    },
    {
      Sid: "Subscriptions",
      Action: ["Get", "Set"]
        .map((verb) => `sns:${verb}SubscriptionAttributes`)
        .concat("sns:Unsubscribe"),
      Resource: "*",
    },
    {
      Sid: "NewSlackChannels",
      Action: [
        ...["CreateSlackChannelConfiguration", "DescribeSlackChannelConfigurations"],
        "ListTagsForResource",
      ].map((action) => `chatbot:${action}`),
      Resource: "*",
    },
    {
      Sid: "SlackChannels",
      Action: [
        ...["UpdateSlackChannelConfiguration", "DeleteSlackChannelConfiguration"],
        ...["TagResource", "UntagResource"],
      ].map((action) => `chatbot:${action}`),
      Resource: pulumi.interpolate`arn:aws:chatbot::${target.accountId}:chat-configuration/slack-channel/mobile-user-${target.stack}`,
    },
    {
      Sid: "Alarms",
      Action: [
        ...["PutMetricAlarm", "DeleteAlarms"],
        ...["ListTagsForResource", "TagResource", "UntagResource"],
      ].map((action) => `cloudwatch:${action}`),
      Resource: ["mobile-user*", "idle-compute*"].map((name) => of("cloudwatch", `alarm:${name}`)),
    },
    {
      // Checked by this very ARN, whatever the names that are asked for.
      Sid: "FindAlarms",
      Action: ["cloudwatch:DescribeAlarms"],
      Resource: of("cloudwatch", "alarm:*"),
    },
    {
      Sid: "Dashboards",
      Action: ["PutDashboard", "GetDashboard", "DeleteDashboards"].map(
        (action) => `cloudwatch:${action}`,
      ),
      Resource: pulumi.interpolate`arn:aws:cloudwatch::${target.accountId}:dashboard/mobile-user*`,
    },
    {
      Sid: "LogGroups",
      Action: [
        ...["CreateLogGroup", "DeleteLogGroup", "PutRetentionPolicy", "AssociateKmsKey"],
        ...["ListTagsForResource", "TagResource", "UntagResource"],
      ].map((action) => `logs:${action}`),
      Resource: ["/aws-glue/*", "/aws/vendedlogs/states/*"].map((name) =>
        of("logs", `log-group:${name}`),
      ),
    },
    { Sid: "FindLogGroups", Action: ["logs:DescribeLogGroups"], Resource: "*" },
  ];
}

function reactionStatements(target: Target): Statement[] {
  const of = arn(target);
  return [
    {
      Sid: "EventRules",
      Action: [
        ...["DescribeRule", "PutRule", "DeleteRule", "ListTargetsByRule", "PutTargets"],
        ...["RemoveTargets", "ListTagsForResource", "TagResource", "UntagResource"],
      ].map((action) => `events:${action}`),
      // Those of sources that are crawled by events are named after the source.
      Resource: ["mobile-user*", "idle-compute*", "*-created-*", "*-deleted-*", "*-odd-keys-*"].map(
        (name) => of("events", `rule/${name}`),
      ),
    },
    {
      Sid: "StateMachines",
      Action: [
        ...["CreateStateMachine", "DescribeStateMachine", "UpdateStateMachine"],
        ...["DeleteStateMachine", "ListStateMachineVersions"],
        ...["ListTagsForResource", "TagResource", "UntagResource"],
      ].map((action) => `states:${action}`),
      Resource: ["mobile-user*", "idle-compute*"].map((name) =>
        of("states", `stateMachine:${name}`),
      ),
    },
    {
      Sid: "Queues",
      Action: [
        ...["CreateQueue", "DeleteQueue", "GetQueueAttributes", "SetQueueAttributes"],
        ...["ListQueueTags", "TagQueue", "UntagQueue"],
      ].map((action) => `sqs:${action}`),
      Resource: of("sqs", "*-events-*"),
    },
  ];
}
