import { exitOf, withSession } from "../interactive/session";
import { leaveTerminalTo } from "../interrupt";

/** IPython on this terminal, with Spark, the catalog's tables and the job's package. */
export async function shell(): Promise<void> {
  await withSession("shell", [], { stdio: "inherit", detached: false }, async (child) => {
    const takeBack = leaveTerminalTo(child);
    try {
      process.exitCode = (await exitOf(child)) ?? 1;
    } finally {
      takeBack();
    }
  });
}
