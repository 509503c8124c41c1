import { PolicyPack } from "@pulumi/policy";
import { glueRules } from "./glue";
import { resourcePolicy } from "./rule";

new PolicyPack("glue-etl", {
  description: "Rules for AWS Glue ETL stacks",
  policies: [...glueRules].map(resourcePolicy),
});
