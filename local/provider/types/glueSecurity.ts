import {
  CloudWatchEncryptionMode,
  JobBookmarksEncryptionMode,
  S3EncryptionMode,
} from "@aws-sdk/client-glue";
import { fromApi, toApi } from "../api";
import { autonamed } from "../autoname";
import { found } from "../aws";
import { defaulted, named, object, oneOf, required, string } from "../fields";
import { defineResource, regional } from "../resource";
import { notEmpty } from "../validators";

const cloudWatch = {
  cloudwatchEncryptionMode: defaulted(
    oneOf(Object.values(CloudWatchEncryptionMode)),
    CloudWatchEncryptionMode.DISABLED,
  ),
  kmsKeyArn: string(),
};
const bookmarks = {
  jobBookmarksEncryptionMode: defaulted(
    oneOf(Object.values(JobBookmarksEncryptionMode)),
    JobBookmarksEncryptionMode.DISABLED,
  ),
  kmsKeyArn: string(),
};
const objects = {
  s3EncryptionMode: defaulted(
    oneOf([S3EncryptionMode.DISABLED, S3EncryptionMode.SSEKMS, S3EncryptionMode.SSES3]),
    S3EncryptionMode.DISABLED,
  ),
  kmsKeyArn: string(),
};

export const securityConfiguration = defineResource({
  token: "aws:glue/securityConfiguration:SecurityConfiguration",
  inputs: {
    ...regional,
    name: named(string({ forceNew: true, check: notEmpty })),
    encryptionConfiguration: required(
      object(
        {
          cloudwatchEncryption: required(object(cloudWatch)),
          jobBookmarksEncryption: required(object(bookmarks)),
          s3Encryption: required(object(objects)),
        },
        { forceNew: true },
      ),
    ),
  },
  autoname: autonamed(),
  idOf: ({ name }) => name,
  async create(aws, { name, encryptionConfiguration: encryption }, created) {
    const { cloudwatchEncryption, jobBookmarksEncryption, s3Encryption } = encryption;
    await aws.glue.createSecurityConfiguration({
      Name: name,
      EncryptionConfiguration: {
        CloudWatchEncryption: {
          CloudWatchEncryptionMode: cloudwatchEncryption.cloudwatchEncryptionMode,
          KmsKeyArn: cloudwatchEncryption.kmsKeyArn,
        },
        JobBookmarksEncryption: toApi(bookmarks, jobBookmarksEncryption),
        S3Encryption: [toApi(objects, s3Encryption)],
      },
    });
    created(name);
  },
  async read(aws, id) {
    const answer = await found(aws.glue.getSecurityConfiguration({ Name: id }));
    const encryption = answer?.SecurityConfiguration?.EncryptionConfiguration;
    if (encryption === undefined) {
      return undefined;
    }
    const { CloudWatchEncryption, JobBookmarksEncryption, S3Encryption } = encryption;
    return {
      name: id,
      encryptionConfiguration: {
        cloudwatchEncryption: {
          cloudwatchEncryptionMode: CloudWatchEncryption?.CloudWatchEncryptionMode,
          kmsKeyArn: CloudWatchEncryption?.KmsKeyArn,
        },
        jobBookmarksEncryption: fromApi(bookmarks, JobBookmarksEncryption),
        s3Encryption: fromApi(objects, S3Encryption?.[0]),
      },
    };
  },
  async delete(aws, id) {
    await found(aws.glue.deleteSecurityConfiguration({ Name: id }));
  },
});
