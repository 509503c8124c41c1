import assert from "node:assert/strict";
import { messageOf } from "../../../local/errors";
import { ask, type Context, type Item } from "../context";

/** What Athena and the catalog make of things that no source settles. */
export const catalogQuestions: Item[] = [
  {
    kind: "question",
    name: "typeof",
    title: "What is `typeof(1.5)` to Athena?",
    run: async (context) => {
      const { rows } = await ask(context, "SELECT typeof(1.5), typeof(1.5e0), typeof(10 / 4.0)");
      const [decimal, double, quotient] = rows[0] ?? [];
      return [`${decimal}; of 1.5e0 it is ${double}, of 10 / 4.0 ${quotient}`];
    },
  },
  {
    kind: "question",
    name: "described-view",
    title: "Does Athena read a view of the Data Catalog that has a description?",
    needs: ["workflow"],
    run: async (context) => {
      const view = "daily_active_users";
      const described = "acceptance_described";
      const { glue } = context.target.clients;
      const DatabaseName = context.outputs().databaseName;
      const { Table } = await glue.getTable({ DatabaseName, Name: view });
      assert.ok(Table);
      const { TableType, Parameters, ViewOriginalText, ViewExpandedText, StorageDescriptor } =
        Table;
      const definition = { TableType, Parameters, ViewOriginalText, ViewExpandedText };
      const input = { ...definition, StorageDescriptor, Name: described, Description: "A view" };
      await glue.createTable({ DatabaseName, TableInput: input });
      try {
        return [
          `the stack's own view (description: ${Table.Description ?? "none"}): ${await count(context, view)}`,
          `a copy with a description: ${await count(context, described)}`,
        ];
      } finally {
        await glue.deleteTable({ DatabaseName, Name: described });
      }
    },
  },
];

async function count(context: Context, table: string): Promise<string> {
  try {
    const { rows } = await ask(context, `SELECT count(*) FROM ${table}`);
    return `${rows[0]?.[0]} rows`;
  } catch (error) {
    return messageOf(error);
  }
}
