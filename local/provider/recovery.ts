import { Aws, type Connection } from "./aws";
import { reveal } from "./secrets";
import { resourceTypes } from "./types";
import type { Properties } from "./values";

/**
 * The id of a resource whose creation was cut off, if AWS has it.
 * @param token the resource's type.
 * @param inputs what it was to be created with, as the engine has recorded it.
 */
export async function findCutOff(
  connection: Connection,
  token: string,
  inputs: Properties,
): Promise<string | undefined> {
  const type = resourceTypes.get(token);
  if (type === undefined) return undefined;
  const ended = new AbortController();
  const aws = new Aws(connection, ended.signal);
  const { properties } = reveal(inputs);
  const id = type.idOf(properties, await aws.accountId());
  return id && (await type.read(aws, id, properties)) ? id : undefined;
}
