import assert from "node:assert/strict";
import * as path from "node:path";
import { pythonEnvironment } from "../../local/setup/python";
import { Project } from "./project";

/** A way to have the rows, and the received days of each run. */
interface Way {
  format: "parquet" | "csv";
  table: string;
  runs: readonly string[];
}

/** All received days of the cases. */
export const ever = "2026-01-01:2026-11-02";

/** Every nasty case of raw data through the whole pipeline, held against the contract's model. */
export function holdContract({ format, table, runs }: Way): void {
  describe(`the data contract, through Athena, in ${format}`, function () {
    this.timeout(300_000);
    this.bail(true);
    let project: Project;
    let python: string;
    const check = path.join(__dirname, "contract_check.py");

    before(async () => {
      python = await pythonEnvironment();
      project = new Project();
      project.edit(
        "Pulumi.local.yaml",
        "config:\n",
        `config:\n  glue-etl:outputFormat: ${format}\n`,
      );
      await project.start();
      await project.succeed("deploy");
      const archive = path.join(project.folder, "archive");
      await project.tool(python, check, "write", archive);
      await project.succeed("load", "--raw", archive);
    });

    after(() => project.remove());

    it("has exactly the rows, the columns and the quarantine of the model", async () => {
      for (const days of runs) await run(days);
      await holdAgainstModel(runs);
    });

    it("is the same after a compaction", async () => {
      await run(ever, "--compact");
      await holdAgainstModel(runs);
    });

    it("is what one clean run gives after a rebuild of all days", async () => {
      await run(ever, "--rebuild");
      await holdAgainstModel([ever]);
    });

    async function run(days: string, ...options: string[]): Promise<void> {
      const [first = "", last = ""] = days.split(":");
      await project.succeed("run", "--start-date", first, "--end-date", last, ...options);
    }

    async function holdAgainstModel(ranges: readonly string[]): Promise<void> {
      const said = await project.tool(python, check, "check", table, ...ranges);
      assert.equal(said.trim(), "all as the model says");
    }
  });
}
