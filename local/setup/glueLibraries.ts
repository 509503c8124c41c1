import { environmentPackages, pythonTool } from "./python";

/**
 * The variables that let a job's process find Glue's AWS SDK before the environment's own, which is
 * newer; its other libraries are those of Glue 5.1 as they are (requirements.in).
 */
export async function glueLibraries(): Promise<{ GLUE_LIBRARIES: string }> {
  const folder = await pythonTool("glue-5.1", "Installing the AWS SDK of Glue 5.1 (once)");
  return { GLUE_LIBRARIES: await environmentPackages(folder) };
}
