import assert from "node:assert/strict";
import { AthenaClient } from "@aws-sdk/client-athena";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { GlueClient } from "@aws-sdk/client-glue";
import { IAMClient } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";

/** The SDK's clients, by the IAM prefix of their service. STS, which is asked once, isn't among them. */
const clients: Record<string, { prototype: object }> = {
  athena: AthenaClient,
  cloudwatch: CloudWatchClient,
  events: EventBridgeClient,
  glue: GlueClient,
  iam: IAMClient,
  kms: KMSClient,
  logs: CloudWatchLogsClient,
  s3: S3Client,
  sns: SNSClient,
  sqs: SQSClient,
  states: SFNClient,
};

/** Notes which operations the SDK's clients of this process are asked for, by what they are sent for. */
export class SentCommands {
  private readonly sent = new Map<string, Set<string>>();
  /** What the commands from now on are sent for. */
  for: string | undefined;

  constructor() {
    const note = (service: string, command: object) => {
      if (this.for === undefined) return;
      const operation = command.constructor.name.replace(/Command$/, "");
      const operations = this.sent.get(this.for) ?? new Set();
      this.sent.set(this.for, operations.add(`${service}:${operation}`));
    };
    for (const [service, { prototype }] of Object.entries(clients)) {
      const send: unknown = Reflect.get(prototype, "send");
      assert.ok(send instanceof Function);
      Reflect.defineProperty(prototype, "send", {
        configurable: true,
        value(this: object, command: object, ...rest: unknown[]): unknown {
          note(service, command);
          return Reflect.apply(send, this, [command, ...rest]);
        },
      });
    }
  }

  /** `service:Operation` of each, sorted. */
  of(what: string): string[] {
    return [...(this.sent.get(what) ?? [])].sort();
  }

  /** Lets the clients be as they were. */
  stop(): void {
    for (const { prototype } of Object.values(clients)) Reflect.deleteProperty(prototype, "send");
  }
}
