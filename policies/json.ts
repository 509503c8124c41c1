import { Properties } from "./properties";

/** What a JSON text holds; nothing where there is no text, or it isn't JSON. */
export function jsonProperties(text: string | undefined): Properties {
  try {
    return new Properties(text === undefined ? undefined : JSON.parse(text));
  } catch {
    return new Properties(undefined);
  }
}
