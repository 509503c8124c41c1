import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { pythonEnvironment } from "../../local/setup/python";
import { Access, Project } from "./project";
import { testedPage } from "./testedPage";

const groupIsThere = "the stack has made the group, with its key";
const keyUnasked = "the emulator doesn't encrypt logs";
const glueLogs = {
  "Logs logs:CreateLogGroup": groupIsThere,
  "Logs logs:AssociateKmsKey": groupIsThere,
  "LogsKey kms:Encrypt": keyUnasked,
  "LogsKey kms:Decrypt": keyUnasked,
  "LogsKey kms:GenerateDataKey": keyUnasked,
  "LogsKey kms:DescribeKey": keyUnasked,
};
const crawls = {
  "CatalogTable glue:BatchGetPartition": "Glue asks for many partitions, the emulator for all",
  "FindTables glue:GetTables": "Glue looks for its tables, the emulator for the one it names",
};

const vendedLogs = Object.fromEntries(
  [
    ...["CreateLogDelivery", "DeleteLogDelivery", "GetLogDelivery", "ListLogDeliveries"],
    ...["UpdateLogDelivery", "DescribeLogGroups", "DescribeResourcePolicies", "PutResourcePolicy"],
  ].map((action) => [`Logs logs:${action}`, "the emulator writes no logs of state machines"]),
);
const onlyThen = (when: string) => `only ${when}, as in reactions.e2e.ts`;
const notices = (when: string) => ({
  "Notify sns:Publish": onlyThen(when),
  "TopicKey kms:Decrypt": onlyThen(when),
  "TopicKey kms:GenerateDataKey": onlyThen(when),
});

/**
 * Why a role may do what no run here does. By the end of the role's name (the longest that fits),
 * then by statement and action. A permission that isn't explained fails, and so does an
 * explanation that isn't needed: a new role adds its lines here.
 */
const explained: Record<string, Record<string, string>> = {
  crawler: { ...glueLogs, ...crawls },
  "mobile-user-crawler": {
    ...glueLogs,
    ...crawls,
    "CatalogTable glue:CreateTable": "the job makes this table before its first crawl",
    "CatalogTable glue:BatchUpdatePartition": "only after the job's columns have grown",
  },
  job: {
    ...glueLogs,
    "KeepTables glue:UpdateTable": "only after the columns have grown",
    "ListCode s3:ListBucket": "makes of a script that is missing a 404, not a 403",
    "WriteOutput s3:AbortMultipartUpload": "only after an upload that failed",
  },
  // The roles of rules; the failed job has one of them start the recovery.
  start: {},
  "deadline-states": vendedLogs,
  "recovery-states": {
    ...vendedLogs,
    ...notices("where it gives up"),
    "Resume glue:PutWorkflowRunProperties": onlyThen("for a run that has failed"),
    "Resume glue:ResumeWorkflowRun": onlyThen("for a run that has failed"),
  },
  "idle-compute-states": {
    ...vendedLogs,
    ...notices("where something is idle"),
    "LastUse glue:ListStatements": onlyThen("for a session that is old"),
  },
};

/** Least privilege, seen: the roles of the stack after a run, by what they called. */
describe("what the roles may do and what they do", function () {
  this.timeout(600_000);
  this.bail(true);
  let project: Project;
  let calls: Access[];
  let allowed: Permission[];

  before(async () => {
    const python = await pythonEnvironment();
    project = new Project();
    await project.start();
    await project.succeed("deploy");
    await project.succeed("load", "--days", "3", "--events", "3000");
    await project.succeed("run");
    const aws: Aws = (...args) => project.aws(python, ...args);
    await crawlNewField(aws);
    await failJob(aws);
    await runStateMachines(aws);
    allowed = await permissions(aws);
    calls = await project.access();
  });

  after(() => project.remove());

  it("refuses nothing that is called", () => {
    assert.deepEqual(
      calls.filter((call) => !call.allowed),
      [],
    );
  });

  it("allows nothing else without a reason", () => {
    const used = new Set(calls.map(reasonKey));
    const unused = allowed.filter((each) => !used.has(reasonKey(each)));
    const needed = new Set(unused.map(reasonKey));
    const given = Object.entries(explained).flatMap(([kind, reasons]) =>
      Object.keys(reasons).map((what) => `${kind}: ${what}`),
    );
    assert.deepEqual(
      {
        unexplained: [...needed].filter((key) => !given.includes(key)),
        explainedInVain: given.filter((key) => !needed.has(key)),
      },
      { unexplained: [], explainedInVain: [] },
    );
  });

  it("is what docs/tested.md says (npm run docs:tested)", () => {
    const used = new Set(calls.map(reasonKey));
    const page = testedPage(
      project.resourceTypes(),
      allowed.map((each) => {
        const [role, what] = [kindOf(each.role), `${each.statement} ${each.action}`];
        const unused = used.has(reasonKey(each)) ? undefined : explained[role]?.[what];
        return { role, action: each.action, unused };
      }),
    );
    const file = path.join(__dirname, "../../docs/tested.md");
    if (process.env["GLUE_ETL_DOCS"] === "write") fs.writeFileSync(file, page);
    assert.equal(fs.readFileSync(file, "utf8"), page);
  });
});

interface Permission {
  role: string;
  statement: string;
  action: string;
}

/** What roles of a kind have in common: the place of a reason in the table. */
function reasonKey({ role, statement, action }: Permission): string {
  return `${kindOf(role)}: ${statement} ${action}`;
}

type Aws = (...args: string[]) => Promise<Record<string, unknown>>;

/** Puts an event with a field of its own into a folder that is crawled already. */
async function crawlNewField(aws: Aws): Promise<void> {
  const crawler = ["--name", "segmentlogs-IOS"];
  const { Crawler } = (await aws("glue", "get-crawler", ...crawler)) as {
    Crawler: { Targets: { S3Targets: { Path: string }[] } };
  };
  const [, bucket = "", prefix = ""] =
    /^s3:..([^/]+)\/(.*)$/.exec(Crawler.Targets.S3Targets[0]?.Path ?? "") ?? [];
  const { Contents } = (await aws(
    ...["s3api", "list-objects-v2", "--bucket", bucket, "--prefix", prefix],
  )) as { Contents: { Key: string }[] };
  const key = `${Contents[0]?.Key.replace(/[^/]+$/, "")}new-field.gz`;
  const file = path.join(os.tmpdir(), `new-field-${process.pid}.gz`);
  fs.writeFileSync(file, gzipSync('{"messageId":"new-field","aFieldOfTomorrow":1}\n'));
  await aws("s3api", "put-object", "--bucket", bucket, "--key", key, "--body", file);
  fs.rmSync(file);
  await aws("glue", "start-crawler", ...crawler);
  for (let state = ""; state !== "READY"; await sleep(200)) {
    const found = (await aws("glue", "get-crawler", ...crawler)) as { Crawler: { State: string } };
    state = found.Crawler.State;
  }
}

/** Runs the job in a way that fails, which starts the recovery. */
async function failJob(aws: Aws): Promise<void> {
  const job = ["--job-name", "mobile-user-daily"];
  const run = (await aws(
    ...["glue", "start-job-run", ...job, "--arguments", '{"--start_date":"no date"}'],
  )) as { JobRunId: string };
  for (let state = ""; state !== "FAILED"; await sleep(500)) {
    const found = (await aws("glue", "get-job-run", ...job, "--run-id", run.JobRunId)) as {
      JobRun: { JobRunState: string };
    };
    state = found.JobRun.JobRunState;
    assert.notEqual(state, "SUCCEEDED");
  }
}

/** Starts each state machine once, and waits until all that run have ended. */
async function runStateMachines(aws: Aws): Promise<void> {
  const { stateMachines } = (await aws("stepfunctions", "list-state-machines")) as {
    stateMachines: { stateMachineArn: string }[];
  };
  for (const { stateMachineArn } of stateMachines) {
    const machine = ["--state-machine-arn", stateMachineArn];
    await aws("stepfunctions", "start-execution", ...machine);
    for (let running = 1; running > 0; await sleep(500)) {
      const { executions } = (await aws("stepfunctions", "list-executions", ...machine)) as {
        executions: { status: string; name: string }[];
      };
      running = executions.filter(({ status }) => status === "RUNNING").length;
      const failed = executions.filter(({ status }) => status === "FAILED");
      assert.deepEqual(failed, [], stateMachineArn);
    }
  }
}

/** Every action that a statement of a role's policies allows. */
async function permissions(aws: Aws): Promise<Permission[]> {
  const { Roles } = (await aws("iam", "list-roles")) as { Roles: { RoleName: string }[] };
  const found: Permission[] = [];
  for (const { RoleName } of Roles) {
    const role = ["--role-name", RoleName];
    const { PolicyNames } = await aws("iam", "list-role-policies", ...role);
    const { AttachedPolicies } = await aws("iam", "list-attached-role-policies", ...role);
    assert.deepEqual(AttachedPolicies, [], `${RoleName} has policies that this test doesn't read`);
    for (const name of PolicyNames as string[]) {
      const { PolicyDocument } = (await aws(
        ...["iam", "get-role-policy", ...role, "--policy-name", name],
      )) as { PolicyDocument: { Statement: Statement[] } };
      for (const { Sid, Action } of PolicyDocument.Statement) {
        found.push(...Action.map((action) => ({ role: RoleName, statement: Sid, action })));
      }
    }
  }
  const names = found.map(({ role, statement, action }) => `${role} ${statement} ${action}`);
  assert.equal(new Set(names).size, names.length, "statements of a role have names of their own");
  return found;
}

interface Statement {
  Sid: string;
  Action: string[];
}

/** The table for a role, whose name ends in a random part. */
function kindOf(role: string): string {
  const name = role.replace(/-[0-9a-f]{7}$/, "");
  const kinds = Object.keys(explained).filter((kind) => name.endsWith(kind));
  return kinds.reduce((best, kind) => (kind.length > best.length ? kind : best), "") || name;
}
