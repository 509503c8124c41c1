import assert from "node:assert/strict";
import { rules } from "../../../policies/rules";
import { goodStack } from "../good";
import { type Described, PackHost, unknown, type Violation } from "./packHost";
import { sharedPack } from "./sharedPack";

/** How one field of the good stack is changed, and what its rule says to that. */
export interface RuleCase {
  readonly rule: string;
  /** Name of the resource in the good stack that the finding is about. */
  readonly resource: string;
  /** Name of the resource whose field is changed. Default: the same. */
  readonly changes?: string;
  /** Type of the changed resource, where several have the name. */
  readonly type?: string;
  /** Path of the field; list entries by their index: `rules.0.status`. */
  readonly field: string;
  /** Values that break the rule; undefined stands for no value. */
  readonly bad: readonly unknown[];
  /** Other values that keep it. */
  readonly good?: readonly unknown[];
  /** Whether the rule must keep silent while the field isn't known. Default: true. */
  readonly unknown?: boolean;
  /** What the message must say, beside the resource's name. */
  readonly says: RegExp;
}

const host = { current: undefined as PackHost | undefined };

/**
 * Tests the rules of one service: each case breaks its rule by one field, which must give exactly
 * one violation and none of any other rule.
 * @param prefixes what the rules' names start with: each must have a case.
 * @param stack the stack's name, for rules that go by it.
 */
export function describeRules(
  prefixes: readonly string[],
  cases: readonly RuleCase[],
  stack?: string,
): void {
  before(async function () {
    this.timeout(20_000);
    host.current = await sharedPack({}, stack);
    goodFindings = await host.current.analyzeStack(goodStack);
  });

  let goodFindings: Violation[];
  it("nothing is wrong with the good stack", () => {
    assert.deepEqual(goodFindings, []);
  });

  for (const one of cases) {
    describe(`${one.rule}: ${one.field} of ${one.changes ?? one.resource}`, () => testCase(one));
  }

  it("each rule is tested with what breaks it, and with what isn't known", () => {
    const names = rules
      .map(({ name }) => name)
      .filter((name) => prefixes.some((prefix) => name.startsWith(prefix)));
    assert.notEqual(names.length, 0);
    const tested = (covers: (one: RuleCase) => boolean) =>
      [...new Set(cases.filter(covers).map(({ rule }) => rule))].sort();
    assert.deepEqual(
      tested(({ bad }) => bad.length > 0),
      names.sort(),
    );
    assert.deepEqual(
      tested((one) => one.unknown ?? true),
      names.sort(),
    );
  });
}

/** Calls the host of the tests that run; one process serves all cases of a file. */
function testCase(one: RuleCase): void {
  for (const value of one.bad) {
    it(`refuses ${show(value)}`, async () => {
      const found = await findingsOf(one, value);
      assert.deepEqual(
        found.map(({ rule }) => rule),
        [one.rule],
      );
      const { message, urn } = found[0] ?? assert.fail();
      assert.ok(message.startsWith(one.resource), message);
      assert.match(message, one.says);
      assert.match(message, / To fix it, .*\.$/);
      assert.ok(urn.endsWith(`::${one.resource}`));
    });
  }
  for (const value of one.good ?? []) {
    it(`takes ${show(value)}`, async () => {
      assert.deepEqual(await findingsOf(one, value), []);
    });
  }
  if (one.unknown ?? true) {
    it("keeps silent while it isn't known", async () => {
      assert.deepEqual(await findingsOf(one, unknown), []);
    });
  }
}

/** What the pack says of the good stack with one field changed: the rest of it was judged before. */
async function findingsOf(one: RuleCase, value: unknown): Promise<Violation[]> {
  const pack = host.current ?? assert.fail();
  const good = resourceOf(one);
  const changed = { ...good, props: changedProps(good.props, one.field, value) };
  const found = [
    ...(await pack.analyze(changed)),
    ...(await pack.analyzeWhole(goodStack.map((other) => (other === good ? changed : other)))),
  ];
  await pack.analyze(good);
  return found;
}

function resourceOf({ resource, changes, type }: RuleCase): Described {
  const name = changes ?? resource;
  const [match, ...more] = goodStack.filter(
    (one) => one.name === name && (type === undefined || one.type === type),
  );
  assert.ok(match && more.length === 0, `the good stack has not one ${name}`);
  return match;
}

/** A copy of the properties with one field changed, or taken out where `value` is undefined. */
export function changedProps(
  props: Record<string, unknown>,
  field: string,
  value: unknown,
): Record<string, unknown> {
  const copy: Record<string, unknown> = structuredClone(props);
  const path = field.split(".");
  const last = path.pop() ?? assert.fail();
  let parent: object = copy;
  for (const key of path) {
    const next: unknown = Reflect.get(parent, key);
    assert.ok(typeof next === "object" && next !== null, `nothing at ${key} of ${field}`);
    parent = next;
  }
  if (value === undefined) Reflect.deleteProperty(parent, last);
  else Reflect.set(parent, last, value);
  return copy;
}

function show(value: unknown): string {
  return value === undefined ? "none" : JSON.stringify(value);
}
