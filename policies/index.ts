import { PolicyPack } from "@pulumi/policy";
import { policies } from "./pack";

new PolicyPack("glue-etl", {
  description: "Rules for AWS Glue ETL stacks",
  displayName: "Glue ETL",
  tags: ["aws", "glue", "etl"],
  policies: policies(),
});
