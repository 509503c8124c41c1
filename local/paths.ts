import * as path from "node:path";

/** Root of the repository. */
export const projectRoot = path.dirname(__dirname);

/** Everything that the local platform keeps: `.local/`, or the folder that GLUE_ETL_LOCAL names. */
export const stateDir = path.resolve(
  process.env["GLUE_ETL_LOCAL"] ?? path.join(projectRoot, ".local"),
);
