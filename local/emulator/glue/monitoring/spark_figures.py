"""Spark's own figures of a job run: its event log, and the files of its CSV metrics sink.

Sources: Spark's guide, "Monitoring and Instrumentation"; AWS Glue guide, "Monitoring AWS Glue using
Amazon CloudWatch metrics". Glue's names of the gauges are Spark's, below the namespace `glue`.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

GAUGES = (
    "glue.driver.BlockManager.disk.diskSpaceUsed_MB",
    "glue.driver.jvm.heap.usage",
    "glue.driver.jvm.heap.used",
)
FIGURES = "figures"
"""Name of the folder that they lie in."""
SAMPLES_S = 5
PREFIX = "glue.driver.aggregate."


def figures_conf(folder: Path) -> dict[str, str]:
    """Spark settings that have the figures written below `folder`, which this makes."""
    events, samples = folder / "events", folder / "samples"
    events.mkdir(parents=True)
    samples.mkdir()
    sink = "spark.metrics.conf.*.sink.csv."
    return {
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": events.as_uri(),
        "spark.eventLog.rolling.enabled": "false",
        "spark.metrics.namespace": "glue",
        "spark.metrics.conf.driver.source.jvm.class": "org.apache.spark.metrics.source.JvmSource",
        f"{sink}class": "org.apache.spark.metrics.sink.CsvSink",
        f"{sink}period": str(SAMPLES_S),
        f"{sink}unit": "seconds",
        f"{sink}directory": str(samples),
    }


class SparkFigures:
    """Reads on in what Spark has written below `folder`.

    Spark writes its event log up to the end of each stage: tasks of a stage that never ended
    aren't counted.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read = 0
        self._counted: Counter[str] = Counter()
        self._started: float | None = None

    def counts(self) -> dict[str, int]:
        """Totals since the application started, by Glue's names; empty before that."""
        for line in self._new_lines():
            self._count(json.loads(line))
        if self._started is None:
            return {}
        elapsed = round((time.time() - self._started) * 1000)
        return {
            f"{PREFIX}{name}": n for name, n in {**self._counted, "elapsedTime": elapsed}.items()
        }

    def gauges(self) -> dict[str, float]:
        """The newest sample of each gauge that Spark has taken."""
        found: dict[str, float] = {}
        for name in GAUGES:
            file = self._folder / "samples" / f"{name}.csv"
            # The first line names the columns: the time and the value.
            lines = file.read_text().splitlines()[1:] if file.exists() else []
            if lines:
                found[name] = float(lines[-1].split(",")[1])
        return found

    def _new_lines(self) -> list[bytes]:
        """Whole lines since the last look. The file's name changes when the application ends."""
        for file in (self._folder / "events").glob("[!.]*"):
            with file.open("rb") as log:
                log.seek(self._read)
                new = log.read()
            new = new[: new.rfind(b"\n") + 1]
            self._read += len(new)
            return new.splitlines()
        return []

    def _count(self, event: dict[str, Any]) -> None:
        kind = event["Event"]
        if kind == "SparkListenerApplicationStart":
            self._started = event["Timestamp"] / 1000
            self._counted.update(dict.fromkeys(COUNTED, 0))
        elif kind == "SparkListenerStageCompleted":
            self._counted["numCompletedStages"] += "Failure Reason" not in event["Stage Info"]
        elif kind == "SparkListenerTaskEnd":
            reason = event["Task End Reason"]["Reason"]
            self._counted[ENDS.get(reason, "numFailedTasks")] += 1
            self._add(event.get("Task Metrics") or {})

    def _add(self, metrics: dict[str, Any]) -> None:
        for name, (group, field) in FIELDS.items():
            self._counted[name] += metrics.get(group, {}).get(field, 0)


ENDS = {"Success": "numCompletedTasks", "TaskKilled": "numKilledTasks"}
FIELDS = {
    "bytesRead": ("Input Metrics", "Bytes Read"),
    "recordsRead": ("Input Metrics", "Records Read"),
    "shuffleBytesWritten": ("Shuffle Write Metrics", "Shuffle Bytes Written"),
    "shuffleLocalBytesRead": ("Shuffle Read Metrics", "Local Bytes Read"),
}
COUNTED = ("numCompletedStages", "numFailedTasks", *ENDS.values(), *FIELDS)
