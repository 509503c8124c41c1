"""Whole runs that die at each of their changes, and are tried again: each row is there once."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from agreement import check_agreement
from contract.archive import event, gz_lines, place
from contract.lines import Objects
from contract.model import Model
from job_runs import DAY, Job, canonical, differences
from stand_ins import FolderStore

NEXT, OTHER = DAY + timedelta(days=1), DAY + timedelta(days=9)


class Killed(BaseException):
    """The process is gone."""


class MortalStore(FolderStore):
    """A store whose process dies at the n-th object that it writes or deletes."""

    def __init__(self, root: Path, left: list[int]) -> None:
        super().__init__(root)
        self._left = left

    def _change(self) -> None:
        self._left[0] -= 1
        if self._left[0] < 0:
            raise Killed

    def put(self, bucket: str, key: str, content: bytes) -> None:
        self._change()
        super().put(bucket, key, content)

    def copy(self, bucket: str, pairs: Iterable[tuple[str, str]]) -> None:
        for pair in pairs:
            self._change()
            super().copy(bucket, [pair])

    def delete(self, bucket: str, keys: Iterable[str]) -> None:
        for key in sorted(keys):
            self._change()
            super().delete(bucket, [key])


class MortalJob(Job):
    """A job whose runs can be killed."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self._left = [10**6]
        self._open_store: Any = lambda: MortalStore(root, self._left)

    def dies(self, changes: int, *days: date, **asked: Any) -> bool:
        """Whether a run dies that may make this many changes."""
        self._left[0] = changes
        try:
            self.run(*days, **asked)
        except Killed:
            return True
        finally:
            self._left[0] = 10**6
        return False


def delivery(at: date, file: str) -> Objects:
    """Rows of two dates and of two types, what is no event, and an id that comes every day."""
    lines = [event(at, f"{at}-{file}", a=1), event(at, "again"), event(at, timestamp="soon")]
    other = [event(at, f"{at}-{file}-2", a="x", timestamp=f"{at}T03:00:00Z"), event(at, file)]
    return {place("ios", at, file): gz_lines(lines), place("android", at, file): gz_lines(other)}


FIRST = {**delivery(DAY, "a"), **delivery(NEXT, "a")}
LATER = {**FIRST, **delivery(DAY, "b"), **delivery(NEXT, "c")}
ELSEWHERE = {**LATER, **delivery(OTHER, "d")}


def modelled(*runs: tuple[Objects, date, date, bool]) -> Model:
    model = Model()
    for objects, first, last, rebuild in runs:
        model.run(objects, first, last, rebuild=rebuild)
    return model


def rows(lake: Job | Model) -> Counter[str]:
    return Counter(canonical(lake.rows() if isinstance(lake, Job) else lake.published))


@pytest.fixture
def begun(tmp_path: Path) -> Callable[[int], MortalJob]:
    """Copies of a lake with a run, where more objects have come."""
    job = MortalJob(tmp_path / "begun")
    job.put(FIRST)
    job.run(DAY, NEXT, run_id="jr_begun")
    job.put(ELSEWHERE)

    def copy(number: int) -> MortalJob:
        shutil.copytree(tmp_path / "begun", tmp_path / str(number))
        return MortalJob(tmp_path / str(number))

    return copy


@pytest.mark.parametrize("rebuild", [False, True])
def test_run_killed_at_any_change(begun: Callable[[int], MortalJob], rebuild: bool) -> None:
    first, again = (FIRST, DAY, NEXT, False), (LATER, DAY, NEXT, rebuild)
    other = (ELSEWHERE, OTHER, OTHER, False)
    before, wanted = rows(modelled(first)), rows(modelled(first, again))
    forgotten, finished = [first, other], [first, again, other]
    models = {
        begins: (rows(modelled(*runs)), modelled(*runs, again))
        for begins, runs in ((False, forgotten), (True, finished))
    }
    outcomes: Counter[str] = Counter()
    died = True
    while died:
        job = begun(outcomes.total())
        died = job.dies(outcomes.total(), DAY, NEXT, rebuild=rebuild)
        after = rows(job)
        # Readers see the old rows or, only while a rebuild removes, all of the new.
        assert before <= after or (rebuild and wanted <= after)
        begins = bool(job.keys("_staging/jr_1/journal.json")) or after == wanted
        # A run of another day finishes what has a journal, and forgets the rest.
        report = job.run(OTHER)
        check_agreement(job)
        assert begins or before == after
        recovered, model = models[begins]
        assert rows(job) == recovered
        # And the run is tried again.
        job.run(DAY, NEXT, rebuild=rebuild)
        assert differences(job.rows(), model.published) == ([], [])
        assert [(c.path, c.name, c.type) for c in job.registry.columns] == model.registry
        check_agreement(job)
        outcomes["finished" if begins else "forgotten"] += 1
        assert len([w for w in report["warnings"] if "had been cut off" in w]) <= 1
    assert outcomes["finished"] > 10 < outcomes["forgotten"]


def test_compaction_killed_at_any_change(begun: Callable[[int], MortalJob]) -> None:
    changes, died = 0, True
    while died:
        job = begun(changes)
        job.run(DAY, NEXT)
        before = rows(job)
        died = job.dies(changes, DAY, NEXT, compact=True)
        assert before <= rows(job)
        job.run(OTHER)
        check_agreement(job)
        assert before == Counter(canonical(r for r in job.rows() if r.received_day != OTHER))
        changes += 1
    assert changes > 15
