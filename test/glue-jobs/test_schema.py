"""What all files of a dataset share: other settings are refused, unless all is rebuilt."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from contract.archive import event, gz_lines, place
from job_runs import DAY, Job
from mobile_events.state.schema import SchemaError

NEXT = DAY + timedelta(days=1)

OTHERS: list[tuple[str, dict[str, Any]]] = [
    ("output_format", {"output_format": "csv"}),
    ("time_zone", {"time_zone": "Asia/Kolkata"}),
    ("partition_keys", {"partition_keys": ("date",)}),
]


@pytest.fixture
def job(tmp_path: Path) -> Job:
    """Two days, of which the first is published."""
    job = Job(tmp_path)
    lines = [event(DAY, "1", n=1), event(DAY, "2", timestamp=f"{DAY}T03:00:00Z")]
    job.put({place("ios", DAY, "a"): gz_lines(lines)})
    job.put({place("ios", NEXT, "a"): gz_lines([event(NEXT, "3", m=True)])})
    job.run(DAY)
    return job


def state(job: Job) -> dict[str, bytes]:
    return {key: job.store.get("curated", key) for key in job.keys("") if key != "_lock.json"}


@pytest.mark.parametrize(("name", "changes"), OTHERS)
def test_new_objects_are_refused_under_other_settings(
    job: Job, name: str, changes: dict[str, Any]
) -> None:
    before, tables = state(job), dict(job.glue.tables)
    with pytest.raises(SchemaError, match=f"^{name} is .*set it back, or rebuild all received"):
        job.run(DAY, NEXT, **changes)
    assert state(job) == before
    assert job.glue.tables == tables
    assert job.run(DAY, NEXT)["sources"]["ios"]["rows_written"] == 1


@pytest.mark.parametrize(("name", "changes"), OTHERS)
@pytest.mark.parametrize("asked", [{}, {"compact": True}])
def test_table_stays_as_the_files_are_where_nothing_is_new(
    job: Job, name: str, changes: dict[str, Any], asked: dict[str, Any]
) -> None:
    before, tables = state(job), dict(job.glue.tables)
    with pytest.raises(SchemaError, match=f"^{name} is "):
        job.run(DAY, **changes, **asked)
    assert state(job) == before
    assert job.glue.tables == tables


@pytest.mark.parametrize(("name", "changes"), OTHERS)
def test_rebuild_of_some_days_is_refused(job: Job, name: str, changes: dict[str, Any]) -> None:
    job.run(NEXT)
    before = state(job)
    with pytest.raises(SchemaError, match=f"^{name} is "):
        job.run(NEXT, rebuild=True, **changes)
    assert state(job) == before


@pytest.mark.parametrize(("name", "changes"), OTHERS)
def test_rebuild_of_all_days_takes_other_settings(
    job: Job, name: str, changes: dict[str, Any]
) -> None:
    job.run(NEXT)
    report = job.run(DAY, NEXT, rebuild=True, **changes)
    assert report["sources"]["ios"]["rows_written"] == 3
    files = job.keys("mobile_user/")
    assert all("-jr_3-" in file for file in files)
    folders = {file.split("/")[1].split("=")[0] for file in files}
    assert folders == {changes.get("partition_keys", ("year",))[0]}
    assert {file.endswith(".csv.gz") for file in files} == {"output_format" in changes}
    if "time_zone" in changes:
        assert report["dates"] == {str(DAY): 2, str(NEXT): 1}
    job.put({place("ios", NEXT, "b"): gz_lines([event(NEXT, "4")])})
    assert job.run(NEXT, **changes)["sources"]["ios"]["rows_written"] == 1


def test_settings_that_files_need_not_share_can_change(job: Job) -> None:
    changes = {"dedupe_days": 0, "target_file_bytes": 1 << 20, "drop_fields": frozenset({"m"})}
    report = job.run(DAY, NEXT, **changes)
    assert report["sources"]["ios"]["rows_written"] == 1
    assert report["new_columns"] == []


def test_registry_starts_anew_with_a_rebuild_of_all_days_alone(job: Job) -> None:
    job.run(NEXT)
    names = ["message_id", "n", "type", "m"]
    assert [column.name for column in job.registry.columns] == names
    dropped: dict[str, Any] = {"drop_fields": frozenset({"n"})}
    job.run(DAY, rebuild=True, **dropped)
    assert [column.name for column in job.registry.columns] == names
    report = job.run(DAY, NEXT, rebuild=True, **dropped)
    assert [column.name for column in job.registry.columns] == ["message_id", "m", "type"]
    assert report["new_columns"] == ["m", "type"]
