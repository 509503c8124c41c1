import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { grant, serviceRole } from "./access/roles";

/** Arguments of {@link CatalogEncryption}. */
export interface CatalogEncryptionArgs {
  /** KMS key that encrypts metadata and the passwords of connections. */
  kmsKeyArn: pulumi.Input<string>;
  /** Permissions boundary of the role by which Glue uses the key. Default: none. */
  permissionsBoundaryArn?: pulumi.Input<string>;
  /** Tags of the role. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * Encrypts the Glue Data Catalog of the **whole account in its region**: all new metadata of all
 * databases, not only of this stack's. Glue uses the key by a role of its own, so whoever reads the
 * catalog today can go on doing so without a permission on the key.
 *
 * Once on, it stays: what was encrypted remains so, and a crawler fails where the settings are taken away
 * (AWS Glue guide, "Encrypting your Data Catalog"). Destroying the stack therefore leaves the settings
 * and the role in the account, and the key must be left there as well.
 *
 * ```ts
 * new CatalogEncryption("catalog", { kmsKeyArn: key.arn });
 * ```
 */
export class CatalogEncryption extends pulumi.ComponentResource {
  /** The role by which Glue uses the key. */
  public readonly roleArn: pulumi.Output<string>;

  constructor(name: string, args: CatalogEncryptionArgs, opts?: pulumi.ComponentResourceOptions) {
    // The engine hands `retainOnDelete` on to the children.
    super("glue-etl:index:CatalogEncryption", name, {}, { ...opts, retainOnDelete: true });
    void pulumi.log.warn(
      "The Glue Data Catalog of the whole account is encrypted in this region, and stays so: the " +
        "settings, their role and the key outlive the stack",
      this,
    );
    const role = serviceRole(
      `${name}-catalog`,
      "glue.amazonaws.com",
      "Lets Glue encrypt the Data Catalog of the account",
      args,
      this,
      // Nobody of the account could read the catalog if Glue named no account here, and no source
      // says that it does (AWS Glue guide, "Encrypting your Data Catalog").
      "unsaid",
    );
    const policy = grant(`${name}-catalog`, role, [
      {
        Sid: "EncryptCatalog",
        Action: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
        Resource: args.kmsKeyArn,
      },
    ]);
    new aws.glue.DataCatalogEncryptionSettings(
      name,
      {
        dataCatalogEncryptionSettings: {
          encryptionAtRest: {
            catalogEncryptionMode: "SSE-KMS-WITH-SERVICE-ROLE",
            catalogEncryptionServiceRole: role.arn,
            sseAwsKmsKeyId: args.kmsKeyArn,
          },
          connectionPasswordEncryption: {
            returnConnectionPasswordEncrypted: true,
            awsKmsKeyId: args.kmsKeyArn,
          },
        },
      },
      { parent: this, dependsOn: policy },
    );
    this.roleArn = role.arn;
    this.registerOutputs({ roleArn: this.roleArn });
  }
}
