import assert from "node:assert/strict";
import { hasDesktop } from "../../../local/commands/report";
import { UserError } from "../../../local/errors";
import { fieldsOf } from "../../../local/report/data/hiveTypes";
import { columnChanges } from "../../../local/report/data/tableChanges";
import { duration, share } from "../../../local/report/format";
import { html, Html } from "../../../local/report/html";
import { pageFile } from "../../../local/report/pages";

describe("a template of HTML", () => {
  it("escapes what it is given, in lists and attributes, too", () => {
    const made = html`<p title="${`a"b'`}">${["<b>", html`<i>${"&"}</i>`]}${undefined}${0}</p>`;
    assert.equal(made.text, `<p title="a&quot;b&#39;">&lt;b&gt;<i>&amp;</i>0</p>`);
    assert.equal(html`${new Html("<br>")}`.text, "<br>");
  });
});

describe("fields of a column", () => {
  const cases: [string, string, [string, string][]][] = [
    ["a plain type", "string", [["c", "string"]]],
    ["a decimal", "decimal(10,2)", [["c", "decimal(10,2)"]]],
    ["a map", "map<string,struct<a:int>>", [["c", "map<string,struct<a:int>>"]]],
    [
      "structs in structs and arrays",
      "struct<a:int,b:array<struct<x y:string,z:decimal(3,1)>>,c:struct<d:array<int>>>",
      [
        ["c.a", "int"],
        ["c.b[].x y", "string"],
        ["c.b[].z", "decimal(3,1)"],
        ["c.c.d[]", "int"],
      ],
    ],
  ];
  for (const [what, type, fields] of cases) {
    it(`of ${what}`, () => assert.deepEqual(fieldsOf("c", type), fields));
  }
});

describe("changes of columns", () => {
  it("are fields that came, went, or have another type", () => {
    const before = [
      { Name: "a", Type: "int" },
      { Name: "b", Type: "struct<x:int,y:string>" },
      { Name: "gone", Type: "int" },
    ];
    const after = [
      { Name: "a", Type: "bigint" },
      { Name: "b", Type: "struct<x:int,y:string,z:double>" },
    ];
    assert.deepEqual(columnChanges(before, after), [
      { path: "a", from: "int", to: "bigint" },
      { path: "gone", from: "int", to: undefined },
      { path: "b.z", from: undefined, to: "double" },
    ]);
    assert.deepEqual(columnChanges(after, after), []);
  });
});

describe("figures", () => {
  it("aren't rounded to all or nothing", () => {
    assert.deepEqual(
      [share(0, 0), share(0, 9), share(9, 9), share(1, 1e6), share(999_999, 1e6), share(1, 8)],
      ["–", "0 %", "100 %", "< 0.1 %", "> 99.9 %", "12.5 %"],
    );
    assert.deepEqual([840, 12_340, 185_400].map(duration), ["840 ms", "12.3 s", "3 min 5 s"]);
  });
});

describe("the page's file", () => {
  it("is named by an id of Glue's, and by nothing else", () => {
    assert.match(pageFile("wr_0a-1"), /reports.wr_0a-1\.html$/);
    assert.match(pageFile(), /latest\.html$/);
    for (const id of ["../x", "a/b", "", "a.b", "a\n"]) {
      assert.throws(() => pageFile(id), UserError, JSON.stringify(id));
    }
  });

  it("is opened where somebody sits before a screen", () => {
    assert.equal(hasDesktop({ DISPLAY: ":0" }, true, "linux"), true);
    assert.equal(hasDesktop({}, true, "darwin"), true);
    assert.equal(hasDesktop({}, true, "linux"), false);
    assert.equal(hasDesktop({ DISPLAY: ":0" }, false, "linux"), false);
    assert.equal(hasDesktop({ SSH_CONNECTION: "x" }, true, "darwin"), false);
    assert.equal(hasDesktop({ CI: "1", DISPLAY: ":0" }, true, "linux"), false);
  });
});
