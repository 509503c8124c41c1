import { PartitionIndexStatus } from "@aws-sdk/client-glue";
import { type Aws, found } from "../aws";
import { list, object, required, string } from "../fields";
import { defineResource, regional } from "../resource";
import { lengthBetween } from "../validators";

const inputs = {
  ...regional,
  catalogId: string({ forceNew: true, computed: true }),
  databaseName: required(string({ forceNew: true, check: lengthBetween(1, 255) })),
  tableName: required(string({ forceNew: true, check: lengthBetween(1, 255) })),
  partitionIndex: required(
    object(
      { indexName: string(), indexStatus: string({ computed: true }), keys: list(string()) },
      { forceNew: true },
    ),
  ),
};

function parseId(id: string) {
  const [CatalogId, DatabaseName, TableName, IndexName] = id.split(":");
  if (!CatalogId || !DatabaseName || !TableName || !IndexName) {
    throw new Error(`the id of an index is <catalog id>:<database>:<table>:<index>, not "${id}"`);
  }
  return { CatalogId, DatabaseName, TableName, IndexName };
}

async function findIndex(aws: Aws, id: string) {
  const { IndexName, ...table } = parseId(id);
  // A table has three indexes at most: they come on one page.
  const answer = await found(aws.glue.getPartitionIndexes(table));
  return answer?.PartitionIndexDescriptorList?.find((index) => index.IndexName === IndexName);
}

export const partitionIndex = defineResource({
  token: "aws:glue/partitionIndex:PartitionIndex",
  inputs,
  idOf: ({ catalogId, databaseName, tableName, partitionIndex: index }, accountId) =>
    databaseName && tableName && index?.indexName
      ? [catalogId ?? accountId, databaseName, tableName, index.indexName].join(":")
      : undefined,
  async create(aws, { catalogId, databaseName, tableName, partitionIndex: index }, created) {
    const CatalogId = catalogId ?? (await aws.accountId());
    await aws.glue.createPartitionIndex({
      CatalogId,
      DatabaseName: databaseName,
      TableName: tableName,
      PartitionIndex: { IndexName: index.indexName, Keys: index.keys },
    });
    const id = [CatalogId, databaseName, tableName, index.indexName].join(":");
    created(id);
    await aws.waitUntil(
      `index ${id} to be ready`,
      async () => (await findIndex(aws, id))?.IndexStatus !== PartitionIndexStatus.CREATING,
    );
  },
  async read(aws, id) {
    const actual = await findIndex(aws, id);
    const { CatalogId, DatabaseName, TableName } = parseId(id);
    return (
      actual && {
        catalogId: CatalogId,
        databaseName: DatabaseName,
        tableName: TableName,
        partitionIndex: {
          indexName: actual.IndexName,
          indexStatus: actual.IndexStatus,
          keys: actual.Keys?.map(({ Name }) => Name),
        },
      }
    );
  },
  async delete(aws, id) {
    await found(aws.glue.deletePartitionIndex(parseId(id)));
    await aws.waitUntil(
      `index ${id} to be deleted`,
      async () => (await findIndex(aws, id)) === undefined,
    );
  },
});
