import * as fs from "node:fs";
import { messageOf, UserError } from "../errors";
import { watchParent } from "../interrupt";
import { runningPlatform } from "../platform";
import { say } from "../progress";
import { preview } from "./operations";

/** What `previewStack` starts. Arguments: the stack, and the file that takes the events. */
async function main([stack = "", eventLog = ""]: string[]): Promise<void> {
  const platform = await runningPlatform();
  if (!platform) throw new UserError("The local platform has ended. Run the command again.");
  await preview(
    platform,
    stack,
    (text) => process.stdout.write(text),
    (event) => fs.appendFileSync(eventLog, `${JSON.stringify(event)}\n`),
  );
}

watchParent();
main(process.argv.slice(2))
  .catch((error: unknown) => {
    if (error instanceof UserError) say(messageOf(error));
    else say(error instanceof Error ? String(error.stack) : String(error));
    process.exitCode = 1;
  })
  // The channel would keep this process alive.
  .finally(() => process.connected && process.disconnect());
