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
 * What deploying the stack takes, resource by resource, as the AWS provider calls for it. `*` stands
 * alone only where the Service Authorization Reference names no resource for an action.
 */
export function deployStatements(target: Target): Statement[] {
  return [
    ...glueStatements(target),
    ...storageStatements(target),
    ...roleStatements(target),
    ...noticeStatements(target),
  ];
}

const arn =
  ({ region, accountId }: Target) =>
  (service: string, resource: string) =>
    pulumi.interpolate`arn:aws:${service}:${region}:${accountId}:${resource}`;

/** The names that a stack gives, as a pattern. */
const named = ({ stack }: Target, separator = "-") =>
  stack === "prod" ? "*" : `*${separator}${stack}`;

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
      Resource: [of("glue", "catalog"), of("glue", `database/${named(target, "_")}`)],
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
        of("glue", `database/${named(target, "_")}`),
        of("glue", `table/${named(target, "_")}/*`),
      ],
    },
    {
      Sid: "GlueCrawlers",
      Action: ["Get", "Update", "Delete", "Stop"].map((verb) => `glue:${verb}Crawler`).concat(tags),
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
        ...["Create", "Get", "Update", "Delete"].map((verb) => `athena:${verb}NamedQuery`),
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
        ...["GetBucketAcl", "GetBucketCORS", "GetBucketLocation", "GetBucketWebsite"],
        ...["GetBucketObjectLockConfiguration", "GetBucketRequestPayment"],
        ...["GetAccelerateConfiguration", "GetReplicationConfiguration"],
        ...["GetBucketNotification", "PutBucketNotification"],
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
        ...["GetObjectTagging", "PutObjectTagging"],
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
        ...["Decrypt", "GenerateDataKey", "CreateGrant"],
      ].map((action) => `kms:${action}`),
      Resource: [of("kms", "key/*"), of("kms", "alias/mobile-user*")],
    },
  ];
}

/** New roles must carry the boundary, so that a deployment can't make one that may do more. */
function roleStatements({ accountId, boundaryArn }: Target): Statement[] {
  const roles = ["crawler", "job", "states", "start"].map(
    (kind) => pulumi.interpolate`arn:aws:iam::${accountId}:role/*-${kind}-*`,
  );
  return [
    {
      Sid: "NewRoles",
      Action: ["iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"],
      Resource: roles,
      Condition: { StringEquals: { "iam:PermissionsBoundary": boundaryArn } },
    },
    {
      Sid: "Roles",
      Action: [
        ...["GetRole", "GetRolePolicy", "ListRolePolicies", "ListAttachedRolePolicies"],
        ...["ListInstanceProfilesForRole", "DeleteRole", "DeleteRolePolicy", "TagRole"],
        ...["UntagRole", "UpdateRole", "UpdateRoleDescription", "UpdateAssumeRolePolicy"],
      ].map((action) => `iam:${action}`),
      Resource: roles,
    },
    {
      Sid: "RolesForServices",
      Action: ["iam:PassRole"],
      Resource: roles,
      Condition: {
        StringEquals: {
          "iam:PassedToService": ["glue", "states", "events"].map(
            (service) => `${service}.amazonaws.com`,
          ),
        },
      },
    },
  ];
}

function noticeStatements(target: Target): Statement[] {
  const of = arn(target);
  return [
    {
      Sid: "Topics",
      Action: [
        ...["CreateTopic", "DeleteTopic", "GetTopicAttributes", "SetTopicAttributes"],
        ...["ListTagsForResource", "TagResource", "UntagResource", "Subscribe", "Unsubscribe"],
        ...["GetSubscriptionAttributes", "ListSubscriptionsByTopic"],
      ].map((action) => `sns:${action}`),
      Resource: of("sns", "mobile-user*"),
    },
    {
      Sid: "EventRules",
      Action: [
        ...["DescribeRule", "PutRule", "DeleteRule", "ListTargetsByRule", "PutTargets"],
        ...["RemoveTargets", "ListTagsForResource", "TagResource", "UntagResource"],
      ].map((action) => `events:${action}`),
      // Those of sources that are crawled by events are named after the source.
      Resource: ["mobile-user*", "idle-compute*", "*-created-*", "*-deleted-*"].map((name) =>
        of("events", `rule/${name}`),
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
    { Sid: "CheckMachines", Action: ["states:ValidateStateMachineDefinition"], Resource: "*" },
    {
      Sid: "Alarms",
      Action: [
        ...["PutMetricAlarm", "DescribeAlarms", "DeleteAlarms"],
        ...["ListTagsForResource", "TagResource", "UntagResource"],
      ].map((action) => `cloudwatch:${action}`),
      Resource: ["mobile-user*", "idle-compute*"].map((name) => of("cloudwatch", `alarm:${name}`)),
    },
    {
      Sid: "Dashboards",
      Action: ["PutDashboard", "GetDashboard", "DeleteDashboards"].map(
        (action) => `cloudwatch:${action}`,
      ),
      Resource: pulumi.interpolate`arn:aws:cloudwatch::${target.accountId}:dashboard/mobile-user*`,
    },
    {
      Sid: "Queues",
      Action: [
        ...["CreateQueue", "DeleteQueue", "GetQueueAttributes", "SetQueueAttributes"],
        ...["ListQueueTags", "TagQueue", "UntagQueue"],
      ].map((action) => `sqs:${action}`),
      Resource: of("sqs", "*-events-*"),
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
