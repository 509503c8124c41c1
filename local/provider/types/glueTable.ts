import { fromApi, toApi } from "../api";
import { catalogAutonamed } from "../autoname";
import { found } from "../aws";
import {
  boolean,
  type Fields,
  type Inputs,
  integer,
  list,
  map,
  named,
  object,
  required,
  string,
} from "../fields";
import { defineResource, regional } from "../resource";
import { all, atLeast, between, lengthBetween, matches, notEmpty } from "../validators";
import { isRecord, type Properties } from "../values";

const aName = lengthBetween(1, 255);
const viewText = string({ check: lengthBetween(0, 409_600) });

const column = object({
  comment: string({ check: lengthBetween(0, 255) }),
  name: required(string({ check: aName })),
  parameters: map(),
  type: string({ check: lengthBetween(0, 131_072) }),
});

const storage = {
  additionalLocations: list(string()),
  bucketColumns: list(string({ check: aName })),
  columns: list(column, { computed: true }),
  compressed: boolean(),
  inputFormat: string(),
  location: string(),
  numberOfBuckets: integer(),
  outputFormat: string(),
  parameters: map(),
  serDeInfo: object({
    name: string({ check: aName }),
    parameters: map(),
    serializationLibrary: string({ check: notEmpty }),
  }),
  skewedInfo: object({
    skewedColumnNames: list(string({ check: aName })),
    skewedColumnValueLocationMaps: map(),
    skewedColumnValues: list(string()),
  }),
  sortColumns: list(
    object({
      column: required(string({ check: aName })),
      sortOrder: required(integer({ check: between(0, 1) })),
    }),
  ),
  storedAsSubDirectories: boolean(),
};

const inputs = {
  ...regional,
  catalogId: string({ forceNew: true, computed: true }),
  databaseName: required(string({ forceNew: true })),
  description: string({ check: lengthBetween(0, 2048) }),
  name: named(
    string({
      forceNew: true,
      check: all(aName, matches(/^[^A-Z]*$/, "uppercase characters cannot be used")),
    }),
  ),
  owner: string(),
  parameters: map({ computed: true }),
  partitionKeys: list(column),
  retention: integer({ check: atLeast(0) }),
  storageDescriptor: object(storage, { computed: true }),
  tableType: string({ computed: true }),
  targetTable: object(
    {
      catalogId: required(string()),
      databaseName: required(string()),
      name: required(string()),
      region: string(),
    },
    { forceNew: true },
  ),
  viewExpandedText: viewText,
  viewOriginalText: viewText,
};

function tableInput(table: Inputs<typeof inputs>) {
  const api = toApi(inputs, table);
  const { SerDeInfo: SerdeInfo, ...descriptor } = api.StorageDescriptor ?? {};
  return {
    Name: api.Name,
    Description: api.Description,
    Owner: api.Owner,
    Parameters: api.Parameters,
    PartitionKeys: api.PartitionKeys ?? [],
    Retention: api.Retention,
    StorageDescriptor: api.StorageDescriptor && { ...descriptor, SerdeInfo },
    TableType: api.TableType,
    TargetTable: api.TargetTable,
    ViewExpandedText: api.ViewExpandedText,
    ViewOriginalText: api.ViewOriginalText,
  };
}

/** UpdateTable takes the whole table: what somebody else chose has to be sent along. */
function withChosen(table: Inputs<typeof inputs>, old: Properties): Inputs<typeof inputs> {
  const { storageDescriptor } = table;
  return {
    ...chosen(inputs, old),
    ...table,
    ...(storageDescriptor && {
      storageDescriptor: { ...chosen(storage, old.storageDescriptor), ...storageDescriptor },
    }),
  };
}

function chosen(fields: Fields, old: unknown): Properties {
  const computed = Object.keys(fields).filter((name) => fields[name]?.computed);
  return isRecord(old) ? Object.fromEntries(computed.map((name) => [name, old[name]])) : {};
}

function parseId(id: string): { CatalogId: string; DatabaseName: string; Name: string } {
  const [CatalogId, DatabaseName, ...rest] = id.split(":");
  const Name = rest.join(":");
  if (!CatalogId || !DatabaseName || !Name) {
    throw new Error(`the id of a table is <catalog id>:<database>:<name>, not "${id}"`);
  }
  return { CatalogId, DatabaseName, Name };
}

export const catalogTable = defineResource({
  token: "aws:glue/catalogTable:CatalogTable",
  inputs,
  outputs: ["arn"],
  unsupported: [
    "openTableFormatInput",
    "partitionIndices",
    "storageDescriptor.schemaReference",
    "viewDefinition",
  ],
  autoname: catalogAutonamed,
  idOf: ({ catalogId, databaseName, name }, accountId) =>
    databaseName && name && `${catalogId ?? accountId}:${databaseName}:${name}`,
  async create(aws, table, created) {
    const CatalogId = table.catalogId ?? (await aws.accountId());
    const { databaseName: DatabaseName } = table;
    await aws.glue.createTable({ CatalogId, DatabaseName, TableInput: tableInput(table) });
    created(`${CatalogId}:${DatabaseName}:${table.name}`);
  },
  async read(aws, id) {
    const key = parseId(id);
    const actual = (await found(aws.glue.getTable(key)))?.Table;
    if (actual === undefined) {
      return undefined;
    }
    const { StorageDescriptor } = actual;
    return {
      ...fromApi(inputs, {
        ...actual,
        CatalogId: key.CatalogId,
        StorageDescriptor: StorageDescriptor && {
          ...StorageDescriptor,
          SerDeInfo: StorageDescriptor.SerdeInfo,
        },
      }),
      arn: await aws.arn("glue", `table/${key.DatabaseName}/${key.Name}`),
    };
  },
  async update(aws, id, table, old) {
    const { CatalogId, DatabaseName } = parseId(id);
    const TableInput = tableInput(withChosen(table, old));
    await aws.glue.updateTable({ CatalogId, DatabaseName, TableInput });
  },
  async delete(aws, id) {
    await found(aws.glue.deleteTable(parseId(id)));
  },
});
