import assert from "node:assert/strict";
import { messageOf } from "../../../local/errors";
import type { Item } from "../context";

/** That the stack is deployed, without which nothing else can be tried. */
export const deployment: Item[] = [
  {
    kind: "check",
    name: "deploy",
    title: "The program deploys, with the policy pack on",
    needs: [],
    run: async ({ notices, stack, note }) => {
      await notices.makeQueue();
      const made = await stack.up(note);
      const types = [...made].map(([type, count]) => `${count} ${type.split(":").at(-1)}`);
      return [types.join(", ")];
    },
  },
];

/** That the engine's state, the program and what is there agree. */
export const agreement: Item[] = [
  {
    kind: "check",
    name: "drift",
    title: "A refresh finds no drift after all runs",
    run: async ({ stack }) => {
      assert.deepEqual(await stack.drift(), []);
      return ["every resource is as the state says"];
    },
  },
  {
    kind: "check",
    name: "no-changes",
    title: "A preview of the same program has nothing to change",
    run: async ({ stack }) => {
      assert.deepEqual(await stack.differences(), []);
      return ["no changes"];
    },
  },
  {
    kind: "question",
    name: "plain-preview",
    title: "Does the CLI alone, by `pulumi preview` in the project's folder, say the same?",
    run: async ({ stack }) => {
      try {
        await stack.plainPreview();
        return ["Yes: no changes."];
      } catch (error) {
        const said = messageOf(error);
        return [`No: ${/^error: .*/m.exec(said)?.[0] ?? said.trim().split("\n").at(-1)}`];
      }
    },
  },
];
