import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as versions from "../../local/setup/versions.json";
import { type Job, readJob, readWorkflow, workflowFile, workflowNames } from "./workflows";

const text = (name: string) => fs.readFileSync(workflowFile(name), "utf8");
const jobs = workflowNames().flatMap((name) =>
  Object.entries(readWorkflow(name).jobs).map(([id, job]) => ({ name: `${name} ${id}`, job })),
);
const uses = (job: Job, action: string) =>
  job.steps.filter((step) => step.uses?.startsWith(`${action}@`));

describe("the workflows", () => {
  it("are these", () => {
    assert.deepEqual(
      jobs.map(({ name }) => name),
      [
        "audit.yml audit",
        "deploy-stack.yml deploy",
        "deploy.yml dev",
        "deploy.yml prod",
        "preview-comment.yml comment",
        "preview.yml local",
        "preview.yml aws",
        "test.yml test",
      ],
    );
  });

  for (const name of workflowNames()) {
    it(`${name} pins every action by commit, its version beside it, the same everywhere`, () => {
      const others = workflowNames().map(text).join("\n");
      for (const [line, target] of text(name).matchAll(/^.*\buses: (.*)$/gm)) {
        if (target?.startsWith("./")) continue;
        const [, action, commit] =
          /^([\w.-]+\/[\w.-]+)@([0-9a-f]{40}) # v\d+\.\d+\.\d+$/.exec(target ?? "") ?? [];
        assert.ok(action && commit, line);
        const pins = new Set(others.match(new RegExp(`${action}@\\S+`, "g")));
        assert.deepEqual([...pins], [`${action}@${commit}`]);
      }
    });

    it(`${name} has no permission but a job's own`, () => {
      assert.deepEqual(readWorkflow(name).permissions, {});
    });

    it(`${name} puts no expression into a script and no secret anywhere`, () => {
      for (const { steps } of Object.values(readWorkflow(name).jobs)) {
        for (const { run = "" } of steps) assert.doesNotMatch(run, /\$\{\{/);
      }
      assert.doesNotMatch(text(name), /secrets\.|secrets:|pull_request_target/);
    });
  }

  it("give each job the least permissions", () => {
    assert.deepEqual(Object.fromEntries(jobs.map(({ name, job }) => [name, job.permissions])), {
      "audit.yml audit": { contents: "read" },
      "deploy-stack.yml deploy": { contents: "read", "id-token": "write" },
      "deploy.yml dev": { contents: "read", "id-token": "write" },
      "deploy.yml prod": { contents: "read", "id-token": "write" },
      "preview-comment.yml comment": { actions: "read", "pull-requests": "write" },
      "preview.yml local": { contents: "read" },
      "preview.yml aws": { contents: "read", "id-token": "write" },
      "test.yml test": { contents: "read" },
    });
  });

  it("leave no token behind in a checkout", () => {
    for (const { name, job } of jobs) {
      for (const { with: settings } of uses(job, "actions/checkout")) {
        assert.equal(settings?.["persist-credentials"], false, name);
      }
    }
  });

  it("use the Pulumi CLI of the local run", () => {
    const pins = jobs.flatMap(({ job }) => uses(job, "pulumi/actions"));
    assert.deepEqual(
      pins.map((step) => step.with),
      [{ "pulumi-version": versions.pulumi }, { "pulumi-version": versions.pulumi }],
    );
  });
});

describe("the previews of a pull request", () => {
  it("need nothing of an account on the local platform", () => {
    const job = readJob("preview.yml", "local");
    assert.equal(job.if, undefined);
    assert.doesNotMatch(JSON.stringify(job), /secrets|vars\.|id-token|token/);
  });

  it("hand over the report even of a preview that fails", () => {
    for (const id of ["local", "aws"]) {
      const job = readJob("preview.yml", id);
      assert.deepEqual(
        uses(job, "actions/upload-artifact").map((step) => step.if),
        ["${{ !cancelled() }}"],
      );
    }
  });

  it("go to AWS only where a role is set, and never for a fork", () => {
    const condition = readJob("preview.yml", "aws").if ?? "";
    assert.deepEqual(condition.split(/\s*&&\s*/), [
      "vars.AWS_PREVIEW_ROLE_ARN != ''",
      "github.event.pull_request.head.repo.full_name == github.repository",
      "github.actor != 'dependabot[bot]'",
    ]);
  });

  it("upload the reports, and never an event log", () => {
    const uploads = jobs.flatMap(({ job }) => uses(job, "actions/upload-artifact"));
    assert.deepEqual(
      uploads.map((step) => step.with?.["path"]),
      ["comment.md", "comment.md"],
    );
  });

  it("are commented on by a workflow that runs none of the pull request's code", () => {
    const { on, jobs: commenting } = readWorkflow("preview-comment.yml");
    assert.deepEqual(on, { workflow_run: { workflows: ["Preview"], types: ["completed"] } });
    const steps = Object.values(commenting).flatMap((job) => job.steps);
    assert.ok(steps.every((step) => step.uses === undefined));
    assert.ok(steps.every(({ run = "" }) => !/git clone|npm|node|pull_requests|fetch/.test(run)));
  });
});

describe("deployments", () => {
  it("go to dev, and then to prod", () => {
    assert.deepEqual(readWorkflow("deploy.yml").on, { push: { branches: ["main"] } });
    assert.equal(readJob("deploy.yml", "prod").needs, "dev");
  });

  for (const stack of ["dev", "prod"]) {
    it(`to ${stack} wait for each other, for a role, and for its environment`, () => {
      const job = readJob("deploy.yml", stack);
      assert.deepEqual(job.concurrency, { group: `deploy-${stack}`, "cancel-in-progress": false });
      assert.equal(job.if, `vars.AWS_DEPLOY_${stack.toUpperCase()}_ROLE_ARN != ''`);
      assert.equal(job.uses, "./.github/workflows/deploy-stack.yml");
      assert.match(text("deploy.yml"), new RegExp(`stack: ${stack}\\n`));
      assert.equal(readJob("deploy-stack.yml", "deploy").environment, "${{ inputs.stack }}");
    });
  }

  it("run the policies", () => {
    const run = readJob("deploy-stack.yml", "deploy").steps.at(-1)?.run ?? "";
    assert.match(
      run,
      /^pulumi up .*--policy-pack policies --policy-pack-config "policies\/baselines/,
    );
  });
});
