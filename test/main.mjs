// Entry point of `npm test`: makes a fresh clone testable, then hands over to run.ts.
import { installPackages, runTypeScript } from "../local/bootstrap.mjs";

await installPackages();
runTypeScript("test/run.ts", process.argv.slice(2));
