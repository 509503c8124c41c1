import * as fs from "node:fs";
import { UserError } from "../errors";
import { projectRoot } from "../paths";

/** The stack that the local platform runs; the project's other stacks are only previewed here. */
export const localStack = "local";

/** The stacks of the project: all that have a `Pulumi.<stack>.yaml`, in the order of the alphabet. */
export function stackNames(): string[] {
  return fs
    .readdirSync(projectRoot)
    .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [])
    .sort();
}

/** @throws UserError if the project has no such stack. */
export function checkStackName(name: string): void {
  const known = stackNames();
  if (known.includes(name)) return;
  throw new UserError(`There is no Pulumi.${name}.yaml. The stacks are ${known.join(", ")}.`);
}
