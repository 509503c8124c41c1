import { Permission } from "@aws-sdk/client-glue";
import { fromApi, toApi } from "../api";
import { catalogAutonamed } from "../autoname";
import { found } from "../aws";
import { type Inputs, list, map, named, object, oneOf, required, set, string } from "../fields";
import { defineResource, regional, tagged } from "../resource";
import { all, lengthBetween, matches } from "../validators";
import { glueTags, setGlueTags } from "./glueTags";

const inputs = {
  ...regional,
  ...tagged,
  catalogId: string({ forceNew: true, computed: true }),
  name: named(
    string({
      forceNew: true,
      check: all(
        lengthBetween(1, 255),
        matches(/^[^A-Z]*$/, "uppercase characters cannot be used"),
      ),
    }),
  ),
  description: string({ check: lengthBetween(0, 2048) }),
  locationUri: string({ computed: true }),
  parameters: map(),
  createTableDefaultPermissions: list(
    object({
      permissions: set(oneOf(Object.values(Permission))),
      principal: object({
        dataLakePrincipalIdentifier: string({ check: lengthBetween(1, 255) }),
      }),
    }),
    { computed: true },
  ),
  targetDatabase: object(
    {
      catalogId: required(string()),
      databaseName: required(string()),
      region: string(),
    },
    { forceNew: true },
  ),
};

function databaseInput(database: Inputs<typeof inputs>) {
  const api = toApi(inputs, database);
  return {
    Name: api.Name,
    Description: api.Description,
    LocationUri: api.LocationUri,
    Parameters: api.Parameters,
    CreateTableDefaultPermissions: api.CreateTableDefaultPermissions,
    TargetDatabase: api.TargetDatabase,
  };
}

function parseId(id: string): { CatalogId: string; Name: string } {
  const [CatalogId, Name, ...rest] = id.split(":");
  if (CatalogId === undefined || Name === undefined || rest.length > 0) {
    throw new Error(`the id of a database is <catalog id>:<name>, not "${id}"`);
  }
  return { CatalogId, Name };
}

export const catalogDatabase = defineResource({
  token: "aws:glue/catalogDatabase:CatalogDatabase",
  inputs,
  outputs: ["arn"],
  unsupported: ["federatedDatabase"],
  autoname: catalogAutonamed,
  idOf: ({ name, catalogId }, accountId) => name && `${catalogId ?? accountId}:${name}`,
  async create(aws, database, created) {
    const CatalogId = database.catalogId ?? (await aws.accountId());
    await aws.glue.createDatabase({
      CatalogId,
      DatabaseInput: databaseInput(database),
      Tags: database.tagsAll,
    });
    created(`${CatalogId}:${database.name}`);
  },
  async read(aws, id) {
    const key = parseId(id);
    const answer = await found(aws.glue.getDatabase(key));
    if (answer === undefined) {
      return undefined;
    }
    const arn = await aws.arn("glue", `database/${key.Name}`);
    return {
      ...fromApi(inputs, answer.Database),
      catalogId: answer.Database?.CatalogId ?? key.CatalogId,
      arn,
      tagsAll: await glueTags(aws, arn),
    };
  },
  async update(aws, id, database) {
    const key = parseId(id);
    await aws.glue.updateDatabase({ ...key, DatabaseInput: databaseInput(database) });
    await setGlueTags(aws, await aws.arn("glue", `database/${key.Name}`), database.tagsAll);
  },
  async delete(aws, id) {
    await found(aws.glue.deleteDatabase(parseId(id)));
  },
});
