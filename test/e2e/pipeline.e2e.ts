import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { gzipSync } from "node:zlib";
import { pythonEnvironment } from "../../local/setup/python";
import { launchBrowser, open, rowsOf, violations } from "../local/report/browser";
import { Project } from "./project";

const oddEvent = "<script>alert('event')</script>";
const brokenLine = `{"messageId": "own-2", "event": "${oddEvent}`;

interface Report {
  sources: Record<string, Record<string, number>>;
}

/**
 * The whole path, as a user goes it: the real engine, Spark and Athena. The steps build on each other.
 * A second run with nothing new is test/acceptance's.
 */
describe("the pipeline, end to end", function () {
  this.timeout(300_000);
  this.bail(true);
  let project: Project;
  let python: string;
  const aws = (...args: string[]) => project.aws(python, ...args);

  before(async () => {
    python = await pythonEnvironment();
    project = new Project();
    await project.start();
  });

  after(() => project.remove());

  it("deploys", async () => {
    const { stdout } = await project.succeed("deploy");
    assert.match(stdout, /\+ \d+ created/);
    assert.match(stdout, /glue-etl/, "the policy pack ran");
  });

  it("shows the eight steps to the AWS CLI", async () => {
    const { Workflow } = (await aws(
      ...["glue", "get-workflow", "--name", "mobile-user", "--include-graph"],
    )) as { Workflow: { Graph: { Nodes: Node[]; Edges: Edge[] } } };
    const { Nodes, Edges } = Workflow.Graph;
    const names = Object.fromEntries(Nodes.map((node) => [node.UniqueId, node.Name]));
    assert.deepEqual(Nodes.map(({ Type, Name }) => `${Type} ${Name}`).sort(), [
      "CRAWLER segmentlogs-Android",
      "CRAWLER segmentlogs-IOS",
      "CRAWLER segmentlogs-Mobile",
      "JOB mobile-user-daily",
      "TRIGGER android-crawler-trigger",
      "TRIGGER mobile-crawler-trigger",
      "TRIGGER mobile-user-etl-trigger",
      "TRIGGER mobile-user-start",
    ]);
    assert.deepEqual(
      Edges.map((edge) => `${names[edge.SourceId]} > ${names[edge.DestinationId]}`).sort(),
      [
        "android-crawler-trigger > segmentlogs-Android",
        "mobile-crawler-trigger > segmentlogs-Mobile",
        "mobile-user-daily > mobile-crawler-trigger",
        "mobile-user-etl-trigger > mobile-user-daily",
        "mobile-user-start > segmentlogs-IOS",
        "segmentlogs-Android > mobile-user-etl-trigger",
        "segmentlogs-IOS > android-crawler-trigger",
      ],
    );
  });

  it("loads sample events, and nothing twice", async () => {
    const options = ["--days", "3", "--events", "3000"];
    assert.match((await project.succeed("load", ...options)).stderr, /\d+ new/);
    assert.match((await project.succeed("load", ...options)).stderr, /nothing new/);
  });

  it("loads an archive of one's own, with a record that can't be read", async () => {
    const at = new Date().toISOString();
    const call = { messageId: "own-1", type: "track", event: oddEvent, anonymousId: "own" };
    const lines = [JSON.stringify({ ...call, timestamp: at, receivedAt: at }), brokenLine];
    const folder = path.join(project.folder, "archive", "ios", `${Date.parse(day(0))}`);
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, "own.gz"), gzipSync(lines.join("\n")));
    const archive = path.join(project.folder, "archive");
    assert.match((await project.succeed("load", "--raw", archive)).stderr, /1 new/);
  });

  it("runs the steps in order and closes the account", async () => {
    const { stdout, stderr } = await project.succeed("run", "--output", "json");
    const started = [...stderr.matchAll(/(\d)\/8 \w+ +(\S+) +(?:fired|started)/g)];
    assert.deepEqual(
      started.map(([, , name]) => name),
      [
        "mobile-user-start",
        "segmentlogs-IOS",
        "android-crawler-trigger",
        "segmentlogs-Android",
        "mobile-user-etl-trigger",
        "mobile-user-daily",
        "mobile-crawler-trigger",
        "segmentlogs-Mobile",
      ],
    );
    const { sources } = JSON.parse(stdout) as Report;
    assert.deepEqual(Object.keys(sources).sort(), ["android", "ios"]);
    for (const counts of Object.values(sources)) {
      assert.ok((counts["records_read"] ?? 0) > 500);
      assert.equal(
        counts["records_read"],
        (counts["rows_written"] ?? 0) + (counts["duplicates"] ?? 0) + (counts["quarantined"] ?? 0),
      );
    }
    assert.deepEqual(await countByPlatform(), writtenOf(sources));
  });

  it("leaves a page of the run, with Athena's figures", async () => {
    const file = (await project.succeed("report")).stdout.trim();
    const url = `${project.endpoint}/_local/reports/`;
    assert.equal(await (await fetch(url)).text(), fs.readFileSync(file, "utf8"));
    const browser = await launchBrowser();
    try {
      const { page, noise } = await open(browser, url);
      const days = await asked(`SELECT date, sum(events) AS n, sum(active_users) AS users
FROM daily_active_users GROUP BY date ORDER BY date`);
      const shown = async (caption: string) =>
        (await rowsOf(page, caption)).map(([date, ...ofPlatforms]) => [
          date,
          ofPlatforms.map(whole).reduce((sum, one) => sum + one, 0),
        ]);
      assert.deepEqual(
        await shown("Rows by date and platform"),
        days.map(({ date, n }) => [date, n]),
      );
      assert.deepEqual(
        await shown("Users by date and platform"),
        days.map(({ date, users }) => [date, users]),
      );
      const read = (await rowsOf(page, "Records by source")).slice(0, -1);
      assert.deepEqual(
        Object.fromEntries(read.map(([name = "", , written = ""]) => [name, whole(written)])),
        await countByPlatform(),
      );
      const reasons = await rowsOf(page, "Records that are no rows, by reason");
      assert.deepEqual(reasons, [["not_json", "1", "100 %"]]);
      assert.deepEqual(
        await page.$$eval(".example pre", (all) => all.map(({ textContent }) => textContent)),
        [brokenLine],
      );
      const steps = await rowsOf(page, "States and times of the steps");
      const states = steps.map(([, kind, , state]) => `${kind} ${state}`);
      const crawled = ["trigger fired", "crawler succeeded"];
      const ran = ["trigger fired", "job succeeded"];
      assert.deepEqual(states, [...crawled, ...crawled, ...ran, ...crawled]);
      const dark = await open(browser, url, { scheme: "dark" });
      for (const shownPage of [page, dark.page]) {
        assert.deepEqual(await violations(shownPage), []);
      }
      assert.deepEqual([...noise, ...dark.noise], []);
    } finally {
      await browser.close();
    }
  });

  it("keeps no address and no advertising id", async () => {
    const { stdout } = await project.succeed(
      ...["query", "SELECT * FROM mobile_user LIMIT 1", "--output", "json"],
    );
    const [row]: Record<string, unknown>[] = JSON.parse(stdout);
    const columns = Object.keys(row ?? {});
    assert.ok(columns.includes("context_device_manufacturer"), columns.join());
    assert.deepEqual(
      columns.filter((name) => /(^|_)ip(_|$)|advertising_id/.test(name)),
      [],
    );
  });

  it("has nothing to change the second time", async () => {
    const { stdout, stderr } = await project.succeed("deploy");
    assert.match(stdout, /\d+ unchanged/);
    assert.match(stderr, /no changes/);
  });

  it("updates in place", async () => {
    project.edit("Pulumi.local.yaml", "config:\n", "config:\n  glue-etl:workers: 3\n");
    const { stdout } = await project.succeed("preview", "--stack", "local");
    assert.match(stdout, /numberOfWorkers\s*: 2 => 3/);
    const deployed = await project.succeed("deploy");
    assert.match(deployed.stdout, /~ 1 updated/);
    const { Job } = (await aws("glue", "get-job", "--job-name", "mobile-user-daily")) as {
      Job: Record<string, unknown>;
    };
    assert.equal(Job["NumberOfWorkers"], 3);
  });

  it("replaces what can't be updated, and updates what refers to it", async () => {
    project.edit("Pulumi.local.yaml", "segmentlogs-IOS", "segmentlogs-iPhone");
    const { stdout } = await project.succeed("deploy");
    assert.match(stdout, /\+-? ?1 replaced/);
    const { Crawlers } = (await aws("glue", "get-crawlers")) as { Crawlers: { Name: string }[] };
    assert.deepEqual(Crawlers.map(({ Name }) => Name).sort(), [
      "segmentlogs-Android",
      "segmentlogs-Mobile",
      "segmentlogs-iPhone",
    ]);
    assert.match((await project.succeed("run")).stderr, /segmentlogs-iPhone/);
  });

  it("finds and mends drift", async () => {
    const rename = ["--name", "mobile-user", "--description", "changed by hand"];
    await aws("glue", "update-workflow", ...rename);
    assert.match((await project.succeed("refresh")).stderr, /Drifted: 1/);
    assert.match((await project.succeed("deploy")).stdout, /~ 1 updated/);
    const { Workflow } = (await aws("glue", "get-workflow", "--name", "mobile-user")) as {
      Workflow: { Description: string };
    };
    assert.equal(Workflow.Description, "Event logs of the day, made queryable");
  });

  it("fails the run when the job lacks a permission", async () => {
    const { Job } = (await aws("glue", "get-job", "--job-name", "mobile-user-daily")) as {
      Job: { Role: string };
    };
    const role = ["--role-name", Job.Role.split("/").at(-1) ?? ""];
    const { PolicyNames } = (await aws("iam", "list-role-policies", ...role)) as {
      PolicyNames: string[];
    };
    const policy = [...role, "--policy-name", PolicyNames[0] ?? ""];
    const { PolicyDocument } = (await aws("iam", "get-role-policy", ...policy)) as {
      PolicyDocument: { Statement: { Sid: string }[] };
    };
    const Statement = PolicyDocument.Statement.filter(({ Sid }) => Sid !== "ReadSources");
    assert.equal(Statement.length, PolicyDocument.Statement.length - 1);
    const document = JSON.stringify({ ...PolicyDocument, Statement });
    await aws("iam", "put-role-policy", ...policy, "--policy-document", document);
    // All objects are published: only a rebuild reads them again.
    const { code, stderr } = await project.local("run", "--rebuild");
    assert.equal(code, 1);
    assert.match(stderr, /job mobile-user-daily FAILED: .*AccessDenied/s);
    const log = /mobile-user-daily logs to \/aws-glue\/jobs\/\S+\/output, stream jr_\w+-driver/;
    assert.match(stderr, new RegExp(`${log.source}\\. Its last lines:.*AccessDenied`, "s"));
    const left = fs.readFileSync((await project.succeed("report")).stdout.trim(), "utf8");
    assert.match(left, /<title>[^<]*: failed<\/title>/);
    assert.match(left, /The job mobile-user-daily failed<\/h2>\s*<pre[^>]*>[^<]*AccessDenied/);
    await project.succeed("refresh");
    await project.succeed("deploy");
    await project.succeed("run");
  });

  it("stops a stack that breaks a mandatory rule", async () => {
    project.edit(
      "index.ts",
      "export const jobName",
      `import * as aws from "@pulumi/aws";
new aws.glue.DevEndpoint("mine", { roleArn: "arn:aws:iam::000000000000:role/mine" });
export const jobName`,
    );
    const { code, stdout } = await project.local("preview", "--stack", "local");
    assert.equal(code, 1);
    assert.match(stdout, /glue-no-dev-endpoint/);
    assert.match(stdout, /bills for its DPUs by the hour/);
    const deployed = await project.local("deploy");
    assert.equal(deployed.code, 1);
    assert.deepEqual(
      ((await aws("glue", "get-dev-endpoints")) as { DevEndpoints: [] }).DevEndpoints,
      [],
    );
  });

  it("destroys all that it made", async () => {
    await project.succeed("destroy");
    const left = {
      workflows: (await aws("glue", "list-workflows"))["Workflows"],
      triggers: (await aws("glue", "list-triggers"))["TriggerNames"],
      jobs: (await aws("glue", "list-jobs"))["JobNames"],
      crawlers: (await aws("glue", "list-crawlers"))["CrawlerNames"],
      databases: (await aws("glue", "get-databases"))["DatabaseList"],
      buckets: (await aws("s3api", "list-buckets"))["Buckets"],
      roles: ((await aws("iam", "list-roles"))["Roles"] as { Path: string }[]).filter(
        ({ Path }) => Path === "/",
      ),
      logGroups: (await aws("logs", "describe-log-groups"))["logGroups"],
    };
    for (const [kind, resources] of Object.entries(left)) {
      assert.deepEqual(resources, [], kind);
    }
  });

  async function countByPlatform(): Promise<Record<string, number>> {
    const rows = await asked("SELECT platform, count(*) AS n FROM mobile_user GROUP BY platform");
    return Object.fromEntries(rows.map(({ platform, n }) => [platform, Number(n)]));
  }

  async function asked(sql: string): Promise<Record<string, string | number>[]> {
    const { stdout } = await project.succeed("query", sql, "--output", "json");
    return JSON.parse(stdout);
  }
});

interface Node {
  Type: string;
  Name: string;
  UniqueId: string;
}

interface Edge {
  SourceId: string;
  DestinationId: string;
}

function writtenOf(sources: Report["sources"]): Record<string, number> {
  return Object.fromEntries(
    Object.entries(sources).map(([name, counts]) => [name, counts["rows_written"] ?? 0]),
  );
}

/** `1,234` as a number; nothing is 0. */
const whole = (text: string): number => Number(text.replace("–", "0").replaceAll(",", ""));

function day(offset: number): string {
  return new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
}
