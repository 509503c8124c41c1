import { KeySpec, KeyState, KeyUsageType } from "@aws-sdk/client-kms";
import { type Aws, found } from "../aws";
import { isJson, samePolicy } from "../documents";
import {
  boolean,
  defaulted,
  type Inputs,
  integer,
  named,
  oneOf,
  required,
  string,
} from "../fields";
import { defineResource, regional, tagged } from "../resource";
import { tagChanges, type Tags } from "../tags";
import { between, lengthBetween, matches } from "../validators";

const keyInputs = {
  ...regional,
  ...tagged,
  bypassPolicyLockoutSafetyCheck: defaulted(boolean({ unread: true }), false),
  customerMasterKeySpec: defaulted(
    oneOf(Object.values(KeySpec), { forceNew: true }),
    KeySpec.SYMMETRIC_DEFAULT,
  ),
  deletionWindowInDays: integer({ unread: true, check: between(7, 30) }),
  description: string({ computed: true, check: lengthBetween(0, 8192) }),
  enableKeyRotation: defaulted(boolean(), false),
  isEnabled: defaulted(boolean(), true),
  keyUsage: defaulted(
    oneOf(Object.values(KeyUsageType), { forceNew: true }),
    KeyUsageType.ENCRYPT_DECRYPT,
  ),
  multiRegion: boolean({ forceNew: true, computed: true }),
  policy: string({ computed: true, check: isJson, same: samePolicy }),
  rotationPeriodInDays: integer({ computed: true, check: between(90, 2560) }),
};

async function keyTags(aws: Aws, KeyId: string): Promise<Tags> {
  const answer = await aws.kms.listResourceTags({ KeyId });
  return Object.fromEntries(
    (answer.Tags ?? []).map(({ TagKey, TagValue }) => [TagKey ?? "", TagValue ?? ""]),
  );
}

const keyTagList = (tags: Tags) =>
  Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));

/** Makes a key as wanted; a disabled key takes no change, so it is disabled last. */
async function setKey(aws: Aws, KeyId: string, key: Inputs<typeof keyInputs>): Promise<void> {
  const { KeyMetadata } = await aws.kms.describeKey({ KeyId });
  if (key.isEnabled && KeyMetadata?.Enabled === false) {
    await aws.kms.enableKey({ KeyId });
  }
  const rotation = await aws.kms.getKeyRotationStatus({ KeyId });
  const period = key.rotationPeriodInDays;
  const otherPeriod = period !== undefined && period !== rotation.RotationPeriodInDays;
  if (key.enableKeyRotation && (!rotation.KeyRotationEnabled || otherPeriod)) {
    await aws.kms.enableKeyRotation({ KeyId, RotationPeriodInDays: period });
  } else if (!key.enableKeyRotation && rotation.KeyRotationEnabled) {
    await aws.kms.disableKeyRotation({ KeyId });
  }
  if (!key.isEnabled && KeyMetadata?.Enabled !== false) {
    await aws.kms.disableKey({ KeyId });
  }
}

export const key = defineResource({
  token: "aws:kms/key:Key",
  inputs: keyInputs,
  outputs: ["arn", "keyId"],
  unsupported: ["customKeyStoreId", "xksKeyId"],
  check({ enableKeyRotation }, isSet) {
    return isSet("rotationPeriodInDays") && enableKeyRotation === false
      ? [{ property: "rotationPeriodInDays", reason: "needs enableKeyRotation" }]
      : [];
  },
  async create(aws, target, created) {
    const answer = await aws.kms.createKey({
      BypassPolicyLockoutSafetyCheck: target.bypassPolicyLockoutSafetyCheck,
      Description: target.description,
      KeySpec: target.customerMasterKeySpec,
      KeyUsage: target.keyUsage,
      MultiRegion: target.multiRegion,
      Policy: target.policy,
      Tags: keyTagList(target.tagsAll ?? {}),
    });
    const id = answer.KeyMetadata?.KeyId;
    if (id === undefined) {
      throw new Error("KMS gave no key id");
    }
    created(id);
    if (target.enableKeyRotation || !target.isEnabled) {
      await setKey(aws, id, target);
    }
  },
  async read(aws, id) {
    const answer = await found(aws.kms.describeKey({ KeyId: id }));
    const metadata = answer?.KeyMetadata;
    if (metadata === undefined || metadata.KeyState === KeyState.PendingDeletion) {
      return undefined;
    }
    const [policy, rotation, tagsAll] = await Promise.all([
      aws.kms.getKeyPolicy({ KeyId: id, PolicyName: "default" }),
      aws.kms.getKeyRotationStatus({ KeyId: id }),
      keyTags(aws, id),
    ]);
    return {
      arn: metadata.Arn,
      keyId: metadata.KeyId,
      customerMasterKeySpec: metadata.KeySpec,
      keyUsage: metadata.KeyUsage,
      description: metadata.Description,
      isEnabled: metadata.Enabled,
      multiRegion: metadata.MultiRegion,
      enableKeyRotation: rotation.KeyRotationEnabled ?? false,
      rotationPeriodInDays: rotation.RotationPeriodInDays,
      policy: policy.Policy,
      tagsAll,
    };
  },
  async update(aws, id, target, old) {
    await setKey(aws, id, { ...target, isEnabled: true });
    if (target.description !== undefined && target.description !== old.description) {
      await aws.kms.updateKeyDescription({ KeyId: id, Description: target.description });
    }
    if (target.policy !== undefined && !samePolicy(old.policy, target.policy)) {
      await aws.kms.putKeyPolicy({ KeyId: id, PolicyName: "default", Policy: target.policy });
    }
    const { set, remove } = tagChanges(await keyTags(aws, id), target.tagsAll);
    if (remove.length > 0) {
      await aws.kms.untagResource({ KeyId: id, TagKeys: remove });
    }
    if (Object.keys(set).length > 0) {
      await aws.kms.tagResource({ KeyId: id, Tags: keyTagList(set) });
    }
    if (!target.isEnabled) {
      await setKey(aws, id, target);
    }
  },
  async delete(aws, id, { deletionWindowInDays }) {
    const answer = await found(aws.kms.describeKey({ KeyId: id }));
    const state = answer?.KeyMetadata?.KeyState;
    if (state !== undefined && state !== KeyState.PendingDeletion) {
      await aws.kms.scheduleKeyDeletion({ KeyId: id, PendingWindowInDays: deletionWindowInDays });
    }
  },
});

const lastPart = (id: unknown) => String(id).split("/").at(-1);

const aliasInputs = {
  ...regional,
  name: named(
    string({
      forceNew: true,
      check: matches(/^alias\/(?!aws\/)[\w/-]+$/, 'must begin with "alias/", but not "alias/aws/"'),
    }),
  ),
  targetKeyId: required(string({ same: (left, right) => lastPart(left) === lastPart(right) })),
};

export const alias = defineResource({
  token: "aws:kms/alias:Alias",
  inputs: aliasInputs,
  outputs: ["arn", "targetKeyArn"],
  unsupported: ["namePrefix"],
  volatile: { targetKeyArn: ["targetKeyId"] },
  autoname: {
    property: "name",
    prefix: "alias/",
    separator: "-",
    maxLength: 244,
    randomLength: 7,
    unique: true,
  },
  idOf: ({ name }) => name,
  async create(aws, { name, targetKeyId }, created) {
    await aws.kms.createAlias({ AliasName: name, TargetKeyId: targetKeyId });
    created(name);
  },
  async read(aws, id) {
    let Marker: string | undefined;
    do {
      const page = await aws.kms.listAliases({ Marker });
      const entry = page.Aliases?.find(({ AliasName }) => AliasName === id);
      if (entry !== undefined) {
        const { TargetKeyId, AliasArn } = entry;
        const targetKeyArn = await aws.arn("kms", `key/${TargetKeyId}`);
        return { name: id, targetKeyId: TargetKeyId, arn: AliasArn, targetKeyArn };
      }
      Marker = page.NextMarker;
    } while (Marker !== undefined);
    return undefined;
  },
  async update(aws, id, { targetKeyId }) {
    await aws.kms.updateAlias({ AliasName: id, TargetKeyId: targetKeyId });
  },
  async delete(aws, id) {
    await found(aws.kms.deleteAlias({ AliasName: id }));
  },
});
