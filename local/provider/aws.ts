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
import { setTimeout as sleep } from "node:timers/promises";
import { isAwsError, isRepeated, isUnheard } from "../errors";

/** Where AWS's API answers and who asks. */
export interface Connection {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Whether what exists already is taken as made by an earlier creation that the state has lost. */
  readonly adopting?: boolean;
}

/** Answers of AWS that say "not now": another change is under way. */
const passing = new Set([
  "ConcurrentModificationException",
  "ConcurrentModification",
  "OperationAborted",
  "OperationAbortedException",
  "ResourceNotReadyException",
]);
const conflictSeconds = 60;

/** The clients of one endpoint and region. */
export class Aws {
  readonly glue: Glue;
  readonly s3: S3;
  readonly iam: IAM;
  readonly kms: KMS;
  readonly athena: Athena;
  readonly logs: CloudWatchLogs;
  readonly cloudWatch: CloudWatch;
  readonly events: EventBridge;
  readonly sns: SNS;
  readonly sqs: SQS;
  readonly sfn: SFN;
  readonly sts: STS;
  readonly region: string;
  readonly adopting: boolean;
  private readonly clients: { destroy(): void }[];
  private account: Promise<string> | undefined;

  constructor(
    connection: Connection,
    private readonly cancelled: AbortSignal,
  ) {
    const { endpoint, region, accessKeyId, secretAccessKey } = connection;
    const settings = {
      endpoint,
      region,
      credentials: { accessKeyId, secretAccessKey },
      maxAttempts: 5,
    };
    this.region = region;
    this.adopting = connection.adopting ?? false;
    this.glue = new Glue(settings);
    this.s3 = new S3({ ...settings, forcePathStyle: true });
    this.iam = new IAM(settings);
    this.kms = new KMS(settings);
    this.athena = new Athena(settings);
    this.logs = new CloudWatchLogs(settings);
    this.cloudWatch = new CloudWatch(settings);
    this.events = new EventBridge(settings);
    this.sns = new SNS(settings);
    // A queue's URL in the state may hold the port of an earlier run.
    this.sqs = new SQS({ ...settings, useQueueUrlAsEndpoint: false });
    this.sfn = new SFN(settings);
    this.sts = new STS(settings);
    this.clients = [
      this.glue,
      this.s3,
      this.iam,
      this.kms,
      this.athena,
      this.logs,
      this.cloudWatch,
      this.events,
      this.sns,
      this.sqs,
      this.sfn,
      this.sts,
    ];
    this.glue.middlewareStack.add((next) => (args) => this.patiently(() => next(args)));
    this.s3.middlewareStack.add((next) => (args) => this.patiently(() => next(args)));
    this.iam.middlewareStack.add((next) => (args) => this.patiently(() => next(args)));
    this.logs.middlewareStack.add((next) => (args) => this.patiently(() => next(args)));
    this.events.middlewareStack.add((next) => (args) => this.patiently(() => next(args)));
  }

  /** The account of the credentials; a failure isn't kept. */
  accountId(): Promise<string> {
    this.account ??= this.sts.getCallerIdentity({}).then(
      ({ Account }) => Account ?? "",
      (error: unknown) => {
        this.account = undefined;
        throw error;
      },
    );
    return this.account;
  }

  /** An ARN of the account and region, for example `arn("glue", "job/daily")`. */
  async arn(service: string, resource: string): Promise<string> {
    return `arn:${this.partition}:${service}:${this.region}:${await this.accountId()}:${resource}`;
  }

  get partition(): string {
    if (this.region.startsWith("cn-")) {
      return "aws-cn";
    }
    return this.region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
  }

  /**
   * Asks until the answer is yes.
   * @throws Error naming what was waited for, after five minutes or when the engine cancels.
   */
  async waitUntil(what: string, done: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 300_000;
    for (let pause = 100; !(await done()); pause = Math.min(2 * pause, 2000)) {
      if (Date.now() > deadline) {
        throw new Error(`waited five minutes for ${what}`);
      }
      await sleep(pause, undefined, { signal: this.cancelled });
    }
  }

  close(): void {
    this.clients.forEach((client) => {
      client.destroy();
    });
  }

  private async patiently<T>(call: () => Promise<T>): Promise<T> {
    const deadline = Date.now() + conflictSeconds * 1000;
    for (let pause = 200; ; pause = Math.min(2 * pause, 3000)) {
      try {
        return await call();
      } catch (error) {
        if (!(error instanceof Error) || !passing.has(error.name) || Date.now() > deadline) {
          throw error;
        }
      }
      await sleep(pause, undefined, { signal: this.cancelled });
    }
  }
}

/** What AWS calls the error, with its message: `EntityNotFoundException: Job daily not found`. */
export function awsMessage(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** Whether AWS says that the thing isn't there, in the words of its services. */
export function isNotFound(error: unknown): boolean {
  return (
    error instanceof Error &&
    (/^(EntityNotFoundException|NoSuch\w+|NotFound|NotFoundException|ResourceNotFound(Exception)?|\w+NotFoundError|\w+DoesNotExist)$/.test(
      error.name,
    ) ||
      (error.name === "InvalidRequestException" && /not found|does not exist/.test(error.message)))
  );
}

/**
 * Whether AWS may have done what it was asked although the call failed: it gave no answer, or it has
 * trouble of its own, or the SDK repeated a creation of which the answer was lost.
 */
export function isUnsure(error: unknown, adopting: boolean): boolean {
  if (!isAwsError(error)) return false;
  const exists = /AlreadyExists|already (exists|created)/.test(`${error.name} ${error.message}`);
  return isUnheard(error) || (exists && (adopting || isRepeated(error)));
}

/** The answer of a call, or undefined where AWS says that the thing isn't there. */
export async function found<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isNotFound(error)) {
      return undefined;
    }
    throw error;
  }
}
