import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as readline from "node:readline";
import { pulumiCli } from "../../../local/setup/pulumiCli";
import { type MemoryProvider, startMemoryProvider } from "./memoryProvider";
import { AnyResource, PolicyEngine } from "./policyStack";

const root = path.resolve(__dirname, "../../..");

describe("the policy pack as a package of npm", function () {
  this.timeout(120_000);
  let folder: string;
  let installed: string;
  let provider: MemoryProvider;
  let engine: PolicyEngine;

  before(async function () {
    this.timeout(600_000);
    await pulumiCli();
    provider = await startMemoryProvider();
    engine = new PolicyEngine(provider.port);
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "policy-package-"));
    // Packed from a copy, since the compiled files stand beside the sources for a moment.
    const sources = path.join(folder, "repository");
    fs.mkdirSync(sources);
    fs.cpSync(path.join(root, "policies"), path.join(sources, "policies"), { recursive: true });
    fs.copyFileSync(path.join(root, "tsconfig.json"), path.join(sources, "tsconfig.json"));
    fs.symlinkSync(path.join(root, "node_modules"), path.join(sources, "node_modules"));
    execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], {
      cwd: path.join(sources, "policies"),
      stdio: ["ignore", "ignore", "inherit"],
    });
    installed = install(folder);
  });
  after(() => {
    provider.close();
    engine.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it("carries no source but what runs", () => {
    const files = fs.readdirSync(installed, { recursive: true, encoding: "utf8" });
    assert.ok(files.includes("index.js") && files.includes("README.md"), files.join());
    assert.deepEqual(
      files.filter((file) => /(?<!\.d)\.ts$|^documentation/.test(file)),
      [],
    );
  });

  for (const [what, folderOf] of [
    ["from its sources", () => path.join(root, "policies")],
    ["as installed", () => installed],
  ] as const) {
    it(`boots ${what} by the SDK's own entry, which checks types`, async () => {
      const entry = path.join(root, "node_modules/@pulumi/pulumi/cmd/run-policy-pack");
      const host = spawn("node", [entry, "127.0.0.1:1", "."], {
        cwd: folderOf(),
        stdio: ["ignore", "pipe", "inherit"],
      });
      const [port]: unknown[] = await once(readline.createInterface(host.stdout), "line");
      host.kill();
      assert.match(String(port), /^\d+$/);
    });
  }

  it("stops a dev endpoint from another project's node_modules", async () => {
    const program = () => new AnyResource("aws:glue/devEndpoint:DevEndpoint", "own");
    const stack = await engine.open("packed", program, installed);
    const outcome = await stack.preview();
    assert.equal(outcome.exitCode, 1);
    assert.deepEqual(
      outcome.findings.map(({ rule }) => rule),
      ["glue-no-dev-endpoint"],
    );
  });
});

/** Puts the packed files where npm would, beside the packages that they need. */
function install(folder: string): string {
  const modules = path.join(folder, "project", "node_modules");
  const target = path.join(modules, "glue-etl-policies");
  fs.mkdirSync(target, { recursive: true });
  const [archive = ""] = fs.readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  execFileSync("tar", ["-xzf", path.join(folder, archive), "-C", target, "--strip-components=1"]);
  for (const entry of fs.readdirSync(path.join(root, "node_modules"))) {
    if (entry === "glue-etl-policies") continue;
    fs.symlinkSync(path.join(root, "node_modules", entry), path.join(modules, entry));
  }
  return target;
}
