"""Metrics of a job run in CloudWatch, by the names and dimensions that Glue gives them.

Source: AWS Glue guide, "Monitoring AWS Glue using Amazon CloudWatch metrics". Only what was
measured is put: the driver's process runs the tasks here, so executors have no figures of their
own, nor is anything counted of S3's traffic. Glue tells every 30 seconds and nothing of what comes
after; here the end is told, too, so that a short run has metrics.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from emulator.glue.monitoring.spark_figures import SparkFigures
from emulator.glue.runs import JobRun

NAMESPACE = "Glue"
ALL_RUNS = "ALL"
Datum = dict[str, Any]

logger = logging.getLogger("emulator.glue")


def wants_metrics(arguments: Mapping[str, str]) -> bool:
    """Whether the run has the job parameter `--enable-metrics`, whose value may be empty."""
    return arguments.get("--enable-metrics", "false") != "false"


class JobMetrics:
    """Puts what Spark has counted since the last time, and what it measures now."""

    def __init__(self, cloudwatch: Any, run: JobRun, figures: SparkFigures) -> None:
        self._cloudwatch = cloudwatch
        self._run = run
        self._figures = figures
        self._told: dict[str, int] = {}
        self._refused = False

    def pass_on(self, last: bool) -> None:
        """What can't be put is lost, as on Glue, where the run goes on too."""
        data = list(self._data())
        if not data or self._refused:
            return
        try:
            self._cloudwatch.put_metric_data(Namespace=NAMESPACE, MetricData=data)
        except (ClientError, BotoCoreError) as error:
            self._refused = True
            logger.warning("metrics of %s are lost: %s", self._run.id, error)

    def _data(self) -> Iterator[Datum]:
        counts = self._figures.counts()
        for name, total in counts.items():
            yield from self._both(name, total - self._told.get(name, 0), "count")
        self._told = counts
        for name, value in self._figures.gauges().items():
            yield from self._both(name, value, "gauge")

    def _both(self, name: str, value: float, kind: str) -> Iterator[Datum]:
        for run in (self._run.id, ALL_RUNS):
            dimensions = {"JobName": self._run.job, "JobRunId": run, "Type": kind}
            yield {
                "MetricName": name,
                "Value": value,
                "Dimensions": [{"Name": key, "Value": text} for key, text in dimensions.items()],
            }
