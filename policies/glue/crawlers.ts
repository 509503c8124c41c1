import { z } from "zod";
import { inProduction, productionStacks } from "../production";
import { Finding, Resource, resourceRule, Rule } from "../rule";
import { jsonProperties } from "../json";

const types = ["aws:glue/crawler:Crawler"];

/** Rules for what crawlers do to the catalog. */
export const crawlerRules: readonly Rule[] = [
  resourceRule({
    name: "glue-crawler-schema-policy",
    level: "mandatory",
    severity: "high",
    description:
      "A crawler of new folders only logs changes, and none deletes tables in production",
    reason:
      "Glue refuses other policies with new folders only, once the update is under way, and a folder that is gone for an hour would take its table with it",
    fix: "Set `schemaChangePolicy` to LOG and LOG with CRAWL_NEW_FOLDERS_ONLY, and `deleteBehavior` to LOG in production",
    references: [],
    url: "https://docs.aws.amazon.com/glue/latest/dg/incremental-crawls.html",
    config: productionStacks,
    types,
    check: schemaPolicyFinding,
  }),
  resourceRule({
    name: "glue-crawler-single-table",
    level: "advisory",
    severity: "low",
    description: "A crawler of S3 says how many tables it may make of its folders",
    reason: "One odd file can else make a table of each partition, thousands of them",
    fix: "Set `Grouping.TableGroupingPolicy` or `Grouping.TableLevelConfiguration`, or else `CrawlerOutput.Tables.TableThreshold`, in `configuration`",
    references: [],
    url: "https://docs.aws.amazon.com/glue/latest/dg/crawler-configuration.html",
    config: {
      maxTables: z
        .number()
        .int()
        .min(1)
        .default(100)
        .describe("The highest table threshold that stands in for grouping"),
    },
    types,
    check: tablesFinding,
  }),
];

function schemaPolicyFinding(
  resource: Resource,
  config: { productionStacks: string[] },
): Finding | undefined {
  const { properties } = resource;
  // Defaults of Glue, and of the provider (`aws.glue.Crawler`).
  const behaviors = {
    updateBehavior: properties.text("schemaChangePolicy.updateBehavior") ?? "UPDATE_IN_DATABASE",
    deleteBehavior: properties.text("schemaChangePolicy.deleteBehavior") ?? "DEPRECATE_IN_DATABASE",
  };
  const recrawl = properties.text("recrawlPolicy.recrawlBehavior");
  if (recrawl === "CRAWL_NEW_FOLDERS_ONLY") {
    const wrong = Object.entries(behaviors).find(([, behavior]) => behavior !== "LOG");
    if (wrong === undefined) return undefined;
    const [field, behavior] = wrong;
    return {
      field: `schemaChangePolicy.${field}`,
      found: `is ${behavior} with ${recrawl}`,
      fix: "set LOG",
    };
  }
  if (behaviors.deleteBehavior !== "DELETE_FROM_DATABASE" || !inProduction(resource, config)) {
    return undefined;
  }
  return {
    field: "schemaChangePolicy.deleteBehavior",
    found: "is DELETE_FROM_DATABASE in production",
    fix: "set LOG or DEPRECATE_IN_DATABASE",
  };
}

/** Other targets than S3 folders have their tables named. */
function tablesFinding(
  { properties }: Resource,
  { maxTables }: { maxTables: number },
): Finding | undefined {
  if (properties.list("s3Targets").length === 0) return undefined;
  const configuration = jsonProperties(properties.text("configuration"));
  const grouped =
    configuration.text("Grouping.TableGroupingPolicy") === "CombineCompatibleSchemas" ||
    configuration.number("Grouping.TableLevelConfiguration") !== undefined;
  const threshold = configuration.number("CrawlerOutput.Tables.TableThreshold");
  if (grouped || (threshold !== undefined && threshold <= maxTables)) return undefined;
  return {
    field: "configuration",
    found: threshold === undefined ? "neither groups nor limits tables" : `lets in ${threshold}`,
    fix: `set CombineCompatibleSchemas, or a table threshold of ${maxTables} or less`,
  };
}
