"""Attempts at a task that Spark has given up: what they put isn't left in the staging."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from contract.archive import event, gz_lines, place
from job_runs import DAY, Job
from mobile_events.curated.publish import Journal, Publisher
from mobile_events.stage.attempt import OPEN, RunHasEndedError, attempt
from stand_ins import FolderStore

STAGING = "_staging/jr_1/"
BUCKET = "curated"


class Watched(FolderStore):
    """Does something before or after each file that is put."""

    def __init__(self, root: Path, before: Callable[[], None], after: Callable[[], None]) -> None:
        super().__init__(root)
        self._before = before
        self._after = after

    def put_file(self, bucket: str, key: str, path: Path) -> None:
        self._before()
        super().put_file(bucket, key, path)
        self._after()


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    return Publisher(FolderStore(tmp_path), BUCKET, "", "jr_1")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_text("rows")
    return path


def staged(root: Path) -> list[str]:
    return [entry["Key"] for entry in FolderStore(root).entries(BUCKET, "_staging/")]


def test_files_of_an_attempt_are_there_for_the_run(
    tmp_path: Path, publisher: Publisher, file: Path
) -> None:
    publisher.open_staging()
    with attempt(FolderStore(tmp_path), BUCKET, STAGING) as own:
        own.put_file(f"{STAGING}a", file)
        own.put_file(f"{STAGING}b", file)
    assert staged(tmp_path) == [f"{STAGING}{name}" for name in ("a", "b", OPEN)]
    publisher.publish(Journal())
    assert staged(tmp_path) == []


def test_attempt_that_comes_after_the_end_puts_nothing(
    tmp_path: Path, publisher: Publisher, file: Path
) -> None:
    publisher.open_staging()
    publisher.publish(Journal())

    def refuse() -> None:
        raise AssertionError("nothing is put")

    with (
        pytest.raises(RunHasEndedError),
        attempt(Watched(tmp_path, refuse, refuse), BUCKET, STAGING) as own,
    ):
        own.put_file(f"{STAGING}a", file)
    assert staged(tmp_path) == []


@pytest.mark.parametrize("moment", ["before", "after"])
def test_run_that_ends_while_an_attempt_puts_its_files(
    tmp_path: Path, publisher: Publisher, file: Path, moment: str
) -> None:
    publisher.open_staging()
    puts: list[int] = []

    def end_at_second() -> None:
        puts.append(1)
        if len(puts) == 2:
            publisher.publish(Journal())

    def nothing() -> None:
        return

    steps = (end_at_second, nothing) if moment == "before" else (nothing, end_at_second)
    with (
        pytest.raises(RunHasEndedError),
        attempt(Watched(tmp_path, *steps), BUCKET, STAGING) as own,
    ):
        for name in "abc":
            own.put_file(f"{STAGING}{name}", file)
    assert staged(tmp_path) == []


@pytest.mark.parametrize(
    ("ended", "said"), [(True, []), (False, ["removed the staged files of run jr_1"])]
)
def test_what_is_left_is_removed_and_told_apart(
    tmp_path: Path, ended: bool, said: list[str]
) -> None:
    # An executor that has lost its network can be killed between its file and its look.
    job = Job(tmp_path)
    job.put({place("ios", DAY, "a"): gz_lines([event(DAY, "1")])})
    if ended:
        job.run(run_id="jr_1")
    job.store.put(BUCKET, f"{STAGING}final/late.parquet", b"")
    report = job.run(date(2026, 3, 9), run_id="jr_2")
    assert [line.split(",")[0] for line in report["warnings"] if "jr_1" in line] == said
    assert staged(tmp_path) == []
