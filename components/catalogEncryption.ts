import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { grant, serviceRole } from "./access/roles";

/** Arguments of {@link CatalogEncryption}. */
export interface CatalogEncryptionArgs {
  /** KMS key that encrypts metadata, and the passwords of connections where that is asked for. */
  kmsKeyArn: pulumi.Input<string>;
  /**
   * Whether the passwords of connections are encrypted, too, by whoever uses them and not by Glue's role.
   * Everybody of the account then needs the key: `kms:Encrypt` to make or change a connection,
   * `kms:Decrypt` to read its password, as jobs and crawlers that use the connection do. Default: false,
   * which also turns it off where the account had it on.
   */
  encryptConnectionPasswords?: boolean;
  /** Permissions boundary of the role by which Glue uses the key. Default: none. */
  permissionsBoundaryArn?: pulumi.Input<string>;
  /** Tags of the role. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * Encrypts the Glue Data Catalog of the **whole account in its region**: all new metadata of all
 * databases, not only of this stack's. Glue uses the key by a role of its own, so whoever reads
 * metadata today can go on doing so without a permission on the key. Of the passwords of connections
 * that isn't so (AWS Glue API, "ConnectionPasswordEncryption"): they are left alone unless asked for.
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
    if (args.encryptConnectionPasswords) {
      void pulumi.log.warn(
        "So are the passwords of all Glue connections: who makes or changes one needs kms:Encrypt on " +
          "the key, and who uses one kms:Decrypt",
        this,
      );
    }
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
          connectionPasswordEncryption: args.encryptConnectionPasswords
            ? { returnConnectionPasswordEncrypted: true, awsKmsKeyId: args.kmsKeyArn }
            : { returnConnectionPasswordEncrypted: false },
        },
      },
      { parent: this, dependsOn: policy },
    );
    this.roleArn = role.arn;
    this.registerOutputs({ roleArn: this.roleArn });
  }
}
