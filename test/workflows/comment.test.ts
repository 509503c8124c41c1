import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { z } from "zod";
import { runJob } from "./runner";
import { readJob } from "./workflows";

const marker = "<!-- glue-etl preview -->";
const awsMarker = "<!-- glue-etl preview on AWS -->";
const bot = { login: "github-actions[bot]" };
const pull = {
  number: 7,
  state: "open",
  head: { label: "contributor:topic; echo $(id)", sha: "a".repeat(40) },
};

const comments = z.array(
  z.object({
    id: z.number(),
    issue: z.number(),
    user: z.object({ login: z.string() }),
    body: z.string(),
  }),
);

/** The steps of the workflow that comments, with GitHub played by gitHub.mjs. */
describe("the comment on a pull request", function () {
  this.timeout(30_000);
  let folder: string;
  const inGitHub = (...names: string[]) => path.join(folder, "github", ...names);

  // GitHub's runners have it; a machine where it's missing can't run the steps.
  before(function () {
    if (spawnSync("jq", ["--version"]).status !== 0) this.skip();
  });

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "preview-comment-"));
    fs.mkdirSync(path.join(folder, "bin"));
    fs.copyFileSync(path.join(__dirname, "gitHub.mjs"), path.join(folder, "bin", "gh"));
    fs.mkdirSync(path.join(folder, "github"));
    fs.writeFileSync(path.join(folder, "bin", "package.json"), '{"type":"module"}');
    fs.writeFileSync(inGitHub("pulls.json"), JSON.stringify([pull]));
    fs.writeFileSync(inGitHub("comments.json"), "[]");
  });

  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  function upload(name: string, text: string): void {
    fs.mkdirSync(inGitHub("artifacts", "42", name), { recursive: true });
    fs.writeFileSync(inGitHub("artifacts", "42", name, "comment.md"), text);
  }

  async function run(sha = pull.head.sha): Promise<{ output: string; code: number }> {
    const steps = await runJob(readJob("preview-comment.yml", "comment"), {
      folder,
      env: {
        PATH: `${path.join(folder, "bin")}:${process.env["PATH"] ?? ""}`,
        GITHUB_FOLDER: inGitHub(),
        GH_REPO: "owner/name",
        RUN_ID: "42",
        RUN_URL: "https://github.example/runs/42",
        HEAD_OWNER: "contributor",
        HEAD_BRANCH: "topic; echo $(id)",
        HEAD_SHA: sha,
      },
    });
    fs.rmSync(path.join(folder, "reports"), { recursive: true, force: true });
    return {
      output: steps.map(({ output }) => output).join(""),
      code: Math.max(...steps.map(({ code }) => code)),
    };
  }

  const written = () =>
    comments.parse(JSON.parse(fs.readFileSync(inGitHub("comments.json"), "utf8")));

  it("is one for each place, written once and then renewed", async () => {
    upload("preview-comment", `${marker}\nfirst\n`);
    upload("preview-comment-aws", `${awsMarker}\non AWS\n`);
    assert.deepEqual(await run(), { output: "", code: 0 });
    upload("preview-comment", `${marker}\nsecond\n`);
    assert.deepEqual(await run(), { output: "", code: 0 });
    const footer =
      "By [this run](https://github.example/runs/42). In a fork, the fork has written it.";
    assert.deepEqual(
      written().map(({ issue, body }) => [issue, body]),
      [
        [7, `${marker}\nsecond\n\n_${footer}_\n`],
        [7, `${awsMarker}\non AWS\n\n_${footer}_\n`],
      ],
    );
  });

  it("isn't written over what somebody else has written", async () => {
    const theirs = { id: 1, issue: 7, user: { login: "someone" }, body: `${marker}\nmine` };
    const other = { id: 2, issue: 7, user: bot, body: `of another workflow ${marker}` };
    fs.writeFileSync(inGitHub("comments.json"), JSON.stringify([theirs, other]));
    upload("preview-comment", `${marker}\nours\n`);
    await run();
    assert.deepEqual(written().slice(0, 2), [theirs, other]);
    assert.equal(written().length, 3);
  });

  it("isn't written where the run's commit is no pull request's last one", async () => {
    upload("preview-comment", `${marker}\nold\n`);
    const { output, code } = await run("b".repeat(40));
    assert.equal(code, 0);
    assert.match(output, /No open pull request ends in b+: nothing to say\./);
    assert.deepEqual(written(), []);
  });

  it("isn't any text that a run hands over", async () => {
    upload("preview-comment", "Buy now\n");
    upload("preview-comment-aws", `${marker}\nof another place\n`);
    const { output, code } = await run();
    assert.equal(code, 0);
    assert.match(output, /preview-comment holds no report[^]*preview-comment-aws holds no report/);
    assert.deepEqual(written(), []);
  });

  it("isn't there where a run has left no report", async () => {
    const { output, code } = await run();
    assert.equal(code, 0);
    assert.match(output, /::warning::The run has left no report/);
    assert.deepEqual(written(), []);
  });

  it("mentions nobody and isn't too long, whatever a run hands over", async () => {
    upload("preview-comment", `${marker}\n@owner/team ${"x".repeat(100_000)}`);
    await run();
    const [{ body } = { body: "" }] = written();
    assert.match(body, /@\u200bowner\/team/);
    assert.ok(body.length <= 65_536, String(body.length));
    assert.match(body, /_By \[this run\].*_\n$/);
  });
});
