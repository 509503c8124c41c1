"""Which objects a run takes: changed, gone, silent and missing ones, and what is said of them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from agreement import check_agreement
from contract.archive import event, gz_lines, place
from job_runs import DAY, Job
from mobile_events.selection import NoDataError


def day(offset: int) -> date:
    return DAY + timedelta(days=offset)


def put(job: Job, offset: int, *ids: str, file: str = "a", source: str = "ios") -> str:
    """An object with events of these ids. Gives its key."""
    at = place(source, day(offset), file)
    job.put({at: gz_lines([event(day(offset), id_) for id_ in ids])})
    return at.object_key


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return Job(tmp_path)


def ids(job: Job) -> list[str]:
    return sorted(str(row.cells["message_id"]) for row in job.rows())


def counts(report: dict[str, Any]) -> tuple[int, int]:
    return report["objects"]["seen"], report["objects"]["processed"]


def test_objects_are_read_once(job: Job) -> None:
    put(job, 0, "1")
    assert counts(job.run()) == (1, 1)
    put(job, 0, "2", file="b")
    put(job, 0, "3", source="android")
    assert counts(job.run()) == (3, 2)
    assert counts(job.run()) == (3, 0)
    assert ids(job) == ["1", "2", "3"]


def test_days_out_of_the_range_are_left_alone(job: Job) -> None:
    for offset in range(-2, 3):
        put(job, offset, f"{offset}")
    assert counts(job.run(day(-1), day(1))) == (3, 3)
    assert ids(job) == ["-1", "0", "1"]
    assert sorted(job.ledger()) == [day(-1), DAY, day(1)]


def test_changed_object_is_left_out_and_told(job: Job) -> None:
    key = put(job, 0, "1")
    put(job, 0, "2", source="android")
    job.run()
    put(job, 0, "1", "changed")
    put(job, 0, "3", file="b")
    report = job.run()
    changed = f"{key} has changed since it was published, and is left out: rebuild its day"
    assert (report["warnings"], counts(report)) == ([changed], (3, 1))
    assert ids(job) == ["1", "2", "3"]
    report = job.run(rebuild=True)
    assert (report["warnings"], counts(report)) == ([], (3, 3))
    assert ids(job) == ["1", "2", "3", "changed"]
    assert job.run()["warnings"] == []


def test_objects_that_are_gone_take_no_rows_with_them_but_in_a_rebuild(job: Job) -> None:
    keys = [put(job, 0, file, file=file) for file in "abc"]
    put(job, 1, "other", source="android")
    job.run(DAY, day(1))
    job.store.delete("raw", keys[:2])
    assert [w for w in job.run(DAY, day(1))["warnings"] if "gone" in w] == []
    assert ids(job) == ["a", "b", "c", "other"]
    report = job.run(DAY, day(1), rebuild=True)
    assert report["warnings"] == [
        f"2 raw objects of received day {DAY} are gone, such as {keys[0]}: their rows go too"
    ]
    assert ids(job) == ["c", "other"]
    check_agreement(job)


def test_day_whose_objects_are_all_gone_stays_as_it_was(job: Job) -> None:
    key = put(job, 0, "1")
    put(job, 1, "2")
    put(job, 1, "3", source="android")
    job.run(DAY, day(1))
    job.store.delete("raw", [key])
    columns = job.registry.columns
    report = job.run(DAY, day(1), rebuild=True)
    assert report["warnings"] == [
        f"1 raw objects of received day {DAY} are gone, such as {key}: "
        "the day has none left, and stays as it was"
    ]
    assert ids(job) == ["1", "2", "3"]
    # Not all days were rebuilt, so columns stay what they were.
    assert job.registry.columns == columns
    assert report["new_columns"] == []
    check_agreement(job)


def test_source_without_an_object_is_told(job: Job) -> None:
    put(job, 0, "1")
    put(job, 1, "2", source="android")
    assert job.run()["warnings"] == [f"source android has no object from {DAY} to {DAY}"]
    assert job.run(DAY, day(1))["warnings"] == []


def test_range_without_any_object_fails_and_says_which_days_there_are(job: Job) -> None:
    for offset in (-3, -5):
        put(job, offset, "x")
    for offset in range(-20, -8):
        put(job, offset, "y", source="android")
    with pytest.raises(NoDataError) as raised:
        job.run(DAY, day(2))
    assert str(raised.value) == (
        f"no raw object was received from {DAY} to {day(2)}; there are these received days: "
        f"ios {day(-5)}, {day(-3)}; android {day(-20)} to {day(-9)} (12 days). Pass start_date and "
        "end_date, crawl the raw data first, or pass allow_empty=true"
    )
    assert job.keys("") == ["_lock.json"]
    assert job.glue.tables == {}


def test_catalog_without_any_day_says_so(job: Job) -> None:
    with pytest.raises(NoDataError, match=r"received days: ios none; android none\. "):
        job.run()


def test_empty_range_can_be_allowed(job: Job) -> None:
    put(job, -5, "x")
    report = job.run(allow_empty=True)
    assert counts(report) == (0, 0)
    assert report["sources"]["ios"]["records_read"] == 0
    assert report["warnings"] == [
        f"source {name} has no object from {DAY} to {DAY}" for name in ("ios", "android")
    ]
    assert job.glue.tables == {}
    assert job.run(allow_empty=True, rebuild=True)["objects"]["processed"] == 0


def test_ids_of_rebuilt_days_do_not_count_but_those_of_others_do(job: Job) -> None:
    put(job, 0, "1", "2")
    put(job, 1, "2", "3")
    job.run(day(1))
    job.run(DAY)
    assert [(row.received_day, row.cells["message_id"]) for row in job.rows()].count(
        (day(1), "2")
    ) == 1
    report = job.run(DAY, rebuild=True)
    assert report["sources"]["ios"]["duplicates"] == 1
    assert ids(job) == ["1", "2", "3"]
    report = job.run(DAY, day(1), rebuild=True)
    assert report["sources"]["ios"]["duplicates"] == 1
    assert {(row.received_day, row.cells["message_id"]) for row in job.rows()} == {
        (DAY, "1"),
        (DAY, "2"),
        (day(1), "3"),
    }
