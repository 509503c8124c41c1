import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { PrivateBucket } from "../../components";
import { Statement } from "../../components/access/policyDocuments";

/** Where Pulumi keeps the state of stacks, and the key that encrypts it and the secrets in it. */
export class StateBackend extends pulumi.ComponentResource {
  public readonly bucketName: pulumi.Output<string>;
  /** For `pulumi stack init --secrets-provider`. */
  public readonly secretsProvider: pulumi.Output<string>;
  private readonly keyArn: pulumi.Output<string>;

  constructor(
    name: string,
    { tags }: { tags: Record<string, string> },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("glue-etl:bootstrap:StateBackend", name, {}, opts);
    const key = new aws.kms.Key(
      name,
      {
        description: "State and secrets of Pulumi stacks",
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        tags,
      },
      { parent: this, protect: true },
    );
    const alias = new aws.kms.Alias(
      name,
      { name: `alias/${name}`, targetKeyId: key.keyId },
      { parent: key },
    );
    const bucket = new PrivateBucket(
      name,
      { kmsKeyArn: key.arn, oldVersionDays: 365, tags },
      { parent: this },
    );
    const logs = new PrivateBucket(
      `${name}-logs`,
      {
        oldVersionDays: 30,
        lifecycle: [{ expireDays: 365 }],
        accessLogsOf: [bucket.bucketName],
        tags,
      },
      { parent: this },
    );
    new aws.s3.BucketLogging(
      name,
      { bucket: bucket.bucketName, targetBucket: logs.bucketName, targetPrefix: "state/" },
      { parent: this },
    );
    const { region } = aws.getRegionOutput({}, { parent: this });
    this.bucketName = bucket.bucketName;
    this.keyArn = key.arn;
    this.secretsProvider = pulumi.interpolate`awskms://${alias.name}?region=${region}`;
    this.registerOutputs({ bucketName: this.bucketName, secretsProvider: this.secretsProvider });
  }

  /**
   * What reading the state of a project's stacks takes. A preview takes no lock (`backend/diy` of
   * the Pulumi CLI), so it needs nothing more of the backend.
   */
  readStatements(project: string): Statement[] {
    return [
      {
        Sid: "ListState",
        Action: ["s3:ListBucket"],
        // With no condition on the prefix: a request for one object has none, so S3 would answer
        // "forbidden" for a file that isn't there, such as a stack's tags, and not "not found".
        Resource: pulumi.interpolate`arn:aws:s3:::${this.bucketName}`,
      },
      {
        Sid: "ReadState",
        Action: ["s3:GetObject"],
        Resource: [this.objects("meta.yaml"), this.objects(`stacks/${project}/*`)],
      },
      { Sid: "ReadSecrets", Action: ["kms:Decrypt"], Resource: this.keyArn },
    ];
  }

  /** What changing the state of one stack takes, beside reading it. */
  writeStatements(project: string, stack: string): Statement[] {
    const folders = ["stacks", "history", "backups", "locks/organization"];
    return [
      {
        Sid: "WriteState",
        Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
        Resource: folders.flatMap((folder) =>
          [".json*", "/*"].map((rest) => this.objects(`${folder}/${project}/${stack}${rest}`)),
        ),
      },
      {
        Sid: "WriteSecrets",
        Action: ["kms:Encrypt", "kms:GenerateDataKey"],
        Resource: this.keyArn,
      },
    ];
  }

  /** Keeps a role that may manage keys from this one: without it no state can be read again. */
  protectStatements(): Statement[] {
    return [
      {
        Sid: "KeepStateKey",
        Effect: "Deny",
        Action: ["kms:ScheduleKeyDeletion", "kms:PutKeyPolicy", "kms:CreateGrant"],
        Resource: this.keyArn,
      },
    ];
  }

  private objects(path: string): pulumi.Output<string> {
    return pulumi.interpolate`arn:aws:s3:::${this.bucketName}/.pulumi/${path}`;
  }
}
