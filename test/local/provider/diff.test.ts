import * as assert from "node:assert/strict";
import { difference } from "../../../local/provider/diff";
import { boolean, integer, list, map, object, set, string } from "../../../local/provider/fields";
import { defineResource } from "../../../local/provider/resource";
import { pathText, type Properties } from "../../../local/provider/values";

const nothing = async () => undefined;

const type = defineResource({
  token: "test:index:Thing",
  inputs: {
    text: string(),
    fixed: string({ forceNew: true }),
    chosen: string({ computed: true }),
    flag: boolean(),
    map: map(),
    list: list(object({ name: string(), fixed: string({ forceNew: true }) })),
    set: set(string()),
    objects: set(object({ days: integer() })),
    asText: object({ text: string() }),
    asNumber: object({ size: integer() }),
    block: object({ inner: object({ fixed: string() }, { forceNew: true }), size: integer() }),
  },
  kinds: ["asText", "asNumber"],
  create: nothing,
  read: nothing,
  delete: nothing,
});

function diffOf(old: Properties, news: Properties, ignored: string[] = []) {
  const { changes } = difference(type, old, old, news, ignored);
  return Object.fromEntries(
    changes.map(({ path, kind, replace }) => [pathText(path), replace ? `${kind}-replace` : kind]),
  );
}

describe("difference", () => {
  it("names each changed value by its path, and how it changes", () => {
    assert.deepEqual(diffOf({ text: "a" }, { text: "b" }), { text: "update" });
    assert.deepEqual(diffOf({}, { text: "b" }), { text: "add" });
    assert.deepEqual(diffOf({ text: "a" }, {}), { text: "delete" });
    assert.deepEqual(diffOf({ map: { "a.b": "1", c: "2" } }, { map: { "a.b": "2", d: "3" } }), {
      'map["a.b"]': "update",
      "map.c": "delete",
      "map.d": "add",
    });
    assert.deepEqual(diffOf({ flag: false }, { flag: true }), { flag: "update" });
  });

  it("marks replacement for the property itself and for all below it", () => {
    assert.deepEqual(diffOf({ fixed: "a" }, { fixed: "b" }), { fixed: "update-replace" });
    assert.deepEqual(
      diffOf({ block: { inner: { fixed: "a" }, size: 1 } }, { block: { inner: {}, size: 2 } }),
      { "block.inner.fixed": "delete-replace", "block.size": "update" },
    );
    assert.deepEqual(diffOf({ list: [{ name: "a" }] }, { list: [{ name: "b", fixed: "x" }] }), {
      "list[0].name": "update",
      "list[0].fixed": "add-replace",
    });
  });

  it("replaces what becomes another kind of resource, and only that", () => {
    const old = { asText: { text: "a" }, text: "a" };
    assert.deepEqual(diffOf(old, { asNumber: { size: 1 }, text: "b" }), {
      asText: "delete-replace",
      asNumber: "add-replace",
      text: "update",
    });
    assert.deepEqual(diffOf(old, { ...old, asText: { text: "b" } }), { "asText.text": "update" });
  });

  it("compares lists by position and sets by content", () => {
    const [a, b, c] = [{ name: "a" }, { name: "b" }, { name: "c" }];
    assert.deepEqual(diffOf({ list: [a, b] }, { list: [b, a] }), {
      "list[0].name": "update",
      "list[1].name": "update",
    });
    assert.deepEqual(diffOf({ list: [a] }, { list: [a, c] }), { "list[1]": "add" });
    assert.deepEqual(diffOf({ set: ["x", "y"] }, { set: ["y", "x"] }), {});
    assert.deepEqual(diffOf({ set: ["x", "y"] }, { set: ["z", "x"] }), {
      "set[0]": "add",
      "set[1]": "delete",
    });
    assert.deepEqual(diffOf({ set: ["x", "x"] }, { set: ["x", "y"] }), { "set[1]": "update" });
    assert.deepEqual(
      diffOf({ objects: [{ days: 1 }, { days: 2 }] }, { objects: [{ days: 2 }, { days: 1 }] }),
      {},
    );
  });

  it("sees no difference between absent and empty, nor where AWS's choice stays", () => {
    assert.deepEqual(diffOf({ text: "", map: {}, list: [], flag: false }, {}), {});
    assert.deepEqual(diffOf({}, { text: "", flag: false, block: { size: 0 } }), {});
    assert.deepEqual(diffOf({ chosen: "by AWS" }, {}), {});
    assert.deepEqual(diffOf({ chosen: "by AWS" }, { chosen: "mine" }), { chosen: "update" });
  });

  it("leaves out what the program ignores", () => {
    const old = { text: "a", map: { a: "1", b: "1" } };
    const news = { text: "b", map: { a: "2", b: "2" } };
    assert.deepEqual(diffOf(old, news, ["text", "map.a"]), { "map.b": "update" });
    assert.deepEqual(diffOf(old, news, ["map"]), { text: "update" });
  });
});
