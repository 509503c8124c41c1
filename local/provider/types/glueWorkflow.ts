import { fromApi } from "../api";
import { autonamed } from "../autoname";
import { found } from "../aws";
import { type Inputs, integer, map, named, string } from "../fields";
import { defineResource, regional, tagged } from "../resource";
import { lengthBetween } from "../validators";
import { glueTags, setGlueTags } from "./glueTags";

const inputs = {
  ...regional,
  ...tagged,
  name: named(string({ forceNew: true, check: lengthBetween(1, 255) })),
  description: string(),
  defaultRunProperties: map(),
  maxConcurrentRuns: integer(),
};

function settings(workflow: Inputs<typeof inputs>) {
  return {
    Name: workflow.name,
    Description: workflow.description,
    DefaultRunProperties: workflow.defaultRunProperties,
    MaxConcurrentRuns: workflow.maxConcurrentRuns,
  };
}

export const workflow = defineResource({
  token: "aws:glue/workflow:Workflow",
  inputs,
  outputs: ["arn"],
  autoname: autonamed(),
  idOf: ({ name }) => name,
  async create(aws, target, created) {
    await aws.glue.createWorkflow({ ...settings(target), Tags: target.tagsAll });
    created(target.name);
  },
  async read(aws, id) {
    const answer = await found(aws.glue.getWorkflow({ Name: id }));
    if (answer?.Workflow === undefined) {
      return undefined;
    }
    const arn = await aws.arn("glue", `workflow/${id}`);
    return { ...fromApi(inputs, answer.Workflow), arn, tagsAll: await glueTags(aws, arn) };
  },
  async update(aws, id, target) {
    await aws.glue.updateWorkflow({
      ...settings(target),
      Description: target.description ?? "",
      DefaultRunProperties: target.defaultRunProperties ?? {},
    });
    await setGlueTags(aws, await aws.arn("glue", `workflow/${id}`), target.tagsAll);
  },
  async delete(aws, id) {
    await found(aws.glue.deleteWorkflow({ Name: id }));
    await aws.waitUntil(
      `workflow ${id} to be deleted`,
      async () => (await found(aws.glue.getWorkflow({ Name: id })))?.Workflow === undefined,
    );
  },
});
