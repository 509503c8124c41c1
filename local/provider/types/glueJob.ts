import { ExecutionClass, JobMode, WorkerType } from "@aws-sdk/client-glue";
import { fromApi, toApi } from "../api";
import { autonamed } from "../autoname";
import { found } from "../aws";
import {
  boolean,
  defaulted,
  type Inputs,
  integer,
  list,
  map,
  named,
  number,
  object,
  oneOf,
  required,
  string,
} from "../fields";
import { defineResource, type Failure, regional, tagged } from "../resource";
import { anArn, atLeast, between, matches, notEmpty } from "../validators";
import { glueTags, setGlueTags } from "./glueTags";

const inputs = {
  ...regional,
  ...tagged,
  name: named(string({ forceNew: true, check: notEmpty })),
  roleArn: required(string({ check: anArn })),
  command: required(
    object({
      name: defaulted(string(), "glueetl"),
      scriptLocation: required(string()),
      pythonVersion: oneOf(["2", "3", "3.9"], { computed: true }),
      runtime: oneOf(["Ray2.4"], { computed: true }),
    }),
  ),
  connections: list(string()),
  defaultArguments: map(),
  description: string(),
  executionClass: oneOf(Object.values(ExecutionClass), { same: sameClass }),
  executionProperty: object(
    { maxConcurrentRuns: defaulted(integer({ check: atLeast(1) }), 1) },
    { computed: true },
  ),
  glueVersion: string({ computed: true }),
  jobMode: oneOf(Object.values(JobMode), { computed: true }),
  jobRunQueuingEnabled: boolean(),
  maintenanceWindow: string({
    check: matches(
      /^(Sun|Mon|Tue|Wed|Thu|Fri|Sat):([0-9]|1[0-9]|2[0-3])$/,
      "must be <day>:<hour>, for example Sun:5",
    ),
  }),
  maxCapacity: number({ computed: true }),
  maxRetries: integer({ check: between(0, 10) }),
  nonOverridableArguments: map(),
  notificationProperty: object(
    { notifyDelayAfter: integer({ check: atLeast(1) }) },
    { computed: true },
  ),
  numberOfWorkers: integer({ computed: true, check: atLeast(1) }),
  securityConfiguration: string(),
  timeout: integer({ computed: true, check: atLeast(1) }),
  workerType: oneOf(Object.values(WorkerType), { computed: true }),
};

/** A job without a class runs as a standard one, and Glue may say so. */
function sameClass(left: unknown, right: unknown): boolean {
  return (left ?? ExecutionClass.STANDARD) === (right ?? ExecutionClass.STANDARD);
}

function settings(job: Inputs<typeof inputs>) {
  const api = toApi(inputs, job);
  return {
    Role: api.RoleArn,
    Command: api.Command,
    Connections: api.Connections && { Connections: api.Connections },
    DefaultArguments: api.DefaultArguments,
    Description: api.Description,
    ExecutionClass: api.ExecutionClass,
    ExecutionProperty: api.ExecutionProperty,
    GlueVersion: api.GlueVersion,
    JobMode: api.JobMode,
    JobRunQueuingEnabled: api.JobRunQueuingEnabled,
    MaintenanceWindow: api.MaintenanceWindow,
    MaxCapacity: api.MaxCapacity,
    MaxRetries: api.MaxRetries,
    NonOverridableArguments: api.NonOverridableArguments,
    NotificationProperty: api.NotificationProperty,
    NumberOfWorkers: api.NumberOfWorkers,
    SecurityConfiguration: api.SecurityConfiguration,
    Timeout: api.Timeout,
    WorkerType: api.WorkerType,
  };
}

export const job = defineResource({
  token: "aws:glue/job:Job",
  inputs,
  outputs: ["arn"],
  unsupported: ["sourceControlDetails"],
  autoname: autonamed(),
  check(_job, isSet) {
    const failures: Failure[] = [];
    for (const other of ["numberOfWorkers", "workerType"] as const) {
      if (isSet("maxCapacity") && isSet(other)) {
        failures.push({ property: "maxCapacity", reason: `conflicts with ${other}` });
      }
    }
    return failures;
  },
  idOf: ({ name }) => name,
  async create(aws, target, created) {
    await aws.glue.createJob({ ...settings(target), Name: target.name, Tags: target.tagsAll });
    created(target.name);
  },
  async read(aws, id) {
    const answer = await found(aws.glue.getJob({ JobName: id }));
    const actual = answer?.Job;
    if (actual === undefined) {
      return undefined;
    }
    const arn = await aws.arn("glue", `job/${id}`);
    return {
      ...fromApi(inputs, {
        ...actual,
        RoleArn: actual.Role,
        Connections: actual.Connections?.Connections,
      }),
      arn,
      tagsAll: await glueTags(aws, arn),
    };
  },
  async update(aws, id, target, old) {
    // UpdateJob takes the whole job: what AWS chose before has to be sent along.
    const kept = Object.entries(inputs)
      .filter(([name, field]) => field.computed && !isCapacity(name))
      .map(([name]) => [name, old[name]]);
    const whole = { ...Object.fromEntries(kept), ...target };
    await aws.glue.updateJob({ JobName: id, JobUpdate: settings(whole) });
    await setGlueTags(aws, await aws.arn("glue", `job/${id}`), target.tagsAll);
  },
  async delete(aws, id) {
    await found(aws.glue.deleteJob({ JobName: id }));
  },
});

/** Glue takes either a capacity or workers, and answers with both. */
function isCapacity(name: string): boolean {
  return ["maxCapacity", "numberOfWorkers", "workerType"].includes(name);
}
