import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pythonEnvironment } from "../../local/setup/python";
import { Project } from "./project";

/** Data that are gone or wrong come back by the commands of docs/operations.md, as they stand there. */
describe("keeping data, and restoring them from versions", function () {
  this.timeout(300_000);
  this.bail(true);
  let project: Project;
  let python: string;
  let bucket: string;
  let good: string;
  const prefix = "mobile_user/";
  const aws = (...args: string[]) => project.aws(python, ...args);
  const s3api = (operation: string, key: string, ...args: string[]) =>
    aws("s3api", operation, "--bucket", bucket, "--key", key, ...args);

  before(async () => {
    python = await pythonEnvironment();
    project = new Project();
    await project.start();
    await project.succeed("deploy");
    await project.succeed("load", "--days", "2", "--events", "600");
    await project.succeed("run");
    const { Buckets } = (await aws("s3api", "list-buckets")) as { Buckets: { Name: string }[] };
    bucket = Buckets.map(({ Name }) => Name).find((name) => /-curated-/.test(name)) ?? "";
    good = await users();
    assert.ok(JSON.parse(good).length > 0);
  });

  after(() => project.remove());

  it("brings deleted and overwritten files back, and removes strange ones", async () => {
    const at = await quietMoment();
    const [first = "", second = "", third = ""] = await keys();
    await s3api("delete-object", first);
    await s3api("copy-object", second, "--copy-source", `${bucket}/${third}`);
    await s3api("copy-object", `${third}.parquet`, "--copy-source", `${bucket}/${third}`);
    assert.notEqual(await users(), good);
    const said = await restore(at, prefix);
    assert.match(said, /all restored/);
    assert.equal(await users(), good);
    assert.equal((await keys()).includes(`${third}.parquet`), false);
  });

  it("has nothing more to do then", async () => {
    const at = await quietMoment();
    assert.equal((await restore(at, prefix)).trim(), "all restored");
  });

  it("undoes a run, with what the job keeps of it, and the next run makes it good", async () => {
    const at = await quietMoment();
    await project.succeed("load", "--days", "2", "--events", "300", "--seed", "7");
    await project.succeed("run");
    const more = await users();
    assert.notEqual(more, good);
    assert.match(await restore(at, ""), /_ledger\/.*all restored/s);
    assert.equal(await users(), good);
    await project.succeed("run");
    assert.equal(await users(), more);
  });

  it("makes a dropped table again by a run", async () => {
    const before = await users();
    await aws(
      ...["glue", "delete-table", "--database-name", "mobile_analytics"],
      ...["--name", "mobile_user"],
    );
    assert.notEqual((await project.local("query", "SELECT 1 FROM mobile_user")).code, 0);
    await project.succeed("run");
    assert.equal(await users(), before);
  });

  it("keeps all data of a protected stack that somebody destroys", async () => {
    const before = await keys();
    project.edit("Pulumi.local.yaml", "glue-etl:forceDestroy", "glue-etl:protect");
    await project.succeed("deploy");
    const { code, stdout, stderr } = await project.local("destroy");
    assert.equal(code, 1);
    assert.match(stdout + stderr, /protected/);
    assert.deepEqual(await keys(), before);
    const databases = (await aws("glue", "get-databases"))["DatabaseList"] as { Name: string }[];
    assert.deepEqual(databases.map(({ Name }) => Name).sort(), [
      "mobile_analytics",
      "segment_logs",
    ]);
  });

  it("leaves the account's catalog encrypted, and the key, when the stack goes", async () => {
    const protect = "glue-etl:protect: true";
    project.edit(
      "Pulumi.local.yaml",
      protect,
      "glue-etl:forceDestroy: true\n  glue-etl:encryptCatalog: true",
    );
    assert.match((await project.succeed("deploy")).stdout, /of the whole account/);
    const before = await encryption();
    assert.equal(before.CatalogEncryptionMode, "SSE-KMS-WITH-SERVICE-ROLE");
    await project.succeed("destroy");
    assert.deepEqual(await encryption(), before);
    const { KeyMetadata } = (await aws(
      ...["kms", "describe-key", "--key-id", before.SseAwsKmsKeyId ?? ""],
    )) as { KeyMetadata: { KeyState: string } };
    assert.equal(KeyMetadata.KeyState, "Enabled");
    const role = before.CatalogEncryptionServiceRole?.split("/").at(-1) ?? "";
    const { PolicyNames } = await aws("iam", "list-role-policies", "--role-name", role);
    assert.equal((PolicyNames as string[]).length, 1);
  });

  async function encryption(): Promise<Record<string, string>> {
    const { DataCatalogEncryptionSettings } = (await aws(
      ...["glue", "get-data-catalog-encryption-settings"],
    )) as { DataCatalogEncryptionSettings: { EncryptionAtRest: Record<string, string> } };
    return DataCatalogEncryptionSettings.EncryptionAtRest;
  }

  /** What the view of daily active users gives, and how many different events there are. */
  async function users(): Promise<string> {
    const sql = `SELECT date, platform, active_users, d.events, n FROM daily_active_users d
      JOIN (SELECT date, platform, count(DISTINCT message_id) AS n FROM mobile_user
        GROUP BY date, platform) USING (date, platform) ORDER BY date, platform`;
    return (await project.succeed("query", sql, "--output", "json")).stdout;
  }

  async function keys(): Promise<string[]> {
    const { Contents } = (await aws(
      ...["s3api", "list-objects-v2", "--bucket", bucket, "--prefix", prefix],
    )) as { Contents: { Key: string }[] };
    return Contents.map(({ Key }) => Key);
  }

  /** Now, in whole seconds, with nothing that happens in the same second. */
  async function quietMoment(): Promise<string> {
    await sleep(1100);
    const at = new Date().toISOString().slice(0, 19);
    await sleep(1100);
    return at;
  }

  /** Runs the commands of the page. @returns what they said. */
  function restore(at: string, folder: string): Promise<string> {
    const page = fs.readFileSync(path.join(project.folder, "docs/operations.md"), "utf8");
    const section = page.slice(page.indexOf("## Restore data from versions"));
    const commands = [...section.matchAll(/^ *```bash\n(.*?)^ *```$/gms)].map(([, block]) => block);
    assert.equal(commands.length, 2);
    const tools = path.dirname(python);
    const settings = [`PATH=${tools}:$PATH`, `bucket=${bucket}`, `prefix=${folder}`, `at=${at}`];
    return project.tool("bash", "-c", [...settings, ...commands].join("\n"));
  }
});
