import { Athena } from "@aws-sdk/client-athena";
import { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { EventBridge } from "@aws-sdk/client-eventbridge";
import { Glue } from "@aws-sdk/client-glue";
import { IAM } from "@aws-sdk/client-iam";
import { KMS } from "@aws-sdk/client-kms";
import { S3 } from "@aws-sdk/client-s3";
import { SFN } from "@aws-sdk/client-sfn";
import { SNS } from "@aws-sdk/client-sns";
import { SQS } from "@aws-sdk/client-sqs";
import { STS } from "@aws-sdk/client-sts";

/** What differs between AWS and the local platform; credentials default to the user's own. */
export interface ClientSettings {
  region: string;
  endpoint?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string };
}

/** SDK clients of every service that the stack has something of. */
export function clientsOf(settings: ClientSettings) {
  const config = { ...settings, maxAttempts: 8 };
  return {
    athena: new Athena(config),
    cloudWatch: new CloudWatch(config),
    events: new EventBridge(config),
    glue: new Glue(config),
    iam: new IAM(config),
    kms: new KMS(config),
    logs: new CloudWatchLogs(config),
    s3: new S3({ ...config, forcePathStyle: settings.endpoint !== undefined }),
    sfn: new SFN(config),
    sns: new SNS(config),
    sqs: new SQS(config),
    sts: new STS(config),
  };
}

export type Clients = ReturnType<typeof clientsOf>;
