import assert from "node:assert/strict";
import { marked } from "marked";
import { longestComment, renderComment } from "../../preview-report/markdown";
import { summarize } from "../../preview-report/summary";
import { closing, policyEvent, recordedEvents, stepEvent } from "./recorded";

describe("the comment", () => {
  const comment = renderComment([summarize("local", recordedEvents("changes"))]);
  const positions = (...texts: string[]) => texts.map((text) => comment.indexOf(text));

  it("starts with a marker of its own for each place", () => {
    const summary = summarize("dev", [closing]);
    assert.match(renderComment([summary]), /^<!-- glue-etl preview -->\n## Pulumi preview\n/);
    assert.match(
      renderComment([summary], { place: "AWS", note: "A note." }),
      /^<!-- glue-etl preview on AWS -->\n## Pulumi preview on AWS\n\nA note\.\n/,
    );
  });

  it("tells what blocks first, then counts, what goes, and the rest", () => {
    const order = positions(
      "**Mandatory findings**",
      "| 3 | 4 | 1 | 1 | 0 | 58 |",
      "**Replaced and deleted**",
      "**Advisory findings**",
      "**Exemptions in use**",
      "**Mended by rules**",
      "<details>",
    );
    assert.ok(!order.includes(-1), comment);
    assert.deepEqual(
      order,
      order.toSorted((a, b) => a - b),
    );
    const [fold = 0] = positions("<details>");
    const visible = comment.slice(0, fold);
    assert.match(visible, /- replace `ios` \(`aws:glue:Crawler`\): `name` \(forces it\)/);
    assert.match(visible, /- delete `mobile-analytics-daily-active-users`/);
    assert.doesNotMatch(visible, /numberOfWorkers/);
    assert.match(comment.slice(fold), /- update `mobile-user-daily` .*`numberOfWorkers`/);
  });

  it("gives each stack a verdict", () => {
    const verdict = (...events: Parameters<typeof summarize>[1]) =>
      /### `dev`: (.*)/.exec(renderComment([summarize("dev", events)]))?.[1];
    assert.equal(verdict(closing), "✅ no findings");
    assert.equal(
      verdict(policyEvent({ enforcementLevel: "advisory" }), closing),
      "✅ 1 advisory finding",
    );
    assert.equal(verdict(policyEvent({}), closing), "❌ 1 mandatory finding");
    assert.equal(verdict(), "❌ the preview failed");
    assert.equal(verdict(policyEvent({})), "❌ the preview failed, 1 mandatory finding");
  });

  it("shows no value of a property", () => {
    assert.doesNotMatch(comment, /\[secret\]|data-engineering|000000000000/);
  });

  describe("takes hostile text as text", () => {
    const hostile = [
      "@glue-team please merge",
      "<script>alert(1)</script><img src=x onerror=alert(1)>",
      "[click](https://evil.example)",
      "https://evil.example www.evil.example a@evil.example #1",
      "a | b \\| c",
      "`code` ``two`` ```",
      "`",
      "\\",
      "</details><!-- glue-etl preview -->",
      "one\n\n# heading\n- item\n> quote",
      "\u202egnp.exe \u200b hidden",
      "&lt;b&gt; &#64;team",
      "$x$ **bold** ~~gone~~ :tada:",
    ];
    for (const text of hostile) {
      it(JSON.stringify(text), () => {
        const html = render(previewOf(text, text));
        const lines = text.split("\n").filter((line) => line !== "");
        const harmless = render(previewOf("x", lines.map(() => "x").join("\n")));
        assert.equal(withoutCode(html), withoutCode(harmless));
        assert.doesNotMatch(html, /[\u202e\u200b]/);
      });
    }

    /** A preview with a text wherever a program or its author can put one. */
    function previewOf(name: string, message: string) {
      const resourceUrn = `urn:pulumi:dev::glue-etl::evil:${name.replaceAll("$", "")}::${name}`;
      const detailedDiff = { [name]: { diffKind: "update" } };
      const remediation = { policyName: name, resourceUrn, before: {}, after: { [name]: 1 } };
      return summarize(name, [
        stepEvent("delete", resourceUrn, { detailedDiff }),
        policyEvent({ policyName: name, severity: name, resourceUrn, message }),
        { policyRemediationEvent: remediation },
        { diagnosticEvent: { severity: "error", urn: resourceUrn, message } },
      ]);
    }

    function withoutCode(html: string): string {
      return html.replaceAll(/<code>[^<]*<\/code>/g, "");
    }

    function render(summary: ReturnType<typeof summarize>): string {
      return marked.parse(renderComment([summary]), { async: false, gfm: true });
    }
  });

  describe("fits into GitHub's limit", () => {
    const urn = (index: number) => `urn:pulumi:dev::glue-etl::aws:glue/job:Job::job-${index}`;
    const many = (count: number) => Array.from({ length: count }, (_, index) => index);

    it("without the folded details first", () => {
      const events = many(2000).map((index) => stepEvent("create", urn(index)));
      const text = renderComment([summarize("dev", [...events, policyEvent({}), closing])]);
      assert.ok(text.length <= longestComment);
      assert.match(text, /_Cut, since a comment would be too long/);
      assert.match(text, /\| 2000 \| 0 \|/);
      assert.match(text, /`glue-rule` on `daily`/);
      assert.doesNotMatch(text, /<details>/);
    });

    it("with fewer findings, but all of the count", () => {
      const events = many(3000).map((index) => policyEvent({ resourceUrn: urn(index) }));
      const text = renderComment([summarize("dev", [...events, closing])]);
      assert.ok(text.length <= longestComment);
      assert.match(text, /❌ 3000 mandatory findings/);
      assert.match(text, /… and 2950 more/);
    });

    it("with shorter messages", () => {
      const events = many(40).map((index) =>
        policyEvent({ resourceUrn: urn(index), message: "long ".repeat(20_000) }),
      );
      const text = renderComment([summarize("dev", [...events, closing])]);
      assert.ok(text.length <= longestComment);
      assert.match(text, /long …/);
    });

    it("whatever it takes", () => {
      const name = "n".repeat(3000);
      const stacks = many(500).map((index) =>
        summarize(`${name}${index}`, [policyEvent({ policyName: name }), closing]),
      );
      const text = renderComment(stacks);
      assert.ok(text.length <= longestComment);
      assert.match(text, /_Cut, .*_\n$/);
    });
  });
});
