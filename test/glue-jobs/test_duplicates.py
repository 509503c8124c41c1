"""Which records repeat a message, against the plainest way to tell."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from contract.archive import event, gz_lines, place
from hypothesis import given
from hypothesis import strategies as st
from job_runs import DAY, Job
from mobile_events import spark
from mobile_events.curated.finishing import IDS as ID_SCHEMA
from mobile_events.spark import Cluster, IdFile, find_duplicates
from mobile_events.stage.duplicates import CANDIDATES, LAST, PLACES, duplicates, losers
from stand_ins import FolderStore, OneProcess

PROCESS: Any = OneProcess()
CLUSTER = Cluster(PROCESS, 2)

IDS = st.sampled_from(("a", "b", "c", "é", "🙂"))
DAYS = st.integers(20_000, 20_006)
RECEIVED = st.sampled_from((0, 1, 2, LAST))


@dataclass(frozen=True)
class Candidate:
    """A row of this run."""

    id: str | None
    received_at: int
    object: int
    line: int
    day: int = 20_000

    @property
    def rank(self) -> tuple[int, int, int]:
        return self.received_at, self.object, self.line


@dataclass(frozen=True)
class Published:
    """An id of a received day."""

    id: str
    day: int


def unique(candidates: list[Candidate]) -> list[Candidate]:
    """Candidates of which no two are at one place; an object has one received day."""
    at = {(c.object, c.line): c for c in candidates}
    day = {c.object: c.day for c in candidates}
    return [Candidate(c.id, c.received_at, *key, day[key[0]]) for key, c in at.items()]


_PLACES = {"received_at": RECEIVED, "object": st.integers(0, 3), "line": st.integers(1, 4)}
CANDIDATE = st.builds(Candidate, id=IDS, day=DAYS, **_PLACES)
OPTIONAL = st.builds(Candidate, id=IDS | st.none(), **_PLACES)


def has_better(candidate: Candidate, candidates: Sequence[Candidate]) -> bool:
    same = [c for c in candidates if c.id == candidate.id and c.id is not None]
    return any(other.rank < candidate.rank for other in same)


@given(st.lists(OPTIONAL, max_size=30).map(unique))
def test_losers_are_rows_with_a_better_one(candidates: list[Candidate]) -> None:
    table = pa.table(
        {
            "message_id": pa.array([c.id for c in candidates], pa.string()),
            "received_at": pa.array([c.received_at for c in candidates], pa.int64()),
            "object": pa.array([c.object for c in candidates], pa.int32()),
            "line": pa.array([c.line for c in candidates], pa.int64()),
        }
    )
    wanted = [place for place, c in enumerate(candidates) if has_better(c, candidates)]
    assert sorted(losers(table)) == wanted


def places_of(candidates: list[Candidate], published: list[Published]) -> pa.Table:
    rows: list[dict[str, Any]] = [
        {**vars(c), "message_id": c.id, "file": 0, "row": row, "task": c.object}
        for row, c in enumerate(candidates)
    ]
    rows += [{"message_id": p.id, "day": p.day, "received_at": 0, "line": 1} for p in published]
    return pa.Table.from_pylist(rows, PLACES)


def expected(candidates: list[Candidate], published: list[Published], window: int) -> list[int]:
    def is_published(c: Candidate) -> bool:
        return any(p.id == c.id and abs(p.day - c.day) <= window for p in published)

    return [row for row, c in enumerate(candidates) if has_better(c, candidates) or is_published(c)]


_CASES = (
    st.lists(CANDIDATE, max_size=25).map(unique),
    st.lists(st.builds(Published, IDS, DAYS), max_size=6),
    st.integers(0, 6),
)


@given(*_CASES)
def test_duplicates_by_the_plainest_way(
    candidates: list[Candidate], published: list[Published], window: int
) -> None:
    found = duplicates(places_of(candidates, published), window)
    assert sorted(row["row"] for row in found) == expected(candidates, published, window)
    assert all(row["task"] == candidates[row["row"]].object for row in found)


@given(*_CASES, st.sampled_from((1, 2, 5, 1_000_000)))
def test_duplicates_among_files_in_any_number_of_parts(
    candidates: list[Candidate], published: list[Published], window: int, at_once: int
) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(spark, "IDS_AT_ONCE", at_once)
        store = FolderStore(Path(folder))
        files = []
        for task in sorted({c.object for c in candidates}):
            rows = [row for row, c in enumerate(candidates) if c.object == task]
            part = places_of(candidates, []).take(pa.array(rows)).select(CANDIDATES.names)
            files.append(id_file(store, part, candidates[rows[0]].day, task))
        for day in sorted({p.day for p in published}):
            of_day = places_of([], [p for p in published if p.day == day])
            files.append(id_file(store, of_day.select(CANDIDATES.names), day, None))
        found = find_duplicates(CLUSTER, files, "b", window, lambda: store)
    assert sorted(found["row"].to_pylist()) == expected(candidates, published, window)


def id_file(store: FolderStore, table: pa.Table, day: int, task: int | None) -> IdFile:
    """A file of a task's candidates, or one of published ids."""
    sink = io.BytesIO()
    if task is None:
        pq.write_table(table.select(ID_SCHEMA.names), sink)
    else:
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
    key = f"{day}-{task}"
    store.put("b", key, sink.getvalue())
    return IdFile(key, day, len(table), task)


@pytest.mark.parametrize(
    ("at_once", "few", "tasks"), [(100, 1000, 11), (2000, 1001, 1), (2000, 400, 2)]
)
def test_task_holds_about_as_many_ids_as_it_may_and_few_ids_go_to_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int, few: int, tasks: int
) -> None:
    store, held = FolderStore(tmp_path), []

    def hold(part: tuple[int, Any], window: int) -> list[bytes]:
        held.append(sum(pa.ipc.open_stream(content).read_all().num_rows for content in part[1]))
        return []

    monkeypatch.setattr(spark, "IDS_AT_ONCE", at_once)
    monkeypatch.setattr(spark, "FEW_IDS", few)
    monkeypatch.setattr(spark, "_duplicates", hold)
    ids = [Candidate(f"id-{n}", 0, 0, n) for n in range(1000)]
    files = [id_file(store, places_of(ids, []).select(CANDIDATES.names), 20_000, 0)]
    find_duplicates(CLUSTER, files, "b", 0, lambda: store)
    assert sum(held) == 1000
    assert len(held) == tasks
    assert max(held) < 1.5 * 1000 / tasks


def test_nothing_is_read_where_no_candidate_is() -> None:
    def refuse() -> FolderStore:
        raise AssertionError("no store is needed")

    published = [IdFile("key", 20_000, 10, None)]
    assert not len(find_duplicates(CLUSTER, published, "b", 3, refuse))


@pytest.mark.parametrize("window", [0, 1, 3])
def test_window_counts_received_days_on_either_side(tmp_path: Path, window: int) -> None:
    for days in {-window - 1, -window, 0, window, window + 1}:
        job = Job(tmp_path / str(days))
        other = DAY + timedelta(days=days)
        job.put({place("ios", DAY, "a"): gz_lines([event(DAY, "x")])})
        job.run(DAY, dedupe_days=window)
        job.put({place("android", other, "a"): gz_lines([event(other, "x")])})
        dropped = job.run(other, dedupe_days=window)["sources"]["android"]["duplicates"]
        assert dropped == (abs(days) <= window)


@pytest.mark.parametrize("apart", [1, 40])
def test_window_has_no_part_within_a_run(tmp_path: Path, apart: int) -> None:
    job = Job(tmp_path)
    other = DAY + timedelta(days=apart)
    job.put({place("ios", DAY, "a"): gz_lines([event(DAY, "x")])})
    job.put({place("ios", other, "a"): gz_lines([event(other, "x")])})
    assert job.run(DAY, other, dedupe_days=0)["sources"]["ios"]["duplicates"] == 1
    assert [row.received_day for row in job.rows()] == [DAY]


def test_duplicates_are_charged_to_the_source_of_the_record_that_is_dropped(
    tmp_path: Path,
) -> None:
    job = Job(tmp_path)
    early, late = f"{DAY}T12:00:00Z", f"{DAY}T12:00:01Z"
    job.put(
        {
            place("ios", DAY, "a"): gz_lines(
                [event(DAY, "1", receivedAt=late), event(DAY, "2", receivedAt=early)]
            ),
            place("android", DAY, "a"): gz_lines(
                [event(DAY, "1", receivedAt=early), event(DAY, "2", receivedAt=late)] * 2
            ),
        }
    )
    sources = job.run()["sources"]
    assert {name: counts["duplicates"] for name, counts in sources.items()} == {
        "ios": 1,
        "android": 3,
    }
    rows = {row.cells["message_id"]: row.cells["platform"] for row in job.rows()}
    assert rows == {"1": "android", "2": "ios"}
