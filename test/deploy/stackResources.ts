import { createHash } from "node:crypto";
import { Recorded } from "../components/recorder";

/** Where the stacks of these tests are deployed. */
export const account = { id: "111122223333", region: "us-west-2" };

/** An ARN of the account and region. */
export const arn = (service: string, resource: string) =>
  `arn:aws:${service}:${account.region}:${account.id}:${resource}`;
const iamArn = (resource: string) => `arn:aws:iam::${account.id}:${resource}`;

/** A resource as AWS has it once it's made. */
export interface Made {
  type: string;
  /** Its name in the program. */
  name: string;
  inputs: Record<string, unknown>;
  id: string;
  /** The name by which AWS knows it. */
  physicalName: string;
  arn: string;
}

/** The random part that Pulumi gives a name ("Auto-naming", Pulumi docs), always the same here. */
const random = "-0a1b2c3";

/** The id that AWS gives a thing, always the same for the name. */
export function idOf(name: string): string {
  const hex = createHash("sha256").update(name).digest("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20, 32),
  ].join("-");
}

/** ARN and, where it isn't the ARN's name, the id, by type. What isn't here is told by its name alone. */
const arns: Record<string, (physicalName: string, inputs: Inputs, name: string) => string> = {
  "aws:athena/workgroup:Workgroup": (name) => arn("athena", `workgroup/${name}`),
  "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": (_name, inputs) =>
    `arn:aws:chatbot::${account.id}:chat-configuration/slack-channel/${text(inputs, "configurationName")}`,
  "aws:cloudwatch/eventRule:EventRule": (name) => arn("events", `rule/${name}`),
  "aws:cloudwatch/logGroup:LogGroup": (name) => arn("logs", `log-group:${name}`),
  "aws:cloudwatch/metricAlarm:MetricAlarm": (name) => arn("cloudwatch", `alarm:${name}`),
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": (_name, inputs) =>
    iamArn(`oidc-provider/${text(inputs, "url").replace("https://", "")}`),
  "aws:iam/policy:Policy": (name) => iamArn(`policy/${name}`),
  "aws:iam/role:Role": (name) => iamArn(`role/${name}`),
  "aws:kms/key:Key": (_name, _inputs, name) => arn("kms", `key/${idOf(name)}`),
  "aws:s3/bucket:Bucket": (name) => `arn:aws:s3:::${name}`,
  "aws:sfn/stateMachine:StateMachine": (name) => arn("states", `stateMachine:${name}`),
  "aws:sns/topic:Topic": (name) => arn("sns", name),
  "aws:sns/topicSubscription:TopicSubscription": (_name, inputs, name) =>
    `${text(inputs, "topic")}:${idOf(name)}`,
  "aws:sqs/queue:Queue": (name) => arn("sqs", name),
};

/** Types whose id is the ARN, as later resources name them by it. */
const knownByArn = /^aws:(sns|sfn|chatbot)\/|^aws:iam\/policy:/;
const names = ["name", "bucket", "dashboardName", "configurationName"];

type Inputs = Record<string, unknown>;

/** An input that is a text. */
export function text(inputs: Inputs, name: string): string {
  const value = inputs[name];
  if (typeof value !== "string") throw new Error(`${name} is ${typeof value}, not a text`);
  return value;
}

export function made({ type, name, inputs }: Omit<Recorded, "dependencies">): Made {
  const given = names.map((key) => inputs[key]).find((value) => typeof value === "string");
  // The provider names aliases below `alias/` (pulumi-aws, provider/resources.go).
  const below = type === "aws:kms/alias:Alias" ? "alias/" : "";
  const physicalName = typeof given === "string" ? given : `${below}${name}${random}`;
  const itsArn = arns[type]?.(physicalName, inputs, name) ?? "";
  const id = knownByArn.test(type) ? itsArn : physicalName;
  return { type, name, inputs, id, physicalName, arn: itsArn };
}

/** For the recorder: ids and outputs that other resources and policies name. */
export function outputsOf(resource: Omit<Recorded, "dependencies">) {
  const { id, arn: itsArn, physicalName } = made(resource);
  const url = `https://sqs.${account.region}.amazonaws.com/${account.id}/${physicalName}`;
  return {
    id: resource.type === "aws:sqs/queue:Queue" ? url : id,
    state: { name: physicalName, arn: itsArn, keyId: idOf(resource.name), url },
  };
}
