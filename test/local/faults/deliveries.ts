import * as fs from "node:fs";
import * as path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";

const sources = ["ios", "android"];
const first = Date.UTC(2026, 0, 5);
const dayMs = 24 * 3600 * 1000;

/** The received day of a delivery, `YYYY-MM-DD`. */
export function receivedDay(delivery: number): string {
  return new Date(first + delivery * dayMs).toISOString().slice(0, 10);
}

/**
 * Writes what one received day brings, as `local load --raw` takes it: of each source two objects
 * with new events, some that came the day before or twice, some without an id, and broken lines.
 */
export function deliver(archive: string, delivery: number): void {
  for (const source of sources) {
    const day = path.join(archive, source, String(first + delivery * dayMs));
    fs.mkdirSync(day, { recursive: true });
    for (const part of ["a", "b"]) {
      const numbers = Array.from({ length: 20 }, (_, n) => n);
      const events = numbers.map((n) => event(`${source}-${delivery}-${part}-${n}`, delivery, n));
      const again = [
        event(`${source}-${delivery - 1}-${part}-3`, delivery, 30),
        event(`${source}-${delivery}-a-${part === "a" ? 5 : 6}`, delivery, 31),
      ];
      const nameless = event(undefined, delivery, 32);
      const lines = [...events, ...again, nameless].map((each) => JSON.stringify(each));
      lines.splice(delivery % 20, 0, '{"messageId": "cut', "", "[]");
      const file = path.join(day, `${source}-${delivery}-${part}.gz`);
      fs.writeFileSync(file, gzipSync(lines.join("\n")));
    }
  }
}

function event(messageId: string | undefined, delivery: number, n: number) {
  const at = new Date(first + delivery * dayMs + (3600 + n) * 1000).toISOString();
  const times = { timestamp: at, receivedAt: at, sentAt: at, originalTimestamp: at };
  const context = { app: { version: `1.${delivery}` }, os: { name: "any" } };
  return { messageId, type: "track", event: `Event ${n}`, anonymousId: `a${n}`, context, ...times };
}

/** What the curated side must hold: each id once, records without one, and what is quarantined. */
export interface Holdings {
  /** `<source> <message id>`, in order; `<source> null` for each record without one. */
  rows: string[];
  /** `<object's name> <line number>`, in order. */
  quarantined: string[];
}

/** What all raw objects of an archive must come to, whoever has read them, how often, and when. */
export function truthOf(archive: string): Holdings {
  const ids = new Set<string>();
  const nameless: string[] = [];
  const quarantined: string[] = [];
  for (const file of filesBelow(archive)) {
    const [source = ""] = path.relative(archive, file).split(path.sep);
    const lines = gunzipSync(fs.readFileSync(file)).toString().split("\n");
    for (const [index, line] of lines.entries()) {
      if (line.trim() === "") continue;
      const record = parsed(line);
      if (record === undefined) quarantined.push(`${path.basename(file)} ${index + 1}`);
      else if (record.messageId === undefined) nameless.push(`${source} null`);
      else ids.add(`${source} ${record.messageId}`);
    }
  }
  return { rows: [...ids, ...nameless].sort(), quarantined: quarantined.sort() };
}

function filesBelow(archive: string): string[] {
  return fs
    .readdirSync(archive, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".gz"))
    .map((name) => path.join(archive, name));
}

/** The record of a line; undefined where it's no object of JSON. */
function parsed(line: string): { messageId?: string } | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
