"""Logs and metrics of one job run, put with its role's credentials while it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from emulator.account import client
from emulator.glue.monitoring.driver_logs import DriverLogs
from emulator.glue.monitoring.following import Following
from emulator.glue.monitoring.job_metrics import JobMetrics, wants_metrics
from emulator.glue.monitoring.log_groups import job_streams
from emulator.glue.monitoring.log_writer import LogWriter
from emulator.glue.monitoring.spark_figures import SparkFigures
from emulator.glue.region import Region
from emulator.glue.runs import JobRun
from emulator.moto_api import Payload

LOGS_S = 1.0
METRICS_S = 30.0


@dataclass(frozen=True)
class RunFiles:
    """What the run's process writes: output of the script, log of Spark, folder of its figures."""

    output: Path
    spark_log: Path
    figures: Path


class RunMonitor:
    """Follows the files of a run from `start` on; `finish` passes on the rest."""

    def __init__(
        self,
        job: Payload,
        run: JobRun,
        files: RunFiles,
        credentials: Mapping[str, str],
        region: Region,
    ) -> None:
        with region.lock:
            streams = job_streams(job, run, region)
        logs = client("logs", region.endpoint, region.name, credentials)
        driver = DriverLogs(
            {
                files.output: LogWriter(logs, streams.output),
                files.spark_log: LogWriter(logs, streams.error),
            }
        )
        self._followed = [Following(LOGS_S, driver.pass_on)]
        if wants_metrics(run.arguments):
            cloudwatch = client("cloudwatch", region.endpoint, region.name, credentials)
            metrics = JobMetrics(cloudwatch, run, SparkFigures(files.figures))
            self._followed.append(Following(METRICS_S, metrics.pass_on))

    def start(self) -> None:
        for following in self._followed:
            following.start()

    def finish(self) -> None:
        for following in self._followed:
            following.finish()
