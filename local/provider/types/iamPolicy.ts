import { autonamed } from "../autoname";
import { type Aws, found } from "../aws";
import { isJson, samePolicy } from "../documents";
import { defaulted, named, required, string } from "../fields";
import { defineResource, tagged } from "../resource";
import { tagChanges, tagList, tagMap } from "../tags";
import { all, lengthBetween, matches } from "../validators";

const validName = matches(/^[\w+=,.@-]+$/, "only letters, digits and +=,.@-_ are allowed");

/** IAM keeps five versions of a policy: the oldest of them makes room for another. */
async function makeRoom(aws: Aws, arn: string): Promise<void> {
  const { Versions = [] } = await aws.iam.listPolicyVersions({ PolicyArn: arn });
  const old = Versions.filter(({ IsDefaultVersion }) => !IsDefaultVersion);
  const oldest = old.sort((a, b) => Number(a.CreateDate) - Number(b.CreateDate))[0];
  if (Versions.length >= 5) {
    await found(aws.iam.deletePolicyVersion({ PolicyArn: arn, VersionId: oldest?.VersionId }));
  }
}

export const policy = defineResource({
  token: "aws:iam/policy:Policy",
  inputs: {
    ...tagged,
    name: named(string({ forceNew: true, check: all(lengthBetween(1, 128), validName) })),
    description: string({ forceNew: true, check: lengthBetween(0, 1000) }),
    path: defaulted(string({ forceNew: true, check: lengthBetween(0, 512) }), "/"),
    policy: required(string({ check: isJson, same: samePolicy })),
  },
  outputs: ["arn", "attachmentCount", "policyId"],
  unsupported: ["delayAfterPolicyCreationInMs", "namePrefix"],
  autoname: autonamed(),
  idOf: ({ name, path }, accountId) =>
    name === undefined ? undefined : `arn:aws:iam::${accountId}:policy${path ?? "/"}${name}`,
  async create(aws, { name, description, path, policy: document, tagsAll }, created) {
    const { Policy } = await aws.iam.createPolicy({
      PolicyName: name,
      PolicyDocument: document,
      Description: description,
      Path: path,
      Tags: tagsAll && tagList(tagsAll),
    });
    created(Policy?.Arn ?? "");
  },
  async read(aws, id) {
    const actual = (await found(aws.iam.getPolicy({ PolicyArn: id })))?.Policy;
    if (actual === undefined) {
      return undefined;
    }
    const version = await aws.iam.getPolicyVersion({
      PolicyArn: id,
      VersionId: actual.DefaultVersionId,
    });
    return {
      name: actual.PolicyName,
      arn: actual.Arn,
      policyId: actual.PolicyId,
      attachmentCount: actual.AttachmentCount,
      description: actual.Description,
      path: actual.Path,
      policy: decodeURIComponent(version.PolicyVersion?.Document ?? ""),
      tagsAll: tagMap(actual.Tags),
    };
  },
  async update(aws, id, { policy: document, tagsAll }, old) {
    if (!samePolicy(document, old.policy)) {
      await makeRoom(aws, id);
      await aws.iam.createPolicyVersion({
        PolicyArn: id,
        PolicyDocument: document,
        SetAsDefault: true,
      });
    }
    const actual = await aws.iam.getPolicy({ PolicyArn: id });
    const { set: added, remove } = tagChanges(tagMap(actual.Policy?.Tags), tagsAll);
    if (remove.length > 0) {
      await aws.iam.untagPolicy({ PolicyArn: id, TagKeys: remove });
    }
    if (Object.keys(added).length > 0) {
      await aws.iam.tagPolicy({ PolicyArn: id, Tags: tagList(added) });
    }
  },
  async delete(aws, id) {
    const { Versions = [] } = (await found(aws.iam.listPolicyVersions({ PolicyArn: id }))) ?? {};
    for (const { VersionId, IsDefaultVersion } of Versions) {
      if (!IsDefaultVersion) {
        await found(aws.iam.deletePolicyVersion({ PolicyArn: id, VersionId }));
      }
    }
    await found(aws.iam.deletePolicy({ PolicyArn: id }));
  },
});
