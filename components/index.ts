export * from "./arguments";
export * from "./athenaWorkspace";
export * from "./crawledSource";
export * from "./dailyWorkflow";
export * from "./dataLake";
export * from "./partitionedEtlJob";
export * from "./pipelineMonitoring";
export * from "./privateBucket";
