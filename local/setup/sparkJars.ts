import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { UserError } from "../errors";
import { installOnce } from "./cache";
import { run } from "./processes";
import * as versions from "./versions.json";

/** A folder with the jars that let Spark read and write S3; resolved by Spark's own resolver. */
export async function sparkJars(python: string, java: Record<string, string>): Promise<string> {
  const { sparkPackages, sparkExcludes } = versions;
  const key = createHash("sha256")
    .update(JSON.stringify([sparkPackages, sparkExcludes]))
    .digest("hex")
    .slice(0, 12);
  const folder = await installOnce(
    `spark-jars-${key}`,
    "Getting Spark's S3 jars (once)",
    async (target) => {
      const script = [
        "from pyspark.sql import SparkSession",
        "builder = SparkSession.builder.master('local[1]')",
        `builder = builder.config('spark.jars.packages', '${sparkPackages.join(",")}')`,
        `builder = builder.config('spark.jars.excludes', '${sparkExcludes.join(",")}')`,
        `builder = builder.config('spark.jars.ivy', ${JSON.stringify(target)})`,
        "builder = builder.config('spark.ui.enabled', 'false')",
        "builder = builder.config('spark.driver.host', '127.0.0.1')",
        "builder = builder.config('spark.driver.bindAddress', '127.0.0.1')",
        "builder.getOrCreate().stop()",
      ].join("\n");
      await run(python, ["-c", script], { env: { ...process.env, ...java } });
      if (!fs.readdirSync(path.join(target, "jars")).some((jar) => jar.includes("hadoop-aws"))) {
        throw new UserError(
          "Spark resolved no S3 jars. Is Maven Central, or your mirror, reached?",
        );
      }
    },
  );
  return path.join(folder, "jars");
}
