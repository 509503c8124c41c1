/** What every resource of the good stack is tagged with. */
export const tags = {
  Project: "mobile",
  Environment: "prod",
  Owner: "data-engineering",
  CostCenter: "analytics",
};
