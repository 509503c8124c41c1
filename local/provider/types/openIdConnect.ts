import { type Aws, found } from "../aws";
import { type Inputs, list, required, set, string } from "../fields";
import { defineResource, tagged } from "../resource";
import { tagChanges, tagList, tagMap } from "../tags";
import { lengthBetween } from "../validators";

const withoutScheme = (url: unknown) => String(url).replace(/^https:\/\//, "");

function issuerUrl(value: string): string | undefined {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol !== "https:") {
    return "has to use HTTPS scheme (i.e. begin with https://)";
  }
  return url.search === "" ? undefined : "cannot contain query parameters";
}

const inputs = {
  ...tagged,
  clientIdLists: required(set(string({ check: lengthBetween(1, 255) }))),
  thumbprintLists: list(string({ check: lengthBetween(40, 40) }), { computed: true }),
  url: required(
    string({
      forceNew: true,
      check: issuerUrl,
      // IAM gives the URL back without its scheme.
      same: (left, right) => withoutScheme(left) === withoutScheme(right),
    }),
  ),
};

async function setClientIds(aws: Aws, arn: string, wanted: string[], actual: string[]) {
  for (const ClientID of wanted.filter((id) => !actual.includes(id))) {
    await aws.iam.addClientIDToOpenIDConnectProvider({ OpenIDConnectProviderArn: arn, ClientID });
  }
  for (const ClientID of actual.filter((id) => !wanted.includes(id))) {
    await aws.iam.removeClientIDFromOpenIDConnectProvider({
      OpenIDConnectProviderArn: arn,
      ClientID,
    });
  }
}

async function setTags(aws: Aws, arn: string, { tagsAll }: Inputs<typeof inputs>) {
  const { Tags } = await aws.iam.listOpenIDConnectProviderTags({ OpenIDConnectProviderArn: arn });
  const { set: added, remove } = tagChanges(tagMap(Tags), tagsAll);
  if (remove.length > 0) {
    await aws.iam.untagOpenIDConnectProvider({ OpenIDConnectProviderArn: arn, TagKeys: remove });
  }
  if (Object.keys(added).length > 0) {
    await aws.iam.tagOpenIDConnectProvider({ OpenIDConnectProviderArn: arn, Tags: tagList(added) });
  }
}

export const openIdConnectProvider = defineResource({
  token: "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
  inputs,
  outputs: ["arn"],
  idOf: ({ url }, accountId) =>
    url === undefined
      ? undefined
      : `arn:aws:iam::${accountId}:oidc-provider/${withoutScheme(url).replace(/\/$/, "")}`,
  async create(aws, target, created) {
    const answer = await aws.iam.createOpenIDConnectProvider({
      Url: target.url,
      ClientIDList: target.clientIdLists,
      ThumbprintList: target.thumbprintLists,
      Tags: tagList(target.tagsAll),
    });
    if (answer.OpenIDConnectProviderArn === undefined) {
      throw new Error("IAM gave no ARN of the identity provider");
    }
    created(answer.OpenIDConnectProviderArn);
  },
  async read(aws, id) {
    const actual = await found(aws.iam.getOpenIDConnectProvider({ OpenIDConnectProviderArn: id }));
    return (
      actual && {
        arn: id,
        url: actual.Url,
        clientIdLists: actual.ClientIDList,
        thumbprintLists: actual.ThumbprintList,
        tagsAll: tagMap(actual.Tags),
      }
    );
  },
  async update(aws, id, target) {
    const actual = await aws.iam.getOpenIDConnectProvider({ OpenIDConnectProviderArn: id });
    const thumbprints = target.thumbprintLists ?? [];
    // IAM takes no empty list; once set, thumbprints can only be replaced by others.
    if (thumbprints.length > 0) {
      await aws.iam.updateOpenIDConnectProviderThumbprint({
        OpenIDConnectProviderArn: id,
        ThumbprintList: thumbprints,
      });
    }
    await setClientIds(aws, id, target.clientIdLists, actual.ClientIDList ?? []);
    await setTags(aws, id, target);
  },
  async delete(aws, id) {
    await found(aws.iam.deleteOpenIDConnectProvider({ OpenIDConnectProviderArn: id }));
  },
});
