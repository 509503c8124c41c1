import type { Described } from "../pack/packHost";
import { tags } from "./tags";

const crawler = (name: string): Described => ({
  type: "aws:glue/crawler:Crawler",
  name,
  props: { name, databaseName: "segment_logs", tags },
});

/** One good resource of each kind that rules for Glue judge, beside those of the workflow. */
export const glue: readonly Described[] = [
  crawler("raw"),
  crawler("curated"),
  {
    type: "aws:glue/job:Job",
    name: "job",
    props: { name: "job", tags },
  },
];
