import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type RunningProvider, startProvider } from "../../local/provider";
import { pulumiCli } from "../../local/setup/pulumiCli";
import { Project } from "../e2e/project";
import { Emulator } from "../local/provider/emulator";
import { clientsOf } from "./clients";
import { type Leftover, leftovers } from "./leftovers";

/**
 * The acceptance run as it goes on AWS, by the CLI on PATH and the user's credentials, with the
 * emulator and the local provider in place of AWS and of the plugin.
 */
describe("the acceptance run with the user's CLI and credentials", function () {
  this.timeout(400_000);
  let project: Project;
  let emulator: Emulator;
  let provider: RunningProvider;
  const user = fs.mkdtempSync(path.join(os.tmpdir(), "acceptance-user-"));
  const backend = path.join(user, "backend");
  const aws = ["--aws", "--region", "us-east-1"];

  before(async () => {
    project = new Project();
    emulator = await Emulator.start({ env: { SFN_WAIT_SCALE: "0.1" } });
    provider = await startProvider(emulator.options);
    const { command } = await pulumiCli();
    const bin = path.resolve(__dirname, "../../local/engine/bin");
    fs.mkdirSync(backend);
    project.variables = {
      ...nobody,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_ENDPOINT_URL: emulator.endpoint,
      PATH: [bin, path.dirname(command), process.env["PATH"]].join(path.delimiter),
      PULUMI_HOME: path.join(user, "home"),
      PULUMI_BACKEND_URL: `file://${backend}`,
      PULUMI_DEBUG_PROVIDERS: `aws:${provider.port}`,
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    };
  });

  afterEach(() => {
    assert.deepEqual(fs.readdirSync(backend), [], "the user's own backend isn't touched");
  });

  after(async () => {
    project.kill();
    await project.remove();
    await provider.close();
    await emulator.stop();
    fs.rmSync(user, { recursive: true, force: true });
  });

  it("says what is wrong with a command, by exit code 2, and makes nothing", async () => {
    for (const [args, message] of [
      [[], /choose one/],
      [["--aws", "--local"], /choose one/],
      [["--aws"], /needs --region/],
      [aws, /nobody can be asked here/],
      [["--destroy", "1234567"], /there is no run 1234567/],
      [["--no-such"], /unknown option/],
    ] as const) {
      const { code, stderr } = await project.acceptance(...args);
      assert.match(stderr, message);
      assert.equal(code, 2, stderr);
    }
    assert.deepEqual(ids(), []);
  });

  it("says which of CLI and credentials is missing", async () => {
    const { variables } = project;
    try {
      const node = path.dirname(process.execPath);
      project.variables = { ...variables, PATH: [node, "/usr/bin", "/bin"].join(path.delimiter) };
      const withoutCli = await project.acceptance(...aws, "--yes");
      assert.match(withoutCli.stderr, /The Pulumi CLI .* isn't on your PATH/);
      project.variables = { ...variables, AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" };
      const withoutKeys = await project.acceptance(...aws, "--yes");
      assert.match(withoutKeys.stderr, /AWS doesn't know you: .*\nSet AWS_PROFILE/);
      assert.deepEqual([withoutCli.code, withoutKeys.code, ids()], [1, 1, []]);
    } finally {
      project.variables = variables;
    }
  });

  it("asks first, and makes nothing for a no", async () => {
    for (const answer of ["n", ""]) {
      const { code, stdout } = await project.acceptanceInTerminal("(y/N)", answer, ...aws);
      assert.match(stdout, /together about \d+ cents/);
      assert.match(stdout, /Make it\? \(y\/N\)[^]*Nothing was made\./);
      assert.equal(code, 1, stdout);
    }
    assert.deepEqual(ids(), []);
  });

  it("goes on for a yes", async () => {
    const asked = project.acceptanceInTerminal("(y/N)", "y", ...aws);
    await project.until(/\d+ resources made/);
    project.interrupt();
    await asked;
    const [id = ""] = ids();
    assert.equal((await project.acceptance("--destroy", id)).code, 0);
    assert.deepEqual([ids(), await left(id)], [[], []]);
  });

  it("when killed in the midst is told of by the next one, and removed by --destroy", async () => {
    const killed = project.acceptance(...aws, "--yes");
    await project.until(/\d+ resources made/);
    project.kill();
    const { stderr } = await killed;
    assert.match(stderr, /5 aws:s3\/bucket:Bucket/);
    assert.match(stderr, /together about \d+ cents/);
    assert.match(stderr, /Where: 127\.0\.0\.1, which isn't AWS, us-east-1, account …0000/);
    const [id = ""] = ids();
    assert.ok((await left(id)).length > 10, "a half-made stack");
    const folder = path.join(project.folder, ".acceptance", id);
    assert.equal(fs.statSync(folder).mode & 0o077, 0, "the state is the user's alone");
    const next = await project.acceptance();
    assert.match(next.stderr, new RegExp(`Left of an earlier run: ${id}.*--destroy ${id}`));
    assert.match((await project.acceptance("--list")).stdout, new RegExp(`^${id}, AWS us-east-1`));
    // What the state hasn't heard of: the engine was killed before it could write it down.
    const { s3 } = clientsOf(emulator.settings);
    await s3.createBucket({ Bucket: `unheard-of-${id}` });
    await s3.putObject({ Bucket: `unheard-of-${id}`, Key: "a", Body: "a" });
    const destroyed = await project.acceptance("--destroy", id);
    assert.equal(destroyed.code, 0, destroyed.stderr);
    assert.match(destroyed.stderr, /removed by its name: S3 bucket unheard-of-/);
    assert.deepEqual([await left(id), ids()], [[], []]);
  });

  it("when interrupted ends in good order, and says what is left and how to remove it", async () => {
    const interrupted = project.acceptance(...aws, "--yes");
    await project.until(/\d+ resources made/);
    project.interrupt();
    const { code, stderr } = await interrupted;
    const [id = ""] = ids();
    assert.equal(code, 130, stderr);
    assert.match(stderr, new RegExp(`Remove it: npm run acceptance -- --destroy ${id}`));
    assert.deepEqual(await project.left("pulumi"), []);
    assert.equal((await project.acceptance("--destroy", id)).code, 0);
    assert.deepEqual([await left(id), ids()], [[], []]);
  });

  it("fails by exit code 1 where something doesn't hold, and still destroys all", async () => {
    project.edit("glue-jobs/mobile-user-daily/main.py", "import json\n", "raise SystemExit(3)\n");
    const file = path.join(user, "report.md");
    const { code, stderr } = await project.acceptance(...aws, "--yes", "--output", file);
    assert.equal(code, 1, stderr);
    const report = fs.readFileSync(file, "utf8");
    assert.match(report, /^# Acceptance run, not on AWS: on 127\.0\.0\.1\n/);
    assert.match(report, /\| The workflow runs its eight steps in order \| failed \|/);
    assert.match(report, /\| Athena gives .* \| not tried \|/);
    assert.match(report, /\| Nothing is left \| held \|/);
    const [, id = ""] = /acceptance-([0-9a-f]{7})/.exec(stderr) ?? [];
    assert.deepEqual([await left(id), ids()], [[], []]);
  });

  /** Runs that the project has a folder of. */
  function ids(): string[] {
    const folder = path.join(project.folder, ".acceptance");
    return fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  }

  function left(id: string): Promise<Leftover[]> {
    return leftovers(clientsOf(emulator.settings), id);
  }
});

/** No credentials of whoever runs the tests. */
const nobody = {
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_PROFILE: undefined,
};
