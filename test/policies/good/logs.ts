import type { Described } from "../pack/packHost";
import { tags } from "./tags";

/** One good resource of each kind that rules for CloudWatch Logs judge. */
export const logs: readonly Described[] = [
  {
    type: "aws:cloudwatch/logGroup:LogGroup",
    name: "job-logs",
    props: {
      name: "/aws-glue/jobs/job",
      retentionInDays: 90,
      kmsKeyId: "arn:aws:kms:us-west-2:123456789012:key/11111111-2222-3333-4444-555555555555",
      tags,
    },
  },
];
