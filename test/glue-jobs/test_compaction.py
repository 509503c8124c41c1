"""Compaction: fewer files with the same rows, ids and quarantine, and a lake that goes on."""

from __future__ import annotations

import gzip
import io
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import open_csv
import pyarrow.parquet as pq
import pytest
from agreement import check_agreement
from contract.archive import event, gz_lines, place
from contract.model import Model
from contract.values import Json
from job_runs import DAY, Job, canonical, check

NEXT = DAY + timedelta(days=1)


def put(job: Job, at: date, file: str, *lines: str) -> dict[Any, bytes]:
    objects = {place("ios", at, file): gz_lines(lines)}
    job.put(objects)
    return objects


def with_small_files(job: Job, **asked: Any) -> dict[Any, bytes]:
    """Four runs over two days, each with a column, a type and a bad line of its own."""
    objects: dict[Any, bytes] = {}
    values: list[Json] = [1, "x", 0.5, True]
    for n, value in enumerate(values):
        for at in (DAY, NEXT):
            night = event(at, f"{at}-night-{n}", timestamp=f"{at}T03:00:00Z", shared=value)
            lines = [event(at, f"{at}-{n}", **{f"own{n}": n}), night, event(at), "oops"]
            objects |= put(job, at, f"{n}", *lines)
        job.run(DAY, NEXT, **asked)
    return objects


def contents(job: Job, prefix: str) -> dict[str, bytes]:
    return {key: job.store.get("curated", key) for key in job.keys(prefix)}


def by_folder(job: Job) -> Counter[str]:
    """The number of files of each partition and received day."""
    keys = job.keys("mobile_user/")
    return Counter(f"{key.rsplit('/', 1)[0]} {key.rsplit('/', 1)[1][:10]}" for key in keys)


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return Job(tmp_path)


def test_same_rows_ids_and_quarantine_in_fewer_files(job: Job) -> None:
    with_small_files(job)
    rows, ids, schema = canonical(job.rows()), job.ids(), contents(job, "_schema/")
    quarantine, tables = contents(job, "quarantine/"), dict(job.glue.tables)
    assert set(by_folder(job).values()) == {4}
    assert len(job.keys("_ids/")) == 8
    report = job.run(DAY, NEXT, compact=True)
    assert canonical(job.rows()) == rows
    assert set(by_folder(job).values()) == {1}
    assert {day: sorted(of_day) for day, of_day in job.ids().items()} == {
        day: sorted(of_day) for day, of_day in ids.items()
    }
    assert len(job.keys("_ids/")) == 2
    assert (contents(job, "quarantine/"), contents(job, "_schema/")) == (quarantine, schema)
    assert job.glue.tables == tables
    check_agreement(job)
    assert report["objects"]["processed"] == report["sources"]["ios"]["rows_written"] == 0
    assert report == job.store.get_json("curated", "_reports/jr_5.json")


def columns_by_folder(job: Job) -> dict[str, dict[str, str]]:
    """Names and types of the columns that some file of a partition and received day has."""
    found: dict[str, dict[str, str]] = {}
    for key, content in contents(job, "mobile_user/").items():
        folder = found.setdefault(f"{key.rsplit('/', 1)[0]} {key.rsplit('/', 1)[1][:10]}", {})
        folder |= {field.name: str(field.type) for field in pq.read_schema(io.BytesIO(content))}
    return found


def test_merged_file_has_the_columns_of_all(job: Job) -> None:
    with_small_files(job)
    before = columns_by_folder(job)
    assert any({"shared", "shared__boolean"} <= folder.keys() for folder in before.values())
    job.run(DAY, NEXT, compact=True)
    assert columns_by_folder(job) == before
    assert set(by_folder(job).values()) == {1}


def test_lake_goes_on_as_the_model_says(job: Job) -> None:
    model = Model()
    objects = with_small_files(job)
    for n in range(4):
        there = {at: data for at, data in objects.items() if at.object_key[-4] <= str(n)}
        model.run(there, DAY, NEXT)
    job.run(DAY, NEXT, compact=True)
    # What was published still counts, and what is new comes beside it.
    objects |= put(job, NEXT, "again", event(NEXT, f"{DAY}-0"), event(NEXT, "new", n="new"))
    check(job, model, job.run(DAY, NEXT), model.run(objects, DAY, NEXT))
    # A rebuild finds all that a day gave, also what was merged.
    rebuilt = job.run(DAY, rebuild=True)
    check(job, model, rebuilt, model.run(objects, DAY, DAY, rebuild=True))
    check_agreement(job)
    clean = Model()
    job.run(DAY, NEXT, compact=True)
    check(job, clean, job.run(DAY, NEXT, rebuild=True), clean.run(objects, DAY, NEXT))
    check_agreement(job)


def test_only_days_of_the_range_are_merged(job: Job) -> None:
    with_small_files(job)
    job.run(NEXT, compact=True)
    files = by_folder(job)
    assert {n for folder, n in files.items() if folder.endswith(f" {DAY}")} == {4}
    assert {n for folder, n in files.items() if folder.endswith(f" {NEXT}")} == {1}
    check_agreement(job)


def test_merging_again_changes_nothing(job: Job) -> None:
    with_small_files(job)
    job.run(DAY, NEXT, compact=True)
    before = {k: v for k, v in contents(job, "").items() if not k.startswith("_lock")}
    job.run(DAY, NEXT, compact=True)
    after = {k: v for k, v in contents(job, "").items() if not k.startswith("_lock")}
    assert after.keys() - before.keys() == {"_reports/jr_6.json"}
    assert {key: after[key] for key in before} == before


def test_files_are_merged_up_to_the_target_size(job: Job) -> None:
    with_small_files(job)
    sizes = [len(content) for content in contents(job, "mobile_user/").values()]
    # Room for two of them, but not for three.
    target = 2 * max(sizes) + 10
    assert 3 * min(sizes) > target
    job.run(DAY, NEXT, compact=True, target_file_bytes=target)
    assert set(by_folder(job).values()) == {2}
    check_agreement(job)


def test_large_files_stay_as_they_are(job: Job) -> None:
    with_small_files(job)
    before = contents(job, "mobile_user/")
    job.run(DAY, NEXT, compact=True, target_file_bytes=min(map(len, before.values())))
    assert contents(job, "mobile_user/") == before
    assert len(job.keys("_ids/")) == 2
    check_agreement(job)


def test_small_files_are_not_merged_with_large_ones(job: Job) -> None:
    put(job, DAY, "large", *(event(DAY, f"{n}", text=f"{n * 7919:x}" * 9) for n in range(900)))
    job.run()
    put(job, DAY, "small", event(DAY, "small"))
    job.run()
    before = contents(job, "mobile_user/")
    large, small = sorted(map(len, before.values()), reverse=True)
    assert small < large // 3
    job.run(compact=True, target_file_bytes=large + small + 1)
    assert contents(job, "mobile_user/") == before
    job.run(compact=True, target_file_bytes=2 * large + 2)
    assert len(job.keys("mobile_user/")) == 1
    check_agreement(job)


def test_nothing_to_merge(job: Job) -> None:
    report = job.run(compact=True)
    assert report["warnings"] == []
    assert job.glue.tables == {}
    put(job, DAY, "a", event(DAY, "1"))
    job.run()
    before = contents(job, "mobile_user/")
    job.run(DAY, NEXT, compact=True)
    assert contents(job, "mobile_user/") == before


def csv_rows(job: Job) -> list[str]:
    """Rows of CSV without what is empty."""
    files = contents(job, "mobile_user/").values()
    rows = [row for content in files for row in open_csv.read(gzip.decompress(content))]
    return sorted(repr(sorted((k, v) for k, v in row.items() if v)) for row in rows)


def test_csv_files_are_merged_below_the_widest_header(job: Job) -> None:
    with_small_files(job, output_format="csv")
    put(job, DAY, "text", event(DAY, "text", shared='say "x",\\\nand\r", ""'))
    job.run(DAY, output_format="csv")
    before = csv_rows(job)
    job.run(DAY, NEXT, compact=True, output_format="csv")
    assert csv_rows(job) == before
    assert set(by_folder(job).values()) == {1}
    check_agreement(job)
    columns = [column["Name"] for column in stored(job)["Columns"]]
    for content in contents(job, "mobile_user/").values():
        header = open_csv.fields(gzip.decompress(content).split(b"\n")[0].decode())
        assert header == columns[: len(header)], "the serde goes by place"
        assert len(header) == len(columns)


def stored(job: Job) -> dict[str, Any]:
    descriptor: dict[str, Any] = job.glue.tables["mobile_user"]["StorageDescriptor"]
    return descriptor


def test_merged_csv_can_be_rebuilt(job: Job) -> None:
    with_small_files(job, output_format="csv")
    job.run(DAY, NEXT, compact=True, output_format="csv")
    before = csv_rows(job)
    assert job.run(DAY, NEXT, rebuild=True, output_format="csv")["sources"]["ios"] == {
        "records_read": 32,
        "rows_written": 24,
        "duplicates": 0,
        "quarantined": 8,
    }
    assert len(csv_rows(job)) == len(before)
    check_agreement(job)
