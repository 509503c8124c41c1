/** Namespace of the metrics that the jobs put themselves. */
export const metricNamespace = "GlueEtl";
