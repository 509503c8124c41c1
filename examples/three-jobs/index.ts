import * as pulumi from "@pulumi/pulumi";
import { DailyWorkflow } from "../../components";

const workflow = new DailyWorkflow("warehouse", {
  workflowName: "warehouse",
  schedule: "cron(30 4 * * ? *)",
  // Two extracts side by side, then the load, once both have succeeded.
  steps: [[{ jobName: "extract-orders" }, { jobName: "extract-customers" }], [{ jobName: "load" }]],
  tags: {
    Project: pulumi.getProject(),
    Environment: pulumi.getStack(),
    Owner: "warehouse",
    CostCenter: "warehouse",
  },
});

export const workflowName = workflow.workflowName;
