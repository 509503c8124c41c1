import * as fs from "node:fs";
import * as path from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";

/** What the throw-away stack is told. */
export interface StackSettings {
  id: string;
  region: string;
  /** ARN of the queue that gets the notices. */
  queueArn: string;
  /** Whether it has a third source, whose crawler reads events. */
  withEvents: boolean;
}

export const stackName = (id: string): string => `acceptance-${id}`;

/** The sources: two that are crawled, as in dev and prod, and one for a question. */
export const sources = {
  ios: { name: "ios", sourceId: "acceptanceIOS", crawlerName: "segmentlogs-IOS" },
  android: { name: "android", sourceId: "acceptanceANDROID", crawlerName: "segmentlogs-Android" },
  web: { name: "web", sourceId: "acceptanceWEB", catalog: "events" },
};

/**
 * The stack's config: buckets of its own, which are deleted with what they hold, no start by itself,
 * and the id behind all names, so that all of the stack can be found by it.
 */
function values({ id, region, queueArn, withEvents }: StackSettings) {
  const { ios, android, web } = sources;
  return {
    "aws:region": region,
    "pulumi:autonaming": { pattern: `\${name}-${id}` },
    "glue-etl:nameSuffix": `-${id}`,
    "glue-etl:sources": [ios, android, ...(withEvents ? [web] : [])],
    "glue-etl:forceDestroy": true,
    "glue-etl:scheduleEnabled": false,
    "glue-etl:workers": 2,
    "glue-etl:notificationQueues": [queueArn],
    "glue-etl:recovery": { maxResumes: 1, backoffSeconds: 60 },
    // It looks at the sessions of the whole account, so it must never remove any.
    "glue-etl:janitor": { maxIdleHours: 0.001, remove: false },
    "glue-etl:owner": "acceptance",
    "glue-etl:costCenter": "acceptance",
  };
}

/** Writes the stack's config file. The engine has put the salt of the secrets there, which stays. */
export function writeConfig(workDir: string, settings: StackSettings): void {
  const file = path.join(workDir, `Pulumi.${stackName(settings.id)}.yaml`);
  const before: unknown = fs.existsSync(file) ? parse(fs.readFileSync(file, "utf8")) : {};
  const kept = z.looseObject({}).parse(before ?? {});
  fs.writeFileSync(file, stringify({ ...kept, config: values(settings) }));
}
