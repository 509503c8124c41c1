import { isRecord, type Path, type Properties, secretSignature, signatureKey } from "./values";

/** Properties without their secret markers, and the paths where those were. */
export interface Revealed {
  readonly properties: Properties;
  readonly secrets: readonly Path[];
}

/** Takes the secret markers off. Absent and null entries are dropped, as the engine does. */
export function reveal(properties: Properties): Revealed {
  const secrets: Path[] = [];
  const plain = revealAt(properties, [], secrets);
  return { properties: isRecord(plain) ? plain : {}, secrets };
}

function revealAt(value: unknown, path: Path, secrets: Path[]): unknown {
  if (Array.isArray(value)) {
    return value.map((item, index) => revealAt(item, [...path, index], secrets));
  }
  if (!isRecord(value)) {
    return value;
  }
  if (value[signatureKey] === secretSignature) {
    secrets.push(path);
    return revealAt(value.value, path, secrets);
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined && item !== null)
      .map(([key, item]) => [key, revealAt(item, [...path, key], secrets)]),
  );
}

/**
 * Marks what stands at the given paths as secret again. Where a list or an asset was rearranged so
 * that the exact path can't be trusted, the whole list or asset becomes secret. A secret tag stays
 * secret in `tagsAll` too.
 */
export function conceal(properties: Properties, secrets: readonly Path[]): Properties {
  const withDerived = secrets.flatMap((path) =>
    path[0] === "tags" ? [path, ["tagsAll", ...path.slice(1)]] : [path],
  );
  return withDerived.reduce<Properties>((result, path) => {
    const [key, ...rest] = path;
    return typeof key === "string" && key in result
      ? { ...result, [key]: concealAt(result[key], rest) }
      : result;
  }, properties);
}

function concealAt(value: unknown, path: Path): unknown {
  if (isRecord(value) && value[signatureKey] === secretSignature) {
    return value;
  }
  const [key, ...rest] = path;
  if (typeof key === "string" && isRecord(value) && key in value) {
    return { ...value, [key]: concealAt(value[key], rest) };
  }
  return { [signatureKey]: secretSignature, value };
}
