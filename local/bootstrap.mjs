// What must work before any package is installed: plain Node, no imports but Node's own.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { devNull } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const lockFile = path.join(root, ".local", "npm-ci.pid");
/** Hash of the lock file that the installed packages are of. */
const stampFile = path.join(root, "node_modules", ".package-lock.sha256");

checkNode(process.versions.node);

/** Ends the process on a Node that can't run this, and warns, once, of one that no test has run on. */
function checkNode(version) {
  const { node } = JSON.parse(readFileSync(path.join(root, "local/setup/versions.json"), "utf8"));
  const problem = whyNotOn(version, node.least);
  if (problem !== undefined) {
    console.error(problem);
    process.exit(1);
  }
  const tested = [...node.tested, ...node.unitTested];
  const mark = path.join(root, ".local", `untested-node-${version}`);
  if (tested.includes(version.split(".")[0]) || existsSync(mark)) return;
  console.error(
    `Node ${version} should work, but the tests have run on ${tested.join(", ")} alone (docs/versions.md).`,
  );
  mkdirSync(path.dirname(mark), { recursive: true, mode: 0o700 });
  writeFileSync(mark, "");
}

/**
 * Why a version of Node can't run this; undefined if it can.
 * @param {string[]} least the first version of each release line that can; lines behind the last of
 * them all can.
 */
export function whyNotOn(version, least) {
  const [major, minor] = version.split(".").map(Number);
  const lines = least.map((one) => one.split(".").map(Number));
  const [lastMajor] = lines.at(-1);
  if (major > lastMajor) return undefined;
  if (lines.some(([line, first]) => line === major && minor >= first)) return undefined;
  return `Node ${version} can't run this: install Node ${least.join(" or ")}, or later.`;
}

/** Runs `npm ci` where the packages are missing or aren't those of the lock file. */
export async function installPackages() {
  if (arePackagesCurrent()) return;
  mkdirSync(path.dirname(lockFile), { recursive: true, mode: 0o700 });
  while (!takeLock()) await sleep(500);
  try {
    if (!arePackagesCurrent()) npmCi();
  } finally {
    rmSync(lockFile, { force: true });
  }
}

function arePackagesCurrent() {
  return existsSync(stampFile) && readFileSync(stampFile, "utf8") === lockHash();
}

function lockHash() {
  const lock = readFileSync(path.join(root, "package-lock.json"));
  return createHash("sha256").update(lock).digest("hex");
}

function npmCi() {
  console.error("Installing npm packages (npm ci) …");
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (status !== 0) {
    console.error("npm ci failed, see above. Is the npm registry reached? Then try again.");
    rmSync(lockFile, { force: true });
    process.exit(1);
  }
  writeFileSync(stampFile, lockHash());
}

/** One process installs at a time; the lock of a process that is gone doesn't count. */
function takeLock() {
  try {
    writeFileSync(lockFile, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    if (!isAlive(Number(readFileSync(lockFile, "utf8")))) rmSync(lockFile, { force: true });
    return false;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * The user's environment without their AWS account: no key, profile, endpoint or config file of
 * theirs is read by what runs here. What is on this machine isn't asked of a proxy.
 */
export function environmentWithoutAws(environment = process.env) {
  const kept = Object.entries(environment).filter(([name]) => !/^(AWS|WR)_/.test(name));
  const around = environment.NO_PROXY ?? environment.no_proxy;
  const noProxy = ["127.0.0.1", "localhost", ...(around ? [around] : [])].join(",");
  return {
    ...Object.fromEntries(kept),
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: "true",
    // Node 20 is supported here as long as the SDK version that is pinned supports it.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    NO_PROXY: noProxy,
    no_proxy: noProxy,
  };
}

/**
 * Runs a TypeScript file of the project, on this process's terminal.
 * @param env default: the user's environment without their AWS account.
 */
export function runTypeScript(file, args, env = environmentWithoutAws()) {
  const child = spawn(
    process.execPath,
    ["--require", path.join(root, "local", "typescriptLoader.cjs"), path.join(root, file), ...args],
    { cwd: root, stdio: "inherit", env },
  );
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => child.kill(signal));
  }
  child.on("exit", (code, signal) => {
    process.exitCode = signal ? 130 : (code ?? 1);
  });
}
