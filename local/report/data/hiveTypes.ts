/**
 * The fields of a column that hold values, as paths with dots and their types: those of structs
 * each, also in arrays (`[]`); a column of another type is its only field.
 * @param type of the catalog. Names in it may have spaces, as Glue's crawlers write them.
 */
export function fieldsOf(path: string, type: string): [path: string, type: string][] {
  const [, kind, inner] = /^(struct|array)<(.*)>$/s.exec(type) ?? [];
  if (inner === undefined) return [[path, type]];
  if (kind === "array") return fieldsOf(`${path}[]`, inner);
  return partsOf(inner).flatMap((field) => {
    const colon = field.indexOf(":");
    return fieldsOf(`${path}.${field.slice(0, colon)}`, field.slice(colon + 1));
  });
}

/** The text at its commas, those in brackets aside. */
function partsOf(text: string): string[] {
  const parts: string[] = [];
  let [depth, start] = [0, 0];
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if ("<(".includes(character)) depth++;
    else if (">)".includes(character)) depth--;
    else if (character === "," && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, text.slice(start)];
}
