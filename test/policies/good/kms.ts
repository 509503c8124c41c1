import type { Described } from "../pack/packHost";
import { tags } from "./tags";

/** One good resource of each kind that rules for KMS judge. */
export const kms: readonly Described[] = [
  {
    type: "aws:kms/key:Key",
    name: "lake-key",
    props: { enableKeyRotation: true, deletionWindowInDays: 30, tags },
  },
];
