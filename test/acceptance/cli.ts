import { Command, CommanderError } from "commander";
import * as path from "node:path";
import { environmentWithoutAws } from "../../local/bootstrap.mjs";
import {
  describe,
  folderOf,
  forget,
  howToRemove,
  leftRecords,
  type Mode,
  newRecord,
  readRecord,
  removeForgotten,
  type RunRecord,
} from "./records";
import type { Target } from "./target";

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Exit codes: a check failed or something is left; the command can't be read; interrupted. */
const [failed, usage, interrupted] = [1, 2, 130];

interface Options {
  aws?: true;
  local?: true;
  region?: string;
  yes?: true;
  keep?: true;
  output?: string;
  destroy?: string;
  list?: true;
}

const help = `
It deploys the very program as a stack of its own, acceptance-<id>, with buckets of its own, no schedule
and two workers. It loads a small archive, runs the workflow, and holds what comes out to what is known:
answers, steps, notices, recovery, the janitor, quarantine, a run with nothing new, no drift. It also
asks what no source settles, and tells each answer. Then it destroys the stack and looks for leftovers.

On AWS it takes your own Pulumi CLI, credentials, profile and proxy, shows what it will make and what that
costs, and asks first. Its state is in .acceptance/<id>; your backend isn't touched. It takes about
three quarters of an hour. The report hides the account: commit it. Shared log groups of Glue, metrics
and the key, which is deleted in 30 days, stay.

Ctrl-C stops it, and says what is left and how to remove it.

Exit codes: 0 all checks held, 1 some failed or something is left, 2 the command can't be read,
130 interrupted.
`;

const program = new Command("npm run acceptance --")
  .description(
    "Proves the whole stack, on AWS or on the local platform, and leaves nothing behind.",
  )
  .option("--aws", "on AWS, in the account of your credentials; needs --region")
  .option("--local", "on the local platform, in a state folder of its own; needs no account")
  .option("--region <region>", "AWS region")
  .option("--yes", "don't ask before making anything")
  .option("--keep", "leave the stack up; --destroy removes it")
  .option(
    "--output <file>",
    "report (default: docs/acceptance.md with --aws, the terminal with --local)",
  )
  .option("--destroy <id>", "remove all of an earlier run")
  .option("--list", "show the runs of which something may be left")
  .addHelpText("after", help)
  .showHelpAfterError("(--help shows how)")
  .exitOverride()
  .action(perform);

async function perform(options: Options): Promise<void> {
  const chosen = [options.aws, options.local, options.destroy, options.list].filter(Boolean);
  const left = leftRecords();
  if (options.list) {
    if (chosen.length > 1) return program.error("--list stands alone");
    for (const record of left) process.stdout.write(`${describe(record)}\n`);
    if (left.length === 0) say("Nothing is left of any run.");
    return;
  }
  for (const record of left.filter(({ id }) => id !== options.destroy)) {
    say(`Left of an earlier run: ${describe(record)}. Remove it: ${howToRemove(record.id)}`);
  }
  if (chosen.length !== 1) return program.error("choose one: --aws, --local, --destroy or --list");
  if (options.destroy !== undefined) return destroy(options.destroy);
  if (options.local) return start("local", "us-east-1", { ...options, yes: true });
  if (options.region === undefined) return program.error("--aws needs --region");
  if (!options.yes && !process.stdin.isTTY) {
    return program.error("nobody can be asked here: --yes makes the stack without asking");
  }
  return start("aws", options.region, options);
}

async function start(mode: Mode, region: string, options: Options): Promise<void> {
  const record = newRecord(mode, region);
  const { accept } = await codeOf(record);
  const { yes = false, keep = false, output } = options;
  await work(record, async () => {
    const target = await openTarget(record).catch((error: unknown) => {
      forget(record);
      throw error;
    });
    return finish(target, () => accept(record, target, { yes, keep, output }));
  });
}

async function destroy(id: string): Promise<void> {
  const record = readRecord(id);
  if (!record) return program.error(`there is no run ${id}; --list shows which there are`);
  const { remove } = await codeOf(record);
  await work(record, async () => {
    const target = await openTarget(record);
    return finish(target, () => remove(record, target));
  });
}

async function finish<T>(target: Target, what: () => Promise<T>): Promise<T> {
  try {
    return await what();
  } finally {
    await target.close();
  }
}

/**
 * The code of the run, read once the environment is as its target needs it: a local run knows nothing
 * of the user's AWS account, and its platform has a folder of its own.
 */
async function codeOf(record: RunRecord): Promise<typeof import("./acceptance")> {
  if (record.mode === "local") {
    const kept = environmentWithoutAws();
    for (const name of Object.keys(process.env)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, kept, {
      GLUE_ETL_LOCAL: path.join(folderOf(record.id), "platform"),
    });
  }
  return import("./acceptance");
}

async function openTarget({ id, mode, region }: RunRecord): Promise<Target> {
  if (mode === "aws") return (await import("./awsTarget")).awsTarget(region);
  return (await import("./localTarget")).localTarget(id);
}

/** Does something that may be interrupted; the exit code says what it came to. */
async function work(record: RunRecord, what: () => Promise<boolean>): Promise<void> {
  const { interrupt, watchSignals } = await import("../../local/interrupt");
  watchSignals(() => {
    if (readRecord(record.id)) {
      say(`Left: ${describe(record)}. Remove it: ${howToRemove(record.id)}`);
    }
  });
  try {
    process.exitCode = (await what()) ? 0 : failed;
  } catch (error) {
    const { messageOf, UserError } = await import("../../local/errors");
    const isPlain = error instanceof UserError || interrupt.aborted;
    say(isPlain || !(error instanceof Error) ? messageOf(error) : String(error.stack));
    process.exitCode = interrupt.aborted ? interrupted : failed;
  } finally {
    removeForgotten(record);
  }
}

program.parseAsync().catch((error: unknown) => {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : usage;
});
