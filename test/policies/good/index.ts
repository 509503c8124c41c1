import type { Described } from "../pack/packHost";
import { glue } from "./glue";
import { glueWorkflow } from "./glueWorkflow";

/** A stack that no rule finds anything wrong with, one resource of each kind that a rule judges. */
export const goodStack: readonly Described[] = [...glue, ...glueWorkflow];
