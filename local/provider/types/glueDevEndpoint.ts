import { WorkerType } from "@aws-sdk/client-glue";
import { fromApi, toApi } from "../api";
import { autonamed } from "../autoname";
import { found } from "../aws";
import { integer, map, named, oneOf, required, set, string } from "../fields";
import { defineResource, type Failure, regional, tagged } from "../resource";
import { anArn, atLeast, matches, notEmpty } from "../validators";
import { isRecord } from "../values";
import { glueTags, setGlueTags } from "./glueTags";

// What a program leaves out here, Glue fills in.
const inputs = {
  ...regional,
  ...tagged,
  name: named(string({ forceNew: true, check: notEmpty })),
  roleArn: required(string({ forceNew: true, check: anArn })),
  arguments: map(),
  extraJarsS3Path: string(),
  extraPythonLibsS3Path: string(),
  glueVersion: string({
    forceNew: true,
    computed: true,
    check: matches(/^\w+\.\w+$/, "must match version pattern X.X"),
  }),
  numberOfNodes: integer({ forceNew: true, computed: true, check: atLeast(2) }),
  numberOfWorkers: integer({ forceNew: true, computed: true, check: atLeast(2) }),
  publicKey: string({ computed: true }),
  publicKeys: set(string(), { computed: true }),
  securityConfiguration: string({ forceNew: true }),
  securityGroupIds: set(string(), { forceNew: true }),
  subnetId: string({ forceNew: true, computed: true }),
  workerType: oneOf(Object.values(WorkerType), { forceNew: true, computed: true }),
};

const outputs = [
  "arn",
  "availabilityZone",
  "failureReason",
  "privateAddress",
  "publicAddress",
  "status",
  "vpcId",
  "yarnEndpointAddress",
  "zeppelinRemoteSparkInterpreterPort",
];

export const devEndpoint = defineResource({
  token: "aws:glue/devEndpoint:DevEndpoint",
  inputs,
  outputs,
  autoname: autonamed(),
  check(_endpoint, isSet) {
    const failures: Failure[] = [];
    const conflicts = [
      ["numberOfNodes", "numberOfWorkers"],
      ["numberOfNodes", "workerType"],
      ["publicKey", "publicKeys"],
    ] as const;
    for (const [property, other] of conflicts) {
      if (isSet(property) && isSet(other)) {
        failures.push({ property, reason: `conflicts with ${other}` });
      }
    }
    if (isSet("subnetId") !== isSet("securityGroupIds")) {
      failures.push({ property: "subnetId", reason: "goes together with securityGroupIds" });
    }
    return failures;
  },
  idOf: ({ name }) => name,
  async create(aws, endpoint, created) {
    const settings = toApi(inputs, endpoint);
    await aws.glue.createDevEndpoint({
      ...settings,
      EndpointName: endpoint.name,
      Tags: endpoint.tagsAll,
    });
    created(endpoint.name);
    await aws.waitUntil(`dev endpoint ${endpoint.name} to be ready`, async () => {
      const answer = await aws.glue.getDevEndpoint({ EndpointName: endpoint.name });
      if (answer.DevEndpoint?.Status === "FAILED") {
        throw new Error(answer.DevEndpoint.FailureReason ?? "the dev endpoint failed");
      }
      return answer.DevEndpoint?.Status === "READY";
    });
  },
  async read(aws, id) {
    const answer = await found(aws.glue.getDevEndpoint({ EndpointName: id }));
    if (answer?.DevEndpoint === undefined) {
      return undefined;
    }
    const arn = await aws.arn("glue", `devEndpoint/${id}`);
    const read = Object.fromEntries(outputs.map((name) => [name, string()]));
    return {
      ...fromApi({ ...inputs, ...read }, answer.DevEndpoint),
      name: id,
      arn,
      tagsAll: await glueTags(aws, arn),
    };
  },
  async update(aws, id, endpoint, old) {
    const before = isRecord(old.arguments) ? Object.keys(old.arguments) : [];
    const oldKeys = Array.isArray(old.publicKeys) ? old.publicKeys.map(String) : [];
    const keys = endpoint.publicKeys ?? oldKeys;
    await aws.glue.updateDevEndpoint({
      EndpointName: id,
      AddArguments: endpoint.arguments,
      DeleteArguments: before.filter((name) => !(name in (endpoint.arguments ?? {}))),
      PublicKey: endpoint.publicKey,
      AddPublicKeys: keys.filter((key) => !oldKeys.includes(key)),
      DeletePublicKeys: oldKeys.filter((key) => !keys.includes(key)),
      UpdateEtlLibraries: true,
      CustomLibraries: {
        ExtraJarsS3Path: endpoint.extraJarsS3Path ?? "",
        ExtraPythonLibsS3Path: endpoint.extraPythonLibsS3Path ?? "",
      },
    });
    await setGlueTags(aws, await aws.arn("glue", `devEndpoint/${id}`), endpoint.tagsAll);
  },
  async delete(aws, id) {
    await found(aws.glue.deleteDevEndpoint({ EndpointName: id }));
    await aws.waitUntil(
      `dev endpoint ${id} to be deleted`,
      async () => (await found(aws.glue.getDevEndpoint({ EndpointName: id }))) === undefined,
    );
  },
});
