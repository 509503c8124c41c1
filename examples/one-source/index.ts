import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { CrawledSource } from "../../components";

const config = new pulumi.Config();
const tags = {
  Project: pulumi.getProject(),
  Environment: pulumi.getStack(),
  Owner: "shop",
  CostCenter: "shop",
};

const database = new aws.glue.CatalogDatabase("shop", { name: "shop", tags });
const orders = new CrawledSource("orders", {
  crawlerName: "orders",
  databaseName: database.name,
  bucketName: config.require("bucket"),
  prefix: "orders/",
  securityConfiguration: config.require("securityConfiguration"),
  logsKmsKeyArn: config.require("kmsKeyArn"),
  tags,
});

/** What to ask for in Athena, once the crawler has run. */
export const table = pulumi.interpolate`${orders.databaseName}.${orders.tableName}`;
