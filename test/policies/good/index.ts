import type { Described } from "../pack/packHost";
import { athena } from "./athena";
import { glue } from "./glue";
import { glueWorkflow } from "./glueWorkflow";
import { iam } from "./iam";
import { kms } from "./kms";
import { logs } from "./logs";
import { s3 } from "./s3";
import { sns } from "./sns";

/** A stack that no rule finds anything wrong with, one resource of each kind that a rule judges. */
export const goodStack: readonly Described[] = [
  ...glue,
  ...glueWorkflow,
  ...athena,
  ...s3,
  ...logs,
  ...sns,
  ...kms,
  ...iam,
];
