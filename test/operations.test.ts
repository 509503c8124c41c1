import assert from "node:assert/strict";
import * as fs from "node:fs";
import { Recorded } from "./components/recorder";
import { stack } from "./stack";

const page = fs.readFileSync(require.resolve("../docs/operations.md"), "utf8");
const alarmsOf = (made: Recorded[]) =>
  made.filter(({ type }) => /:MetricAlarm$/.test(type)).map(({ name }) => name);

describe("docs/operations.md", () => {
  const endings = [...page.matchAll(/^\| `…(-[a-z-]+)` \|/gm)].map(([, ending = ""]) => ending);

  it("says of every alarm of the stack what to do", async () => {
    const alarms = alarmsOf(await stack());
    assert.ok(alarms.length > 0);
    assert.deepEqual(
      alarms.filter((name) => !endings.some((ending) => name.endsWith(ending))),
      [],
    );
  });

  it("tells of no alarm that there isn't", async () => {
    const alarms = alarmsOf(await stack());
    assert.deepEqual(
      endings.filter((ending) => !alarms.some((name) => name.endsWith(ending))),
      [],
    );
  });

  it("names config keys that there are", () => {
    const project = fs.readFileSync(require.resolve("../Pulumi.yaml"), "utf8");
    const named = [
      ...page.matchAll(/`(alarms|recovery|janitor|retentionDays)\b[.:]? ?\{? ?(\w+)/g),
    ];
    assert.ok(named.length > 3);
    for (const [found, key = "", field = ""] of named) {
      const description = project.slice(project.indexOf(`  ${key}:`)).split(/\n {2}\w/, 1)[0] ?? "";
      assert.ok(description.includes(field), found);
    }
  });
});
