import { type Aws, found } from "../aws";
import { required, string } from "../fields";
import { defineResource } from "../resource";
import { anArn } from "../validators";

/** The id's parts: `<role>/<policy's ARN>`, as the official provider imports it. */
function parts(id: string): { RoleName: string; PolicyArn: string } {
  const [, RoleName, PolicyArn] = /^([^/]+)\/(arn:.+)$/.exec(id) ?? [];
  if (RoleName === undefined || PolicyArn === undefined) {
    throw new Error(`the id of an attachment is <role>/<ARN of the policy>, not "${id}"`);
  }
  return { RoleName, PolicyArn };
}

async function isAttached(aws: Aws, id: string): Promise<boolean> {
  const { RoleName, PolicyArn } = parts(id);
  const answer = await found(aws.iam.listAttachedRolePolicies({ RoleName }));
  return (answer?.AttachedPolicies ?? []).some((policy) => policy.PolicyArn === PolicyArn);
}

export const rolePolicyAttachment = defineResource({
  token: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  inputs: {
    role: required(string({ forceNew: true })),
    policyArn: required(string({ forceNew: true, check: anArn })),
  },
  async create(aws, { role, policyArn }, created) {
    await aws.iam.attachRolePolicy({ RoleName: role, PolicyArn: policyArn });
    created(`${role}/${policyArn}`);
  },
  async read(aws, id) {
    if (!(await isAttached(aws, id))) {
      return undefined;
    }
    const { RoleName, PolicyArn } = parts(id);
    return { role: RoleName, policyArn: PolicyArn };
  },
  async delete(aws, id) {
    await found(aws.iam.detachRolePolicy(parts(id)));
  },
});
