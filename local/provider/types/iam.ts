import { autonamed } from "../autoname";
import { type Aws, found } from "../aws";
import { isJson, samePolicy } from "../documents";
import { boolean, defaulted, type Inputs, integer, named, required, set, string } from "../fields";
import { defineResource, tagged } from "../resource";
import { tagChanges, tagList, tagMap } from "../tags";
import { all, anArn, between, lengthBetween, matches } from "../validators";

const validName = matches(/^[\w+=,.@-]+$/, "only letters, digits and +=,.@-_ are allowed");
const policyDocument = { check: isJson, same: samePolicy };

const roleInputs = {
  ...tagged,
  name: named(string({ forceNew: true, check: all(lengthBetween(1, 64), validName) })),
  assumeRolePolicy: required(string(policyDocument)),
  description: string({
    check: all(lengthBetween(0, 1000), matches(/^[^“‘]*$/, "must not have curly quotes")),
  }),
  forceDetachPolicies: defaulted(boolean({ unread: true }), false),
  managedPolicyArns: set(string({ check: anArn }), { computed: true }),
  maxSessionDuration: defaulted(integer({ check: between(3600, 43200) }), 3600),
  path: defaulted(string({ forceNew: true, check: lengthBetween(0, 512) }), "/"),
  permissionsBoundary: string({ check: anArn }),
};

async function attachedPolicies(aws: Aws, name: string): Promise<string[]> {
  const answer = await aws.iam.listAttachedRolePolicies({ RoleName: name });
  return (answer.AttachedPolicies ?? []).flatMap(({ PolicyArn }) => PolicyArn ?? []);
}

async function setPolicies(aws: Aws, name: string, wanted: string[]): Promise<void> {
  const actual = await attachedPolicies(aws, name);
  for (const PolicyArn of actual.filter((arn) => !wanted.includes(arn))) {
    await found(aws.iam.detachRolePolicy({ RoleName: name, PolicyArn }));
  }
  for (const PolicyArn of wanted.filter((arn) => !actual.includes(arn))) {
    await aws.iam.attachRolePolicy({ RoleName: name, PolicyArn });
  }
}

async function setRole(aws: Aws, name: string, role: Inputs<typeof roleInputs>): Promise<void> {
  await aws.iam.updateAssumeRolePolicy({ RoleName: name, PolicyDocument: role.assumeRolePolicy });
  await aws.iam.updateRoleDescription({ RoleName: name, Description: role.description ?? "" });
  await aws.iam.updateRole({ RoleName: name, MaxSessionDuration: role.maxSessionDuration });
  const actual = await aws.iam.getRole({ RoleName: name });
  const boundary = actual.Role?.PermissionsBoundary?.PermissionsBoundaryArn;
  if (role.permissionsBoundary !== undefined && boundary !== role.permissionsBoundary) {
    await aws.iam.putRolePermissionsBoundary({
      RoleName: name,
      PermissionsBoundary: role.permissionsBoundary,
    });
  } else if (role.permissionsBoundary === undefined && boundary !== undefined) {
    await found(aws.iam.deleteRolePermissionsBoundary({ RoleName: name }));
  }
  const { set: added, remove } = tagChanges(tagMap(actual.Role?.Tags), role.tagsAll);
  if (remove.length > 0) {
    await aws.iam.untagRole({ RoleName: name, TagKeys: remove });
  }
  if (Object.keys(added).length > 0) {
    await aws.iam.tagRole({ RoleName: name, Tags: tagList(added) });
  }
}

export const role = defineResource({
  token: "aws:iam/role:Role",
  inputs: roleInputs,
  outputs: ["arn", "createDate", "uniqueId"],
  unsupported: ["inlinePolicies", "namePrefix"],
  autoname: autonamed(64),
  idOf: ({ name }) => name,
  async create(aws, target, created) {
    await aws.iam.createRole({
      RoleName: target.name,
      AssumeRolePolicyDocument: target.assumeRolePolicy,
      Path: target.path,
      Description: target.description,
      MaxSessionDuration: target.maxSessionDuration,
      PermissionsBoundary: target.permissionsBoundary,
      Tags: target.tagsAll && tagList(target.tagsAll),
    });
    created(target.name);
    await setPolicies(aws, target.name, target.managedPolicyArns ?? []);
  },
  async read(aws, id) {
    const actual = (await found(aws.iam.getRole({ RoleName: id })))?.Role;
    if (actual === undefined) {
      return undefined;
    }
    return {
      name: actual.RoleName,
      arn: actual.Arn,
      uniqueId: actual.RoleId,
      createDate: actual.CreateDate?.toISOString(),
      assumeRolePolicy: decodeURIComponent(actual.AssumeRolePolicyDocument ?? ""),
      description: actual.Description,
      maxSessionDuration: actual.MaxSessionDuration,
      path: actual.Path,
      permissionsBoundary: actual.PermissionsBoundary?.PermissionsBoundaryArn,
      managedPolicyArns: await attachedPolicies(aws, id),
      tagsAll: tagMap(actual.Tags),
    };
  },
  async update(aws, id, target) {
    await setRole(aws, id, target);
    if (target.managedPolicyArns !== undefined) {
      await setPolicies(aws, id, target.managedPolicyArns);
    }
  },
  async delete(aws, id, { forceDetachPolicies, managedPolicyArns }) {
    if ((await found(aws.iam.getRole({ RoleName: id }))) === undefined) {
      return;
    }
    if (forceDetachPolicies) {
      const inline = await aws.iam.listRolePolicies({ RoleName: id });
      for (const PolicyName of inline.PolicyNames ?? []) {
        await found(aws.iam.deleteRolePolicy({ RoleName: id, PolicyName }));
      }
    }
    if (forceDetachPolicies || (managedPolicyArns ?? []).length > 0) {
      await setPolicies(aws, id, []);
    }
    await found(aws.iam.deleteRole({ RoleName: id }));
  },
});

const rolePolicyInputs = {
  name: named(string({ forceNew: true, check: all(lengthBetween(1, 128), validName) })),
  role: required(string({ forceNew: true })),
  policy: required(string(policyDocument)),
};

function rolePolicyId(id: string): { RoleName: string; PolicyName: string } {
  const [RoleName, PolicyName] = id.split(":");
  if (RoleName === undefined || PolicyName === undefined) {
    throw new Error(`the id of a role's policy is <role>:<policy>, not "${id}"`);
  }
  return { RoleName, PolicyName };
}

export const rolePolicy = defineResource({
  token: "aws:iam/rolePolicy:RolePolicy",
  inputs: rolePolicyInputs,
  unsupported: ["namePrefix"],
  autoname: autonamed(),
  async create(aws, { name, role: RoleName, policy }, created) {
    await aws.iam.putRolePolicy({ RoleName, PolicyName: name, PolicyDocument: policy });
    created(`${RoleName}:${name}`);
  },
  async read(aws, id) {
    const key = rolePolicyId(id);
    const answer = await found(aws.iam.getRolePolicy(key));
    return (
      answer && {
        name: key.PolicyName,
        role: key.RoleName,
        policy: decodeURIComponent(answer.PolicyDocument ?? ""),
      }
    );
  },
  async update(aws, id, { policy }) {
    await aws.iam.putRolePolicy({ ...rolePolicyId(id), PolicyDocument: policy });
  },
  async delete(aws, id) {
    await found(aws.iam.deleteRolePolicy(rolePolicyId(id)));
  },
});
