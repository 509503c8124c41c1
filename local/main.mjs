// Entry point of `npm run local`: makes a fresh clone runnable, then hands over to cli.ts.
import { installPackages, runTypeScript } from "./bootstrap.mjs";

await installPackages();
runTypeScript("local/cli.ts", process.argv.slice(2));
