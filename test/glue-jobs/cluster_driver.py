"""The driver of runs on a local cluster: `cluster_driver.py CONF PACKAGE FAULTS`.

CONF is Spark's configuration as JSON. PACKAGE is the zip that Glue gets as `--extra-py-files`; as
there, Spark sends it to the executors, which know no checkout. A line of standard input asks for a
run: the settings that change, `workers` and `fault`, as JSON. A line of standard output is what
came of it. The process ends with its standard input, and Spark's processes with it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import Any

from pyspark.sql import SparkSession


def main(conf: str, package: str, faults: str) -> None:
    builder = SparkSession.builder
    for name, value in json.loads(conf).items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    for file in (package, faults):
        session.sparkContext.addPyFile(file)
    say({"ready": True})
    for line in sys.stdin:
        say(answer(session, json.loads(line)))
    session.stop()


def say(value: Any) -> None:
    print(json.dumps(value), flush=True)


def answer(session: SparkSession, asked: dict[str, Any]) -> dict[str, Any]:
    """A run's report; or where executors have the package from, which is `origins`."""
    # Not before: the package comes from the zip.
    import cluster_faults
    from job_runs import Glue, settings
    from mobile_events.run import run

    if "origins" in asked:
        context = session.sparkContext
        found = context.parallelize(range(8), 8).map(cluster_faults.origin).distinct().collect()
        return {"driver": run.__code__.co_filename, "executors": found}
    fault = cluster_faults.Fault(**asked.pop("fault")) if "fault" in asked else None
    glue = Glue(cluster_faults.open_store())
    glue.workers = asked.pop("workers", 2)
    for name in ("first_day", "last_day"):
        asked[name] = date.fromisoformat(asked[name])
    with planned_finely(asked.pop("finely", True)), lost_shuffle(fault):
        open_store = partial(cluster_faults.open_store, fault)
        report = run(session, settings(**asked), glue, open_store)
    if fault is not None:
        fault.note("ended")
    return report


@contextmanager
def planned_finely(wanted: bool) -> Iterator[None]:
    """With work that is too little for several tasks cut into several nevertheless."""
    from mobile_events import spark
    from mobile_events.stage import tasks

    before = (tasks.LEAST_BYTES, tasks.LEAST_OBJECT_BYTES, spark.LEAST_SECONDS, spark.FEW_IDS)
    if wanted:
        tasks.LEAST_BYTES = tasks.LEAST_OBJECT_BYTES = spark.FEW_IDS = 1
        spark.LEAST_SECONDS = 1e-6
    try:
        yield
    finally:
        tasks.LEAST_BYTES, tasks.LEAST_OBJECT_BYTES, spark.LEAST_SECONDS, spark.FEW_IDS = before


@contextmanager
def lost_shuffle(fault: Any) -> Iterator[None]:
    """With the fault `shuffle`, where that is asked for."""
    import cluster_faults
    from mobile_events import spark

    before = spark._duplicates
    if fault is not None and fault.kind == "shuffle":
        spark._duplicates = partial(cluster_faults.duplicates_that_lose_the_shuffle, fault=fault)
    try:
        yield
    finally:
        spark._duplicates = before


if __name__ == "__main__":
    main(*sys.argv[1:])
