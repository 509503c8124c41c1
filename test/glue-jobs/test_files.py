"""Files of the dataset: their sizes, their number, and what one of them may hold."""

from __future__ import annotations

import io
import random
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from contract.archive import event, gz_lines, place
from job_runs import DAY, Job, settings
from mobile_events.curated import final_files
from mobile_events.curated.finishing import RowWork
from mobile_events.raw.raw_objects import RawObject
from mobile_events.rows.registry import Registry
from mobile_events.stage import staging
from mobile_events.stage.attempt import OPEN
from mobile_events.stage.pieces import MOST_OPEN, tables
from mobile_events.stage.staged import StagingArea, Task
from stand_ins import FolderStore


def day(offset: int) -> date:
    return DAY + timedelta(days=offset)


def sizes(job: Job) -> list[int]:
    return [len(job.store.get("curated", key)) for key in job.keys("mobile_user/")]


def ids(job: Job) -> list[str]:
    return sorted(str(row.cells["message_id"]) for row in job.rows())


def test_target_size_rolls_the_files_of_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "CHUNK_ROWS", 100)
    monkeypatch.setattr(staging, "FLUSH_BYTES", 1)
    monkeypatch.setattr(final_files, "ROW_GROUP_BYTES", 1)
    job = Job(tmp_path)
    rng = random.Random(2)
    lines = [event(DAY, f"{n}", text=rng.randbytes(60).hex()) for n in range(2000)]
    job.put({place("ios", DAY, "a"): in_members(lines, 100)})
    job.run(target_file_bytes=40_000)
    found = sizes(job)
    assert len(found) > 3
    # A file ends with the row group that makes it large enough, and the last one with the rows.
    assert all(size >= 40_000 for size in sorted(found)[1:])
    assert max(found) < 70_000
    assert ids(job) == sorted(map(str, range(2000)))


@pytest.mark.parametrize("output_format", ["parquet", "csv"])
def test_large_partition_is_finished_by_several_tasks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, output_format: str
) -> None:
    monkeypatch.setattr("mobile_events.stage.tasks.LEAST_BYTES", 1)
    monkeypatch.setattr("mobile_events.stage.tasks.LEAST_OBJECT_BYTES", 1)
    monkeypatch.setattr(final_files, "ROW_GROUP_BYTES", 1)
    works: list[RowWork] = []
    run = RowWork.run

    def watched(work: RowWork, *rest: Any) -> Any:
        works.append(work)
        return run(work, *rest)

    monkeypatch.setattr(RowWork, "run", watched)
    job = Job(tmp_path)
    rng = random.Random(4)
    for n in range(12):
        lines = [event(DAY, f"{n}-{m}", text=rng.randbytes(60).hex()) for m in range(500)]
        job.put({place("ios", DAY, f"{n:02}"): gz_lines(lines)})
    job.run(target_file_bytes=200_000, output_format=output_format)
    assert 1 < len(works) < 12
    found = [job.store.get("curated", key) for key in job.keys("mobile_user/")]
    assert len(found) >= len(works)
    # Together they have every row of the day and the date, once, in files of about the target.
    assert sum(work.rows for work in works) == 6000
    assert max(map(len, found)) < 1.4 * 200_000
    assert sum(counts["rows_written"] for counts in job.ledger()[DAY]["sources"].values()) == 6000


def test_ids_of_a_large_day_are_several_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mobile_events.stage.tasks.LEAST_BYTES", 1)
    monkeypatch.setattr("mobile_events.stage.tasks.LEAST_OBJECT_BYTES", 1)
    monkeypatch.setattr("mobile_events.processing.IDS_AT_ONCE", 250)
    job = Job(tmp_path)
    for n in range(8):
        lines = [event(DAY, f"{n}-{m}") for m in range(100)]
        job.put({place("ios", DAY, f"{n}"): gz_lines([*lines, event(DAY, "each")])})
    assert job.run()["sources"]["ios"]["duplicates"] == 7
    assert len(job.keys("_ids/")) == 4
    wanted = sorted(["each", *(f"{n}-{m}" for n in range(8) for m in range(100))])
    assert sorted(job.ids()[DAY]) == wanted
    entry = job.ledger()[DAY]["ids"]
    assert [file["bytes"] for file in entry] == [
        len(job.store.get("curated", file["key"])) for file in entry
    ]
    assert sum(file["rows"] for file in entry) == len(wanted)


def in_members(lines: Sequence[str], at_once: int) -> bytes:
    """An object whose lines are read some at a time."""
    parts = (lines[first : first + at_once] for first in range(0, len(lines), at_once))
    return b"".join(map(gz_lines, parts))


def test_pieces_of_many_tasks_are_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mobile_events.stage.tasks.LEAST_BYTES", 1)
    job = Job(tmp_path)
    for n in range(8):
        lines = [event(DAY, f"{n}-{m}", new=m if n % 2 else f"{m}") for m in range(100)]
        job.put({place("ios", DAY, f"{n}"): gz_lines(lines)})
    report = job.run()
    assert report["objects"]["processed"] == 8
    (key,) = job.keys("mobile_user/")
    file = pq.ParquetFile(io.BytesIO(job.store.get("curated", key)))
    assert (file.metadata.num_row_groups, file.metadata.num_rows) == (1, 800)
    assert sorted(file.read()["new"].to_pylist()) == sorted(
        str(m) for m in range(100) for _ in "8" * 8
    )
    assert len(job.keys("_ids/")) == 1


@pytest.mark.parametrize("columns", [{}, {"new": 1}])
def test_duplicates_are_dropped_from_any_part_of_a_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, columns: dict[str, int]
) -> None:
    job = Job(tmp_path)
    job.put({place("ios", DAY, "a"): gz_lines([event(DAY, "1"), event(DAY, "8")])})
    job.run()
    monkeypatch.setattr(staging, "FLUSH_BYTES", 1)
    again = ("0", "1", "2", "3", "4", "0", "5", "6", "7", "8", "3", "9")
    lines = [event(DAY, id_, **columns) for id_ in again]
    job.put({place("ios", DAY, "b"): in_members(lines, 3)})
    assert job.run()["sources"]["ios"]["duplicates"] == 4
    assert ids(job) == list("0123456789")
    assert sorted(job.ids()[DAY]) == list("0123456789")


def test_attempts_at_one_task_leave_each_other_alone(tmp_path: Path) -> None:
    # Spark may run a task twice, and take the results of either.
    store = FolderStore(tmp_path)
    content = gz_lines(["", event(DAY, "1"), event(DAY), "oops", event(DAY, "2")])
    store.put("raw", "a.gz", content)
    task = Task(0, DAY, ((0, RawObject("ios", DAY, "raw", "a.gz", "", len(content))),))
    area = StagingArea(settings(), Registry.start(""), "_staging/jr_1/")
    store.put_json("curated", f"{area.prefix}{OPEN}", {})
    attempts = [staging.stage(task, area, store) for _ in range(2)]
    keys = [
        key
        for staged in attempts
        for key in (*(piece.key for piece in staged.pieces), staged.ids, staged.quarantine)
    ]
    assert len(set(keys)) == 6
    for staged in attempts:
        ids = pa.concat_tables(tables(store, "curated", staged.ids or ""))
        assert ids.select(["message_id", "object", "line"]).to_pylist() == [
            {"message_id": "1", "object": 0, "line": 2},
            {"message_id": "2", "object": 0, "line": 5},
        ]
    there = [entry["Key"] for entry in store.entries("curated", "_staging/jr_1/")]
    assert sorted(map(str, [*keys, f"{area.prefix}{OPEN}"])) == there


def test_file_holds_one_received_day_and_one_date(tmp_path: Path) -> None:
    job = Job(tmp_path)
    rng = random.Random(3)
    expected: dict[str, tuple[date, str]] = {}
    for offset in range(3):
        for source in ("ios", "android"):
            lines = []
            for n in range(20):
                at = datetime(DAY.year, DAY.month, DAY.day + offset, n, tzinfo=timezone.utc)
                at -= timedelta(days=rng.choice((0, 0, 1, 30)))
                id_ = f"{offset}-{source}-{n}"
                lines.append(event(day(offset), id_, timestamp=at.isoformat()))
                local = at.astimezone(ZoneInfo("America/Los_Angeles"))
                expected[id_] = (day(offset), local.date().isoformat())
            job.put({place(source, day(offset), "a"): gz_lines(lines)})
    job.run(day(0), day(2))
    found = {row.cells["message_id"]: row for row in job.rows()}
    assert {id_: (row.received_day, row.cells["date"]) for id_, row in found.items()} == expected
    for row in found.values():
        year, month, _ = str(row.cells["date"]).split("-")
        assert (row.cells["year"], row.cells["month"]) == (year, month)


def test_partition_keys_are_folders(tmp_path: Path) -> None:
    job = Job(tmp_path)
    job.put({place("ios", DAY, "a"): gz_lines([event(DAY, "1")])})
    job.run(prefix="lake/", partition_keys=("date", "month"))
    (key,) = job.keys("lake/mobile_user/")
    assert key == f"lake/mobile_user/date={DAY}/month=03/{DAY}-jr_1-1.parquet"
    assert job.keys("mobile_user/") == []


def test_events_of_more_dates_than_files_may_be_open(tmp_path: Path) -> None:
    job = Job(tmp_path)
    dates = [date(2020, 1, 1) + timedelta(days=9 * n) for n in range(MOST_OPEN + 40)]
    lines = [event(DAY, f"{n}", timestamp=f"{d}T20:00:00Z") for n, d in enumerate(dates)]
    job.put({place("ios", DAY, "a"): gz_lines(lines)})
    report = job.run()
    assert report["dates"] == {str(d): 1 for d in dates}
    assert ids(job) == sorted(str(n) for n in range(len(dates)))
    assert len(job.keys("mobile_user/")) == len(dates)


@pytest.mark.parametrize("least_bytes", [1, 4 << 20])
def test_thirty_days_at_once_are_few_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, least_bytes: int
) -> None:
    monkeypatch.setattr("mobile_events.stage.tasks.LEAST_BYTES", least_bytes)
    job = Job(tmp_path)
    for offset in range(30):
        at = day(offset)
        night = [event(at, f"{offset}-{n}", timestamp=f"{at}T03:00:00Z") for n in range(3)]
        for hour in range(6):
            noon = event(at, f"{offset}-noon-{hour}", new=hour)
            source = ("ios", "android")[hour % 2]
            job.put({place(source, at, f"{hour}"): gz_lines([noon, *night])})
    report = job.run(day(0), day(29))
    assert report["objects"]["processed"] == 180
    assert report["sources"]["ios"]["duplicates"] + report["sources"]["android"]["duplicates"]
    # One for each received day and date, whatever the number of objects and tasks.
    files = Counter(key.rsplit("/", 1)[1][:10] for key in job.keys("mobile_user/"))
    assert files == {str(day(offset)): 2 for offset in range(30)}
    assert len(job.keys("_ids/")) == 30
