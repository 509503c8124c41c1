import { z } from "zod";
import { type Target, until } from "./target";

const envelope = z.object({ Message: z.string() });

/** The queue that gets the stack's notices. */
export class Notices {
  /** Texts of all notices so far. */
  readonly heard: string[] = [];

  private queueUrl = "";

  constructor(
    private readonly id: string,
    private readonly target: Target,
  ) {}

  static nameOf = (id: string): string => `acceptance-notices-${id}`;

  static arnOf(id: string, { partition, region, account }: Target): string {
    return `arn:${partition}:sqs:${region}:${account}:${Notices.nameOf(id)}`;
  }

  /** Makes the queue; topics of the account may send to it. */
  async makeQueue(): Promise<void> {
    const statement = {
      Effect: "Allow",
      Principal: { Service: "sns.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: Notices.arnOf(this.id, this.target),
      Condition: { StringEquals: { "aws:SourceAccount": this.target.account } },
    };
    const { QueueUrl = "" } = await this.target.clients.sqs.createQueue({
      QueueName: Notices.nameOf(this.id),
      Attributes: { Policy: JSON.stringify({ Version: "2012-10-17", Statement: [statement] }) },
    });
    this.queueUrl = QueueUrl;
  }

  /** Waits for a notice that has all of these. @returns its text. */
  async wait(what: string, minutes: number, ...parts: string[]): Promise<string> {
    const isIt = (text: string) => parts.every((part) => text.includes(part));
    const found = await until(
      this.target,
      `a notice of ${what}`,
      minutes,
      async () => {
        await this.hear();
        return this.heard.find(isIt);
      },
      (text) => text !== undefined,
    );
    return found ?? "";
  }

  private async hear(): Promise<void> {
    const { sqs } = this.target.clients;
    const { Messages = [] } = await sqs.receiveMessage({
      QueueUrl: this.queueUrl,
      MaxNumberOfMessages: 10,
    });
    for (const { Body = "", ReceiptHandle } of Messages) {
      this.heard.push(envelope.parse(JSON.parse(Body)).Message);
      await sqs.deleteMessage({ QueueUrl: this.queueUrl, ReceiptHandle });
    }
  }
}
