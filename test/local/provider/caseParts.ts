import type { Properties } from "../../../local/provider/values";

/** One resource type's life: made, changed in place, changed so that it must be replaced. */
export interface Case {
  readonly token: string;
  /** A value `$id of <token>` stands for the id of the resource that the case of that type made. */
  readonly inputs: Properties;
  /** Outputs that must match after creation. */
  readonly outputs: Record<string, RegExp>;
  readonly update?: Properties;
  /** The diff of the update, by path. */
  readonly updateDiff?: Record<string, string>;
  /** Properties, as JSON text, that the update leaves out and that must still be there after it. */
  readonly kept?: Record<string, RegExp>;
  /** Properties that AWS can't tell, so that an import doesn't have them. */
  readonly untold?: readonly string[];
  /** A change that needs a new resource, and its diff. */
  readonly replace: Properties;
  readonly replaceDiff: Record<string, string>;
}

export const account = "000000000000";
export const glueTrust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "glue.amazonaws.com" } },
  ],
});
export const tags = { Team: "data" };
export const newTags = { tags: { Team: "ml" } };
export const tagsDiff = { "tags.Team": "UPDATE*", "tagsAll.Team": "UPDATE*" };
export const renamed = { name: "other" };
export const nameReplaced = { name: "UPDATE_REPLACE*" };
export const roleArn = `arn:aws:iam::${account}:role/worker`;
export const arn = (service: string, resource: string) =>
  new RegExp(`^arn:aws:${service}:us-east-1:${account}:${resource}$`);
