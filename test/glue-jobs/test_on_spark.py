"""The job on a real Spark session, by `npm test` of either Glue version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from contract import nasty
from contract.archive import event, gz_lines, place
from contract.lines import Objects
from contract.model import Model
from job_runs import Job, check
from mobile_events.spark import Cluster, IdFile, find_duplicates
from mobile_events.storage import Store
from pyspark.sql import SparkSession

DAY = date(2026, 3, 9)
NEXT = date(2026, 3, 10)


def test_all_nasty_cases(spark: SparkSession, tmp_path: Path) -> None:
    objects = nasty.everything()
    job, model = Job(tmp_path, spark), Model()
    job.put(objects)
    first, last = min(p.received_day for p in objects), max(p.received_day for p in objects)
    check(job, model, job.run(first, last), model.run(objects, first, last))


def test_ids_that_meet_across_tasks_and_runs(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Several parts of ids, and several tasks a day.
    monkeypatch.setattr("mobile_events.spark.IDS_AT_ONCE", 100)
    monkeypatch.setattr("mobile_events.stage.tasks.LEAST_BYTES", 1)
    objects: Objects = {}
    for number, day in enumerate((DAY, DAY, NEXT, NEXT)):
        lines = [event(day, f"id-{n}", n=n) for n in range(number * 150, number * 150 + 300)]
        objects[place("ios", day, str(number))] = gz_lines(lines)
    job, model = Job(tmp_path, spark), Model()
    job.put(objects)
    check(job, model, job.run(DAY), model.run(objects, DAY, DAY))
    check(job, model, job.run(DAY, NEXT), model.run(objects, DAY, NEXT))


def test_ansi_mode_fails_no_run_for_one_bad_value(spark: SparkSession, tmp_path: Path) -> None:
    before = spark.conf.get("spark.sql.ansi.enabled")
    spark.conf.set("spark.sql.ansi.enabled", "true")
    odd: Mapping[str, Any] = {"n": "no number", "sentAt": "yesterday", "big": 2**70}
    lines = [event(DAY, "good", n=1), event(DAY, "odd", **odd), '{"timestamp":"2026-13-45"}']
    objects = {place("ios", DAY, "a"): gz_lines(lines)}
    job, model = Job(tmp_path, spark), Model()
    job.put(objects)
    try:
        check(job, model, job.run(DAY), model.run(objects, DAY, DAY))
    finally:
        spark.conf.set("spark.sql.ansi.enabled", before or "false")


def test_nothing_is_asked_of_spark_without_candidates(spark: SparkSession) -> None:
    files = [IdFile("gone", 1, 10, None)]
    assert not len(find_duplicates(Cluster(spark, 2), files, "bucket", 3, lambda: Store(None)))
