import type { Aws } from "./aws";
import type { Properties } from "./values";

const dnsSuffixes: Record<string, string> = { "aws-cn": "amazonaws.com.cn" };

/** The functions that programs may call, by token. */
export const invokes: Readonly<Record<string, (aws: Aws) => Promise<Properties>>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": async (aws) => {
    const { Account, Arn, UserId } = await aws.sts.getCallerIdentity({});
    return { accountId: Account, arn: Arn, userId: UserId, id: Account };
  },
  "aws:index/getPartition:getPartition": async ({ partition }) => {
    const dnsSuffix = dnsSuffixes[partition] ?? "amazonaws.com";
    const reverseDnsPrefix = dnsSuffix.split(".").reverse().join(".");
    return { partition, dnsSuffix, reverseDnsPrefix, id: partition };
  },
  "aws:index/getRegion:getRegion": async ({ region, partition }) => {
    const endpoint = `ec2.${region}.${dnsSuffixes[partition] ?? "amazonaws.com"}`;
    return { region, name: region, endpoint, id: region };
  },
};
