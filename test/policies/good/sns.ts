import type { Described } from "../pack/packHost";
import { tags } from "./tags";

/** One good resource of each kind that rules for SNS judge. */
export const sns: readonly Described[] = [
  {
    type: "aws:sns/topic:Topic",
    name: "failures",
    props: { name: "failures", kmsMasterKeyId: "alias/lake", tags },
  },
];
