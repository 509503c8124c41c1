// Entry point of `npm run acceptance`: makes a fresh clone runnable, then hands over to cli.ts.
import { installPackages, runTypeScript } from "../../local/bootstrap.mjs";

await installPackages();
// On AWS the user's own credentials, profile and region are needed; cli.ts drops them for a local run.
runTypeScript("test/acceptance/cli.ts", process.argv.slice(2), {
  ...process.env,
  // Node 20 is supported here as long as the SDK version that is pinned supports it.
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
});
