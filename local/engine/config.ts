import { isMap, parseDocument, visit } from "yaml";
import { UserError } from "../errors";
import { say } from "../progress";

/** What a stack's file says of how its secrets are encrypted. */
const encryption = ["secretsprovider", "encryptedkey", "encryptionsalt"];

/** What a secret is here, where nobody holds the stack's key. */
const placeholder = "[secret]";

/**
 * A stack's config as it can be read on this machine: the key of its secrets is elsewhere, so that
 * they're replaced, and the local passphrase's salt takes that key's place.
 * @param file the config file's name, for messages.
 * @param text what the project's file holds.
 * @param before what the engine's copy of it held so far, with the salt; empty at first.
 * @throws UserError if the file isn't YAML.
 */
export function readableConfig(file: string, text: string, before: string): string {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) throw new UserError(`${file}: ${error.message}`);
  let secrets = 0;
  visit(document, {
    Map(key, node) {
      if (key === null || node.items.length !== 1 || !node.has("secure")) return undefined;
      secrets += 1;
      return document.createNode(placeholder);
    },
  });
  if (secrets > 0) say(`${file}: ${secrets} secrets can't be read here; they're ${placeholder}.`);
  if (isMap(document.contents)) encryption.forEach((key) => document.delete(key));
  const salt: unknown = parseDocument(before).get("encryptionsalt");
  const rest = document.contents === null ? "" : String(document);
  return salt === undefined ? rest : `encryptionsalt: ${String(salt)}\n${rest}`;
}
