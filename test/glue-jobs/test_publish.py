"""Publishing, against a real S3 API on loopback: what each change shows, and what a kill leaves."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from threading import Lock
from typing import Any

import pytest
from mobile_events.curated.publish import FinalNames, Journal, Publisher
from mobile_events.storage import Store

BUCKET, ROOT = "curated", "lake/"
CHANGES = 10
"""Of a rebuild of both days: the journal, 4 copies, 2 documents, removal, 2 to clear staging."""


class Killed(BaseException):
    """The process is gone."""


class MortalClient:
    """An S3 client that dies at its n-th change; `look` is called before each of them."""

    def __init__(self, s3: Any, changes: int, look: Callable[[], None]) -> None:
        self._s3 = s3
        self._left = changes
        self._look = look
        self._lock = Lock()

    def __getattr__(self, name: str) -> Any:
        if name not in ("put_object", "copy_object", "delete_objects"):
            return getattr(self._s3, name)
        with self._lock:
            self._look()
            self._left -= 1
            if self._left < 0:
                raise Killed
            return getattr(self._s3, name)


class Lake:
    """An empty curated bucket; runs put whole files whose content is `<run>/<day>/<n>`."""

    def __init__(self, s3: Any) -> None:
        self._s3 = s3
        self.store = Store(s3)
        self.store.delete(BUCKET, self.keys(""))
        self.seen: list[set[str]] | None = None
        """What readers saw before each change, where that is recorded."""

    def keys(self, prefix: str) -> list[str]:
        return [entry["Key"] for entry in self.store.entries(BUCKET, prefix)]

    def files(self) -> dict[str, str]:
        """What readers see: file to content."""
        keys = self.keys(f"{ROOT}mobile_user/")
        return {key: self.store.get(BUCKET, key).decode() for key in keys}

    def contents(self) -> set[str]:
        return set(self.files().values())

    def mortal(self, run: str, changes: int) -> Publisher:
        """A run's publisher that dies at a change."""
        client = MortalClient(self._s3, changes, self._look)
        return Publisher(Store(client), BUCKET, ROOT, run)

    def _look(self) -> None:
        if self.seen is not None:
            self.seen.append(self.contents())

    def run(self, run: str, *days: str, changes: int = 10**6, rebuild: bool = False) -> list[str]:
        """One run that stages two files for each day. Gives what it recovered."""
        publisher = self.mortal(run, changes)
        lines = publisher.recover()
        journal, names = Journal(), FinalNames(run)
        for day in days:
            key = f"{ROOT}_ledger/{day}.json"
            before = (self.store.get_json(BUCKET, key) or {"files": []})["files"]
            final = [names.next(f"{ROOT}mobile_user/date={day}/", day, "parquet") for _ in "12"]
            for number, name in enumerate(final):
                staged = f"{publisher.staging}data/{day}-{number}.parquet"
                self.store.put_json(BUCKET, staged, f"{run}/{day}/{number}")
                journal.copies[staged] = name
            journal.documents[key] = {"files": final if rebuild else [*before, *final]}
            journal.removals += before if rebuild else []
        publisher.publish(journal)
        return lines

    def check_ledger(self) -> None:
        entries = [self.store.get_json(BUCKET, key) for key in self.keys(f"{ROOT}_ledger/")]
        listed = [file for entry in entries for file in entry["files"]]
        assert sorted(listed) == sorted(self.files())
        assert self.keys(f"{ROOT}_staging/") == []


def whole(run: str, *days: str) -> set[str]:
    return {f'"{run}/{day}/{number}"' for day in days for number in range(2)}


@pytest.fixture
def lake(s3: Any) -> Lake:
    return Lake(s3)


def test_first_run(lake: Lake) -> None:
    assert lake.run("jr_a", "d1", "d2") == []
    assert list(lake.files()) == [
        f"{ROOT}mobile_user/date={day}/{day}-jr_a-{number}.parquet"
        for day in ("d1", "d2")
        for number in (1, 2)
    ]
    assert lake.contents() == whole("jr_a", "d1", "d2")
    lake.check_ledger()


def test_normal_run_only_adds_whole_files(lake: Lake) -> None:
    lake.run("jr_a", "d1")
    seen = lake.seen = []
    lake.run("jr_b", "d1", "d2")
    seen.append(lake.contents())
    old, new = whole("jr_a", "d1"), whole("jr_b", "d1", "d2")
    assert (seen[0], seen[-1]) == (old, old | new)
    for before, after in pairwise(seen):
        assert old <= before <= after <= old | new


def test_rebuild_adds_before_it_removes(lake: Lake) -> None:
    lake.run("jr_a", "d1", "d2")
    seen = lake.seen = []
    lake.run("jr_b", "d1", "d2", rebuild=True)
    seen.append(lake.contents())
    old, new = whole("jr_a", "d1", "d2"), whole("jr_b", "d1", "d2")
    assert all(old <= files or new <= files for files in seen)
    assert (seen[0], seen[-1]) == (old, new)
    lake.check_ledger()


@pytest.mark.parametrize(
    ("rebuild", "changes"),
    [*((True, n) for n in range(CHANGES + 1)), *((False, n) for n in (0, 1, 3))],
)
def test_killed_at_any_change(lake: Lake, rebuild: bool, changes: int) -> None:
    days = ("d1", "d2")
    lake.run("jr_a", *days)
    old, new = whole("jr_a", *days), whole("jr_b", *days)
    died = False
    try:
        lake.run("jr_b", *days, changes=changes, rebuild=rebuild)
    except Killed:
        died = True
    # Nothing is removed in a normal run, so it has a change less.
    assert died is (changes < CHANGES - (not rebuild))
    seen = lake.contents()
    assert old <= seen or (rebuild and new <= seen)
    assert changes > 1 or seen == old
    # A run of another day finishes what was begun, or forgets it.
    lines = lake.run("jr_c", "d3")
    assert len(lines) == died
    published = new if rebuild else old | new
    assert lake.contents() == whole("jr_c", "d3") | (published if changes >= 1 else old)
    lake.check_ledger()
    if changes == 0:
        assert lines == ["removed the staged files of run jr_b, which had been cut off"]
    elif changes < 5:
        assert lines == ["finished publishing run jr_b, which had been cut off"]


def test_killed_again_while_it_recovers(lake: Lake) -> None:
    lake.run("jr_a", "d1", "d2")
    with pytest.raises(Killed):
        lake.run("jr_b", "d1", "d2", changes=3, rebuild=True)
    for changes in (0, 2, 5, 7, 8):
        with pytest.raises(Killed):
            lake.run("jr_c", "d1", changes=changes)
    lake.run("jr_d", "d2", rebuild=True)
    assert lake.contents() == whole("jr_b", "d1") | whole("jr_d", "d2")
    lake.check_ledger()


def test_runs_that_died_before_their_journals_are_all_cleared(lake: Lake) -> None:
    for run in ("jr_b", "jr_a"):
        lake.store.put_json(BUCKET, f"{ROOT}_staging/{run}/data/1.parquet", "x")
    assert [line.split()[6] for line in lake.run("jr_c", "d1")] == ["jr_a,", "jr_b,"]
    assert lake.contents() == whole("jr_c", "d1")


def test_lakes_of_other_prefixes_are_left_alone(lake: Lake) -> None:
    other = "lake/other/_staging/jr_x/data/1.parquet"
    lake.store.put_json(BUCKET, other, "x")
    lake.run("jr_a", "d1")
    assert other in lake.keys("")


def test_report_is_kept(lake: Lake) -> None:
    Publisher(lake.store, BUCKET, ROOT, "jr_a").write_report({"run_id": "jr_a", "é": 1})
    assert lake.store.get_json(BUCKET, f"{ROOT}_reports/jr_a.json") == {"run_id": "jr_a", "é": 1}


def test_final_names_are_given_once() -> None:
    names = FinalNames("jr_a")
    given = [names.next(f, d, "parquet") for f in ("x/", "y/") for d in ("d1", "d2", "d1")]
    assert given[:3] == ["x/d1-jr_a-1.parquet", "x/d2-jr_a-1.parquet", "x/d1-jr_a-2.parquet"]
    assert len(set(given)) == 6
    assert len({name.split("/")[1] for name in given}) == 6
