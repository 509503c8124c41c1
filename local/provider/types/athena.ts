import { EncryptionOption, WorkGroupState } from "@aws-sdk/client-athena";
import { autonamed } from "../autoname";
import { type Aws, found } from "../aws";
import {
  boolean,
  defaulted,
  type Inputs,
  integer,
  named,
  object,
  oneOf,
  required,
  string,
} from "../fields";
import { defineResource, regional, tagged } from "../resource";
import { tagChanges, tagList, tagMap } from "../tags";
import { all, anArn, lengthBetween, matches } from "../validators";

const smallestCutoff = 10 * 1024 * 1024;

const configuration = {
  bytesScannedCutoffPerQuery: integer({
    check: (bytes) =>
      bytes === 0 || bytes >= smallestCutoff
        ? undefined
        : `expected 0 or at least ${smallestCutoff}, got ${bytes}`,
  }),
  enforceWorkgroupConfiguration: defaulted(boolean(), true),
  engineVersion: object(
    {
      selectedEngineVersion: defaulted(string(), "AUTO"),
      effectiveEngineVersion: string({ computed: true }),
    },
    { computed: true },
  ),
  executionRole: string({ check: anArn }),
  publishCloudwatchMetricsEnabled: defaulted(boolean(), true),
  requesterPaysEnabled: defaulted(boolean(), false),
  resultConfiguration: object({
    outputLocation: string(),
    expectedBucketOwner: string(),
    encryptionConfiguration: object({
      encryptionOption: oneOf(Object.values(EncryptionOption)),
      kmsKeyArn: string({ check: anArn }),
    }),
  }),
};

const inputs = {
  ...regional,
  ...tagged,
  name: named(
    string({
      forceNew: true,
      check: all(
        lengthBetween(1, 128),
        matches(/^[a-zA-Z0-9._-]+$/, "only letters, digits, dots, dashes and underscores"),
      ),
    }),
  ),
  configuration: object(configuration, { computed: true }),
  description: string({ check: lengthBetween(0, 1024) }),
  forceDestroy: defaulted(boolean({ unread: true }), false),
  state: defaulted(oneOf(Object.values(WorkGroupState)), WorkGroupState.ENABLED),
};

type Configuration = Inputs<typeof configuration>;
type Encryption = NonNullable<Configuration["resultConfiguration"]>["encryptionConfiguration"];

function encryption(given: Encryption) {
  // Athena wants an option wherever there is a block; without one there is nothing to send.
  return given?.encryptionOption === undefined
    ? undefined
    : { EncryptionOption: given.encryptionOption, KmsKey: given.kmsKeyArn };
}

function settings(given: Configuration) {
  return {
    EnforceWorkGroupConfiguration: given.enforceWorkgroupConfiguration,
    EngineVersion: given.engineVersion && {
      SelectedEngineVersion: given.engineVersion.selectedEngineVersion,
    },
    ExecutionRole: given.executionRole,
    PublishCloudWatchMetricsEnabled: given.publishCloudwatchMetricsEnabled,
    RequesterPaysEnabled: given.requesterPaysEnabled,
  };
}

function newConfiguration(given: Configuration) {
  const { resultConfiguration: result, bytesScannedCutoffPerQuery: cutoff } = given;
  return {
    ...settings(given),
    BytesScannedCutoffPerQuery: cutoff || undefined,
    ResultConfiguration: result && {
      OutputLocation: result.outputLocation,
      ExpectedBucketOwner: result.expectedBucketOwner,
      EncryptionConfiguration: encryption(result.encryptionConfiguration),
    },
  };
}

function changedConfiguration(given: Configuration) {
  const { resultConfiguration: result, bytesScannedCutoffPerQuery: cutoff } = given;
  const encrypted = encryption(result?.encryptionConfiguration);
  return {
    ...settings(given),
    BytesScannedCutoffPerQuery: cutoff || undefined,
    RemoveBytesScannedCutoffPerQuery: !cutoff,
    ResultConfigurationUpdates: {
      OutputLocation: result?.outputLocation,
      RemoveOutputLocation: !result?.outputLocation,
      ExpectedBucketOwner: result?.expectedBucketOwner,
      RemoveExpectedBucketOwner: !result?.expectedBucketOwner,
      EncryptionConfiguration: encrypted,
      RemoveEncryptionConfiguration: encrypted === undefined,
    },
  };
}

async function setTags(aws: Aws, arn: string, group: Inputs<typeof inputs>): Promise<void> {
  const actual = await aws.athena.listTagsForResource({ ResourceARN: arn });
  const { set, remove } = tagChanges(tagMap(actual.Tags), group.tagsAll);
  if (remove.length > 0) {
    await aws.athena.untagResource({ ResourceARN: arn, TagKeys: remove });
  }
  if (Object.keys(set).length > 0) {
    await aws.athena.tagResource({ ResourceARN: arn, Tags: tagList(set) });
  }
}

export const workgroup = defineResource({
  token: "aws:athena/workgroup:Workgroup",
  inputs,
  outputs: ["arn"],
  unsupported: [
    "configuration.customerContentEncryptionConfiguration",
    "configuration.enableMinimumEncryptionConfiguration",
    "configuration.identityCenterConfiguration",
    "configuration.managedQueryResultsConfiguration",
    "configuration.monitoringConfiguration",
    "configuration.queryResultsS3AccessGrantsConfiguration",
    "configuration.resultConfiguration.aclConfiguration",
  ],
  autoname: autonamed(),
  idOf: ({ name }) => name,
  async create(aws, group, created) {
    const tags = tagList(group.tagsAll);
    await aws.athena.createWorkGroup({
      Name: group.name,
      Description: group.description,
      Configuration: group.configuration && newConfiguration(group.configuration),
      // Athena refuses an empty list.
      Tags: tags.length > 0 ? tags : undefined,
    });
    created(group.name);
    if (group.state === WorkGroupState.DISABLED) {
      await aws.athena.updateWorkGroup({ WorkGroup: group.name, State: group.state });
    }
  },
  async read(aws, id) {
    const answer = await found(aws.athena.getWorkGroup({ WorkGroup: id }));
    const group = answer?.WorkGroup;
    if (group === undefined) {
      return undefined;
    }
    const arn = await aws.arn("athena", `workgroup/${id}`);
    const tags = await aws.athena.listTagsForResource({ ResourceARN: arn });
    const actual = group.Configuration ?? {};
    const result = actual.ResultConfiguration;
    return {
      name: id,
      arn,
      description: group.Description,
      state: group.State,
      configuration: {
        bytesScannedCutoffPerQuery: actual.BytesScannedCutoffPerQuery,
        enforceWorkgroupConfiguration: actual.EnforceWorkGroupConfiguration,
        engineVersion: actual.EngineVersion && {
          selectedEngineVersion: actual.EngineVersion.SelectedEngineVersion,
          effectiveEngineVersion: actual.EngineVersion.EffectiveEngineVersion,
        },
        executionRole: actual.ExecutionRole,
        publishCloudwatchMetricsEnabled: actual.PublishCloudWatchMetricsEnabled,
        requesterPaysEnabled: actual.RequesterPaysEnabled,
        resultConfiguration: result && {
          outputLocation: result.OutputLocation,
          expectedBucketOwner: result.ExpectedBucketOwner,
          encryptionConfiguration: result.EncryptionConfiguration && {
            encryptionOption: result.EncryptionConfiguration.EncryptionOption,
            kmsKeyArn: result.EncryptionConfiguration.KmsKey,
          },
        },
      },
      tagsAll: tagMap(tags.Tags),
    };
  },
  async update(aws, id, group) {
    await aws.athena.updateWorkGroup({
      WorkGroup: id,
      Description: group.description ?? "",
      State: group.state,
      ConfigurationUpdates: group.configuration && changedConfiguration(group.configuration),
    });
    await setTags(aws, await aws.arn("athena", `workgroup/${id}`), group);
  },
  async delete(aws, id, { forceDestroy }) {
    await found(
      aws.athena.deleteWorkGroup({ WorkGroup: id, RecursiveDeleteOption: forceDestroy ?? false }),
    );
  },
});

export const namedQuery = defineResource({
  token: "aws:athena/namedQuery:NamedQuery",
  inputs: {
    ...regional,
    name: named(string({ forceNew: true })),
    database: required(string({ forceNew: true })),
    description: string({ forceNew: true }),
    query: required(string({ forceNew: true })),
    workgroup: defaulted(string({ forceNew: true }), "primary"),
  },
  autoname: autonamed(),
  async create(aws, query, created) {
    const answer = await aws.athena.createNamedQuery({
      Name: query.name,
      Database: query.database,
      Description: query.description,
      QueryString: query.query,
      WorkGroup: query.workgroup,
    });
    created(answer.NamedQueryId ?? "");
  },
  async read(aws, id) {
    const answer = await found(aws.athena.getNamedQuery({ NamedQueryId: id }));
    const query = answer?.NamedQuery;
    return (
      query && {
        name: query.Name,
        database: query.Database,
        description: query.Description,
        query: query.QueryString,
        workgroup: query.WorkGroup,
      }
    );
  },
  async delete(aws, id) {
    await found(aws.athena.deleteNamedQuery({ NamedQueryId: id }));
  },
});
