// Entry point of `npm run bench:…`: makes a fresh clone runnable, then hands over to the benchmark.
import { installPackages, runTypeScript } from "../local/bootstrap.mjs";

const [name, ...args] = process.argv.slice(2);
await installPackages();
runTypeScript(`bench/${name}.ts`, args);
