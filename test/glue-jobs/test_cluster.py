"""The job on a cluster: executors are processes of their own, and have the package from a zip."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from clusters import local_cluster
from contract import nasty
from contract.archive import event, gz_lines, place
from contract.model import Model
from job_runs import DAY, check

CASES = ("types that change", "repeated days later", "late events", "not json", "arrays")


def test_daily_run_on_two_executors(s3_endpoint: str, tmp_path: Path) -> None:
    objects = {place: data for name in CASES for place, data in nasty.CASES[name]().items()}
    model = Model()
    days = [place.received_day for place in objects]
    first, last = min(days), max(days)
    with local_cluster(s3_endpoint, tmp_path / "cluster", 2) as cluster:
        cluster.empty(objects)
        report = cluster.run(first_day=str(first), last_day=str(last))
        origins = cluster.ask({"origins": True})
    check(cluster.curated, model, report, model.run(objects, first, last))
    assert cluster.curated.keys("_staging/") == []
    ended = Counter(task["Task Info"]["Executor ID"] for task in cluster.tasks())
    assert len(ended) == 2, f"tasks by executor: {ended}"
    files = [origins["driver"], *origins["executors"]]
    assert all("mobile_events.zip/mobile_events/" in file for file in files), files


def test_executors_are_added_and_used(s3_endpoint: str, tmp_path: Path) -> None:
    # Glue's auto scaling is Spark's dynamic allocation: it begins with one, and adds as tasks wait.
    dynamic: dict[str, Any] = {
        "spark.dynamicAllocation.enabled": "true",
        "spark.dynamicAllocation.shuffleTracking.enabled": "true",
        "spark.dynamicAllocation.initialExecutors": "1",
        "spark.dynamicAllocation.maxExecutors": "6",
        "spark.dynamicAllocation.schedulerBacklogTimeout": "1s",
    }
    objects = {
        place("ios", DAY, f"{n:02}"): gz_lines([event(DAY, f"{n}-{m}") for m in range(50)])
        for n in range(24)
    }
    with local_cluster(s3_endpoint, tmp_path / "cluster", 6, **dynamic) as cluster:
        cluster.empty(objects)
        wait = {"kind": "wait", "seconds": 0.6}
        day = {"first_day": str(DAY), "last_day": str(DAY)}
        report = cluster.run(wait, workers=4, **day)
    assert report["sources"]["ios"]["rows_written"] == 1200
    tasks = cluster.tasks()
    staging = min(task["Stage ID"] for task in tasks)
    ended = Counter(t["Task Info"]["Executor ID"] for t in tasks if t["Stage ID"] == staging)
    # Four workers of two cores, one of them the driver's.
    assert ended.total() == 12, f"tasks by executor: {ended}"
    assert len(ended) >= 5, f"tasks by executor: {ended}"
