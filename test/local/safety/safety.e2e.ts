import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { run } from "../../../local/setup/processes";
import { pythonEnvironment } from "../../../local/setup/python";
import type { Ended } from "../../e2e/project";
import { checkShell, NotebookServer, tools, useShell } from "../interactive/sessions";
import { leak, Socket, socketsOf } from "./sockets";
import { SpiedProject } from "./spiedProject";

const isLinux = process.platform === "linux";

/**
 * One user's day, from `deploy` to notebook and shell, by somebody who has AWS accounts in every form
 * and a proxy: nothing of it reaches them, and every socket is of this machine alone.
 */
describe("local commands of a user with AWS accounts and a proxy", function () {
  this.timeout(300_000);
  this.bail(true);
  let project: SpiedProject;
  const commands = new Set<string>();
  const leaks = new Set<string>();
  let watch: NodeJS.Timeout | undefined;

  before(async () => {
    await tools(); // by the tests' own proxy, not by the one that only looks
    project = new SpiedProject();
    await project.begin();
    if (isLinux) watch = setInterval(look, 250);
  });

  after(async () => {
    clearInterval(watch);
    await project.remove();
  });

  /** Notes what listens, or leads elsewhere, now. */
  function look(): void {
    const sockets = socketsOf(project.mark);
    sockets.filter(({ listens }) => listens).forEach((socket) => commands.add(kindOf(socket)));
    sockets.flatMap((socket) => leak(socket) ?? []).forEach((text) => leaks.add(text));
  }

  async function succeed(...args: string[]): Promise<Ended> {
    const ended = await project.succeed(...args);
    assert.ok(!project.hasSecret(ended.stdout + ended.stderr), "a credential is told");
    return ended;
  }

  async function json<T>(sql: string): Promise<T[]> {
    return JSON.parse((await succeed("query", sql, "--output", "json")).stdout) as T[];
  }

  it("would be seen, did they call AWS", async () => {
    const cli = path.join(path.dirname(await pythonEnvironment()), "aws");
    const env = { ...process.env, ...project.variables, AWS_MAX_ATTEMPTS: "1" };
    const call = (env: NodeJS.ProcessEnv) =>
      run(cli, ["sts", "get-caller-identity", "--region", "us-east-1"], { env }).catch(String);
    const without = (...names: string[]) =>
      Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)));
    await call(without("AWS_PROFILE", "AWS_CA_BUNDLE", "AWS_ENDPOINT_URL"));
    assert.match(project.proxy.asked.join("\n"), /CONNECT sts\.us-east-1\.amazonaws\.com:443/);
    await call(without("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_CA_BUNDLE"));
    assert.ok(project.isAskedForCredentials, "the profile's helper is run");
    project.forget();
  });

  it("deploy, load, run, preview and query work", async () => {
    await project.start();
    await succeed("deploy");
    await succeed("load", "--days", "2", "--events", "2000");
    await succeed("run");
    await succeed("preview", "--stack", "local");
  });

  let rows: Record<string, number> = {};

  it("the notebook's figures are Athena's, and no foreign page gets at its kernel", async () => {
    const server = await NotebookServer.start(project);
    const figures =
      "import json; print(json.dumps([raw_counts.to_dict('records'), activity.to_dict('records')]))";
    const { cells, foreign } = await server.run(project, figures);
    look();
    assert.equal(await server.interrupt(), 0);
    assert.deepEqual(foreign, { "no token": 403, host: 403, origin: 403 });
    const [raw, activity] = JSON.parse(cells.at(-1)?.text ?? "") as [unknown, unknown];
    const all = ["ios", "android"].map(
      (name) => `SELECT '${name}' AS platform, type FROM segment_logs.ksmsmxyyea${name}`,
    );
    assert.deepEqual(
      raw,
      await json(`SELECT platform, type, count(*) AS "count" FROM (${all.join(" UNION ALL ")})
        GROUP BY 1, 2 ORDER BY 1, 2`),
    );
    const users = "count(*) AS events, count(DISTINCT anonymous_id) AS users";
    assert.deepEqual(
      activity,
      await json(`SELECT date, platform, ${users} FROM mobile_user GROUP BY 1, 2 ORDER BY 1, 2`),
    );
    assert.match(cells.map(({ text }) => text).join("\n"), /\d+ records: \d+ rows, 0 quarantined/);
    assert.ok(
      cells.flatMap(({ images }) => images).some((bytes) => bytes > 5000),
      "no picture",
    );
    assert.deepEqual(await project.left("interactive"), []);
    const counts = await json<{ platform: string; n: number }>(
      "SELECT platform, count(*) AS n FROM mobile_user GROUP BY 1",
    );
    rows = Object.fromEntries(counts.map(({ platform, n }) => [platform, n]));
  });

  it("the shell counts the same, reloads code, and stays at Ctrl-C", async () => {
    checkShell(await useShell(project), rows);
    assert.deepEqual(await project.left("interactive"), []);
  });

  it("every socket is of this machine alone", function () {
    if (!isLinux) this.skip();
    assert.deepEqual([...leaks], []);
    // Were one not seen, the check would be of nothing.
    for (const kind of ["emulator", "engine", "provider", "java", "jupyter"]) {
      assert.ok(commands.has(kind), `${kind} isn't among ${[...commands].join(", ")}`);
    }
  });

  it("nothing has reached AWS, the proxy or the user's credentials", () => {
    assert.deepEqual(project.proxy.asked, []);
    assert.ok(!project.isAskedForCredentials);
    assert.deepEqual(project.filesWithSecrets(), []);
  });

  it("what is kept is the user's alone", () => {
    const state = path.join(project.folder, ".local");
    assert.equal(fs.statSync(state).mode & 0o777, 0o700);
    // IPython copies a page of its own, with that page's permissions.
    const files = [state, "!", "-type", "l", "!", "-path", "*/startup/README"];
    const open = execFileSync("find", [...files, "-perm", "/077"]).toString();
    assert.equal(open, "");
  });
});

function kindOf({ command }: Socket): string {
  if (command.includes("-m emulator")) return "emulator";
  if (command.includes("-m interactive") || command.includes("ipykernel")) return "jupyter";
  if (/\/java\b/.test(command)) return "java";
  if (/\/pulumi\b/.test(command)) return "engine";
  if (command.includes("typescriptLoader.cjs")) return "provider";
  return command;
}
