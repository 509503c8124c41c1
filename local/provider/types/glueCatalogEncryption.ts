import { CatalogEncryptionMode } from "@aws-sdk/client-glue";
import { fromApi, toApi } from "../api";
import type { Aws } from "../aws";
import { boolean, type Inputs, object, oneOf, required, string } from "../fields";
import { defineResource, regional } from "../resource";
import { anArn } from "../validators";

const settings = {
  connectionPasswordEncryption: required(
    object({
      awsKmsKeyId: string({ check: anArn }),
      returnConnectionPasswordEncrypted: required(boolean()),
    }),
  ),
  encryptionAtRest: required(
    object({
      catalogEncryptionMode: required(oneOf(Object.values(CatalogEncryptionMode))),
      catalogEncryptionServiceRole: string({ check: anArn }),
      sseAwsKmsKeyId: string({ check: anArn }),
    }),
  ),
};

const inputs = {
  ...regional,
  catalogId: string({ forceNew: true, computed: true }),
  dataCatalogEncryptionSettings: required(object(settings)),
};

async function put(aws: Aws, id: string, target: Inputs<typeof settings>): Promise<void> {
  await aws.glue.putDataCatalogEncryptionSettings({
    CatalogId: id,
    DataCatalogEncryptionSettings: toApi(settings, target),
  });
}

/** How a catalog as a whole is encrypted. It always is in some way; its id is the account's. */
export const catalogEncryption = defineResource({
  token: "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings",
  inputs,
  idOf: ({ catalogId }, accountId) => catalogId ?? accountId,
  async create(aws, { catalogId, dataCatalogEncryptionSettings }, created) {
    const id = catalogId ?? (await aws.accountId());
    await put(aws, id, dataCatalogEncryptionSettings);
    created(id);
  },
  async read(aws, id) {
    const answer = await aws.glue.getDataCatalogEncryptionSettings({ CatalogId: id });
    return {
      catalogId: id,
      dataCatalogEncryptionSettings: fromApi(settings, answer.DataCatalogEncryptionSettings),
    };
  },
  async update(aws, id, { dataCatalogEncryptionSettings }) {
    await put(aws, id, dataCatalogEncryptionSettings);
  },
  async delete(aws, id) {
    await aws.glue.putDataCatalogEncryptionSettings({
      CatalogId: id,
      DataCatalogEncryptionSettings: {},
    });
  },
});
