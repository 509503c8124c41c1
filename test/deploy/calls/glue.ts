import { arn, Made, text } from "../stackResources";
import { Call, on, passes, TypeCalls, withTags } from "./call";

const glue = (resource: string) => arn("glue", resource);
const catalog = glue("catalog");

const tags = (resource: string) => on(resource, "glue:TagResource", "glue:UntagResource");
const readTags = (resource: string) => on(resource, "glue:GetTags");

/** What Glue does by name: jobs, triggers, workflows. */
function named(kind: "Job" | "Trigger" | "Workflow", made: Made, role: Call[] = []) {
  const its = glue(`${kind.toLowerCase()}/${made.physicalName}`);
  return {
    create: [...on(its, `glue:Create${kind}`), ...withTags(made, its, "glue:TagResource"), ...role],
    read: [...on(its, `glue:Get${kind}`), ...readTags(its)],
    update: [...on(its, `glue:Update${kind}`), ...tags(its), ...role],
    delete: on(its, `glue:Delete${kind}`, `glue:Get${kind}`),
  };
}

export const glueCalls: Record<string, TypeCalls> = {
  "aws:glue/catalogDatabase:CatalogDatabase": {
    source: "glue/catalog_database.go",
    calls: (made) => {
      const database = glue(`database/${made.physicalName}`);
      const both = [catalog, database];
      // Glue deletes what is in it as well (Service Authorization Reference, DeleteDatabase).
      const within = ["table", "userDefinedFunction"].map((kind) =>
        glue(`${kind}/${made.physicalName}/*`),
      );
      return {
        create: [
          ...on(both, "glue:CreateDatabase"),
          ...withTags(made, database, "glue:TagResource"),
        ],
        read: [...on(both, "glue:GetDatabase"), ...readTags(database)],
        update: [...on(both, "glue:UpdateDatabase"), ...tags(database)],
        delete: on([...both, ...within], "glue:DeleteDatabase"),
      };
    },
  },
  "aws:glue/catalogTable:CatalogTable": {
    source: "glue/catalog_table.go",
    calls: ({ physicalName, inputs }) => {
      const database = text(inputs, "databaseName");
      const all = [
        catalog,
        glue(`database/${database}`),
        glue(`table/${database}/${physicalName}`),
      ];
      return {
        create: on(all, "glue:CreateTable"),
        read: on(all, "glue:GetTable", "glue:GetPartitionIndexes"),
        update: on(all, "glue:GetTable", "glue:UpdateTable"),
        delete: on(all, "glue:DeleteTable"),
      };
    },
  },
  "aws:glue/crawler:Crawler": {
    source: "glue/crawler.go",
    calls: (made) => {
      const crawler = glue(`crawler/${made.physicalName}`);
      const role = passes(made, "role", "glue");
      return {
        create: [
          ...on("*", "glue:CreateCrawler"),
          ...withTags(made, crawler, "glue:TagResource"),
          ...role,
        ],
        read: [...on(crawler, "glue:GetCrawler"), ...readTags(crawler)],
        update: [...on(crawler, "glue:UpdateCrawler"), ...tags(crawler), ...role],
        delete: on(crawler, "glue:DeleteCrawler"),
      };
    },
  },
  "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings": {
    source: "glue/data_catalog_encryption_settings.go",
    calls: (made) => ({
      create: [
        ...on(catalog, "glue:PutDataCatalogEncryptionSettings"),
        ...passes({ ...made, inputs: { role: catalogRole(made.inputs) } }, "role", "glue"),
      ],
      read: on(catalog, "glue:GetDataCatalogEncryptionSettings"),
      update: on(catalog, "glue:PutDataCatalogEncryptionSettings"),
      delete: on(catalog, "glue:PutDataCatalogEncryptionSettings"),
    }),
  },
  "aws:glue/job:Job": {
    source: "glue/job.go",
    calls: (made) => named("Job", made, passes(made, "roleArn", "glue")),
  },
  "aws:glue/securityConfiguration:SecurityConfiguration": {
    source: "glue/security_configuration.go",
    calls: () => ({
      create: on("*", "glue:CreateSecurityConfiguration"),
      read: on("*", "glue:GetSecurityConfiguration"),
      delete: on("*", "glue:DeleteSecurityConfiguration"),
    }),
  },
  "aws:glue/trigger:Trigger": {
    source: "glue/trigger.go",
    calls: (made) => {
      const all = named("Trigger", made);
      const trigger = glue(`trigger/${made.physicalName}`);
      const starts = on(trigger, "glue:StartTrigger", "glue:StopTrigger");
      return {
        ...all,
        create: [...all.create, ...on(trigger, "glue:GetTrigger")],
        update: [...all.update, ...starts],
      };
    },
  },
  "aws:glue/workflow:Workflow": {
    source: "glue/workflow.go",
    calls: (made) => named("Workflow", made),
  },
  "aws:athena/namedQuery:NamedQuery": {
    source: "athena/named_query.go",
    note: "Named queries are checked by their workgroup.",
    calls: ({ inputs }) => {
      const workgroup = arn("athena", `workgroup/${text(inputs, "workgroup")}`);
      return {
        create: on(workgroup, "athena:CreateNamedQuery"),
        read: on(workgroup, "athena:GetNamedQuery"),
        delete: on(workgroup, "athena:DeleteNamedQuery"),
      };
    },
  },
  "aws:athena/workgroup:Workgroup": {
    source: "athena/workgroup.go",
    calls: (made) => ({
      create: [
        ...on(made.arn, "athena:CreateWorkGroup"),
        ...withTags(made, made.arn, "athena:TagResource"),
      ],
      read: on(made.arn, "athena:GetWorkGroup", "athena:ListTagsForResource"),
      update: on(made.arn, "athena:UpdateWorkGroup", "athena:TagResource", "athena:UntagResource"),
      delete: on(made.arn, "athena:DeleteWorkGroup"),
    }),
  },
};

/** The role by which Glue encrypts the catalog, deep in the settings. */
function catalogRole(inputs: Record<string, unknown>): string | undefined {
  const found = /"catalogEncryptionServiceRole":"([^"]+)"/.exec(JSON.stringify(inputs));
  return found?.[1];
}
