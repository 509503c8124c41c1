import {
  CrawlerLineageSettings,
  DeleteBehavior,
  RecrawlBehavior,
  UpdateBehavior,
} from "@aws-sdk/client-glue";
import { fromApi, toApi } from "../api";
import { autonamed } from "../autoname";
import { found } from "../aws";
import { isJson, sameJson } from "../documents";
import {
  defaulted,
  type Inputs,
  integer,
  list,
  named,
  object,
  oneOf,
  required,
  string,
} from "../fields";
import { defineResource, regional, tagged } from "../resource";
import { all, anArn, between, lengthBetween, matches } from "../validators";
import { glueTags, setGlueTags } from "./glueTags";

const queues = {
  connectionName: string(),
  eventQueueArn: string({ check: anArn }),
  dlqEventQueueArn: string({ check: anArn }),
};

const inputs = {
  ...regional,
  ...tagged,
  name: named(
    string({
      forceNew: true,
      check: all(lengthBetween(1, 255), matches(/[0-9A-Za-z_$#/-]+$/, "is not a crawler's name")),
    }),
  ),
  databaseName: required(string({ forceNew: true })),
  role: required(string({ same: sameRole })),
  description: string({ check: lengthBetween(0, 2048) }),
  classifiers: list(string()),
  configuration: string({ check: isJson, same: sameJson }),
  s3Targets: list(
    object({
      path: required(string()),
      exclusions: list(string()),
      sampleSize: integer({ check: between(1, 249) }),
      ...queues,
    }),
  ),
  catalogTargets: list(
    object({
      databaseName: required(string()),
      tables: required(list(string())),
      ...queues,
    }),
  ),
  recrawlPolicy: object(
    {
      recrawlBehavior: defaulted(
        oneOf(Object.values(RecrawlBehavior)),
        RecrawlBehavior.CRAWL_EVERYTHING,
      ),
    },
    { computed: true },
  ),
  schemaChangePolicy: object(
    {
      updateBehavior: defaulted(
        oneOf(Object.values(UpdateBehavior)),
        UpdateBehavior.UPDATE_IN_DATABASE,
      ),
      deleteBehavior: defaulted(
        oneOf(Object.values(DeleteBehavior)),
        DeleteBehavior.DEPRECATE_IN_DATABASE,
      ),
    },
    { computed: true },
  ),
  lineageConfiguration: object(
    {
      crawlerLineageSettings: defaulted(
        oneOf(Object.values(CrawlerLineageSettings)),
        CrawlerLineageSettings.DISABLE,
      ),
    },
    { computed: true },
  ),
  schedule: string(),
  securityConfiguration: string(),
  tablePrefix: string({ check: lengthBetween(0, 128) }),
};

/** Glue answers with the role's name, with its path, whatever it was given. */
function sameRole(left: unknown, right: unknown): boolean {
  const name = (role: unknown) => String(role).replace(/^arn:[^:]*:iam::\d*:role\//, "");
  return name(left) === name(right);
}

function settings(crawler: Inputs<typeof inputs>) {
  const api = toApi(inputs, crawler);
  return {
    Name: api.Name,
    Role: api.Role,
    DatabaseName: api.DatabaseName,
    Description: api.Description ?? "",
    Targets: { S3Targets: api.S3Targets, CatalogTargets: api.CatalogTargets },
    Schedule: api.Schedule,
    Classifiers: api.Classifiers,
    TablePrefix: api.TablePrefix ?? "",
    SchemaChangePolicy: api.SchemaChangePolicy,
    RecrawlPolicy: api.RecrawlPolicy,
    LineageConfiguration: api.LineageConfiguration,
    Configuration: api.Configuration,
    CrawlerSecurityConfiguration: api.SecurityConfiguration,
  };
}

export const crawler = defineResource({
  token: "aws:glue/crawler:Crawler",
  inputs,
  outputs: ["arn"],
  unsupported: [
    "deltaTargets",
    "dynamodbTargets",
    "hudiTargets",
    "icebergTargets",
    "jdbcTargets",
    "lakeFormationConfiguration",
    "mongodbTargets",
  ],
  autoname: autonamed(),
  check({ recrawlPolicy, schemaChangePolicy }, isSet) {
    const failures = [];
    if (!isSet("s3Targets") && !isSet("catalogTargets")) {
      failures.push({
        property: "s3Targets",
        reason: "one of `s3Targets,catalogTargets` must be specified",
      });
    }
    const onlyNew = recrawlPolicy?.recrawlBehavior === RecrawlBehavior.CRAWL_NEW_FOLDERS_ONLY;
    const logs =
      schemaChangePolicy?.updateBehavior === UpdateBehavior.LOG &&
      schemaChangePolicy.deleteBehavior === DeleteBehavior.LOG;
    // Glue refuses it at creation (Glue guide, "Scheduling incremental crawls").
    if (onlyNew && !logs && (schemaChangePolicy !== undefined || !isSet("schemaChangePolicy"))) {
      failures.push({
        property: "schemaChangePolicy",
        reason: "CRAWL_NEW_FOLDERS_ONLY needs updateBehavior and deleteBehavior to be LOG",
      });
    }
    return failures;
  },
  idOf: ({ name }) => name,
  async create(aws, target, created) {
    await aws.glue.createCrawler({ ...settings(target), Tags: target.tagsAll });
    created(target.name);
  },
  async read(aws, id) {
    const answer = await found(aws.glue.getCrawler({ Name: id }));
    const actual = answer?.Crawler;
    if (actual === undefined) {
      return undefined;
    }
    const arn = await aws.arn("glue", `crawler/${id}`);
    const { S3Targets, CatalogTargets } = actual.Targets ?? {};
    return {
      ...fromApi(inputs, {
        ...actual,
        S3Targets,
        CatalogTargets,
        SecurityConfiguration: actual.CrawlerSecurityConfiguration,
        Schedule: actual.Schedule?.ScheduleExpression,
      }),
      arn,
      tagsAll: await glueTags(aws, arn),
    };
  },
  async update(aws, id, target) {
    await aws.glue.updateCrawler({
      ...settings(target),
      Classifiers: target.classifiers ?? [],
      Schedule: target.schedule ?? "",
    });
    await setGlueTags(aws, await aws.arn("glue", `crawler/${id}`), target.tagsAll);
  },
  async delete(aws, id) {
    await found(aws.glue.deleteCrawler({ Name: id }));
  },
});
