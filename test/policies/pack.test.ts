import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { readmeWithRules } from "../../policies/documentation";
import { rules } from "../../policies/rules";
import { goodStack } from "./good";
import { sharedPack } from "./pack/sharedPack";

const folder = path.resolve(__dirname, "../../policies");

describe("the policy pack", () => {
  it("has a README that lists its rules as they are", () => {
    const readme = fs.readFileSync(path.join(folder, "README.md"), "utf8");
    assert.equal(readme, readmeWithRules(), "run `npm run docs:policies`");
  });

  it("names each rule once", () => {
    const names = rules.map(({ name }) => name);
    assert.deepEqual([...new Set(names)], names);
  });

  it("has a test for each rule", () => {
    const tested = fs
      .readdirSync(__dirname)
      .filter((file) => file.endsWith(".test.ts"))
      .map((file) => fs.readFileSync(path.join(__dirname, file), "utf8"))
      .flatMap((text) => [...text.matchAll(/describeRules\(\s*\[([^\]]*)\]/g)])
      .flatMap(([, prefixes = ""]) => prefixes.split(","))
      .map((prefix) => prefix.trim().replaceAll('"', ""))
      .filter((prefix) => prefix !== "");
    assert.deepEqual(
      rules
        .map(({ name }) => name)
        .filter((name) => !tested.some((prefix) => name.startsWith(prefix))),
      [],
    );
  });

  for (const stack of ["dev", "prod"]) {
    it(`has a baseline for ${stack} that names rules and settings as they are`, async () => {
      const file = path.join(folder, "baselines", `${stack}.json`);
      const baseline: Record<string, unknown> = JSON.parse(fs.readFileSync(file, "utf8"));
      const names = rules.map(({ name }) => name);
      assert.deepEqual(
        Object.keys(baseline).filter((name) => !names.includes(name)),
        [],
      );
      const host = await sharedPack(inFull(baseline), stack);
      const found = await host.analyzeStack(goodStack);
      // The good stack takes flex execution, as outside production.
      assert.deepEqual(
        found.filter(({ rule }) => rule !== "glue-job-flex"),
        [],
      );
    });
  }

  for (const rule of rules) {
    it(`documents ${rule.name}`, () => {
      assert.match(rule.name, /^(glue|athena|s3|logs|sns|kms|iam)(-[a-z]+)+$/);
      for (const text of [rule.description, rule.reason, rule.fix]) {
        assert.match(text, /^[A-Z].{15,}[^.]$/);
      }
      assert.match(rule.url, /^https:\/\/docs\.aws\.amazon\.com\/.+\.html/);
    });

    it(`describes the config of ${rule.name}, with defaults that it takes`, () => {
      for (const [key, schema] of Object.entries(rule.configSchema.properties)) {
        assert.ok(schema.description, `${rule.name}.${key} has no description`);
        assert.notEqual(schema.default, undefined, `${rule.name}.${key} has no default`);
      }
    });
  }
});

/** Each entry with its level, as the engine passes them on. */
function inFull(config: Record<string, unknown>): Record<string, Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(config).map(([name, entry]) => {
      const level = rules.find((rule) => rule.name === name)?.level;
      return [
        name,
        typeof entry === "object"
          ? { enforcementLevel: level, ...entry }
          : { enforcementLevel: entry },
      ];
    }),
  );
}
