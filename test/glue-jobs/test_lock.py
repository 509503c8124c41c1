"""One run at a time: the lock of an output path."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from contract.archive import event, gz_lines, place
from job_runs import DAY, Glue, Job
from mobile_events.state.lock import OtherRunError, lock
from mobile_events.storage import ChangedMeanwhileError
from stand_ins import FolderStore

PLACE = ("curated", "lake/_lock.json")


class States(Glue):
    """Glue that knows runs by their states."""

    def __init__(self, store: FolderStore, **states: str) -> None:
        super().__init__(store)
        self._states = states
        self.asked: list[tuple[str, str]] = []

    def get_job_run(self, JobName: str, RunId: str) -> dict[str, Any]:  # noqa: N803
        self.asked.append((JobName, RunId))
        if RunId not in self._states:
            raise self.exceptions.EntityNotFoundException(RunId)
        return {"JobRun": {"JobRunState": self._states[RunId]}}


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path)


def holder(store: FolderStore) -> Any:
    return store.get_json(*PLACE)


def test_lock_says_who_holds_it_and_is_released(store: FolderStore) -> None:
    glue = States(store)
    with lock(store, glue, PLACE, "daily", "jr_1"):
        held = holder(store)
        assert (held["job"], held["run_id"]) == ("daily", "jr_1")
        since = datetime.fromisoformat(held["since"])
        assert abs(datetime.now(timezone.utc) - since) < timedelta(minutes=1)
    assert holder(store) == {}
    with lock(store, glue, PLACE, "daily", "jr_2"):
        assert holder(store)["run_id"] == "jr_2"
    assert glue.asked == []


def test_lock_is_released_by_a_run_that_fails(store: FolderStore) -> None:
    with pytest.raises(ZeroDivisionError), lock(store, States(store), PLACE, "daily", "jr_1"):
        raise ZeroDivisionError
    assert holder(store) == {}


def leave_behind(store: FolderStore, run_id: str) -> dict[str, str]:
    """The lock of a run that was killed, or still runs."""
    held = {"job": "another-job", "run_id": run_id, "since": "2026-03-09T00:00:00+00:00"}
    store.put_json(*PLACE, held)
    return held


@pytest.mark.parametrize("state", ["STARTING", "RUNNING", "STOPPING", "WAITING"])
def test_run_is_refused_while_another_one_is_active(store: FolderStore, state: str) -> None:
    held = leave_behind(store, "jr_9")
    glue = States(store, jr_9=state)
    with (
        pytest.raises(OtherRunError, match=r"^run jr_9 writes .*: wait .* or stop it$"),
        lock(store, glue, PLACE, "daily", "jr_1"),
    ):
        pytest.fail("two runs at once")
    assert holder(store) == held
    assert glue.asked == [("another-job", "jr_9")]


@pytest.mark.parametrize("state", ["STOPPED", "SUCCEEDED", "FAILED", "TIMEOUT", "ERROR", None])
def test_lock_of_a_dead_run_is_taken_over(store: FolderStore, state: str | None) -> None:
    leave_behind(store, "jr_9")
    glue = States(store, **({} if state is None else {"jr_9": state}))
    with lock(store, glue, PLACE, "daily", "jr_1"):
        assert holder(store)["run_id"] == "jr_1"
    assert holder(store) == {}


def test_run_that_is_started_again_has_its_own_lock(store: FolderStore) -> None:
    leave_behind(store, "jr_1")
    with lock(store, States(store, jr_1="RUNNING"), PLACE, "daily", "jr_1"):
        assert holder(store)["job"] == "daily"


class Racing(FolderStore):
    """A store where something happens between this run's look and its write."""

    meanwhile: Any = None

    def get_tagged_json(self, bucket: str, key: str) -> tuple[Any, str]:
        found = super().get_tagged_json(bucket, key)
        happens, self.meanwhile = self.meanwhile, None
        if happens is not None:
            happens()
        return found


@pytest.mark.parametrize("before", [None, {}, {"job": "daily", "run_id": "jr_9", "since": ""}])
def test_one_of_two_runs_that_start_together_is_refused(
    tmp_path: Path, before: dict[str, str] | None
) -> None:
    racing, other = Racing(tmp_path), FolderStore(tmp_path)
    if before is not None:
        other.put_json(*PLACE, before)
    winner = lock(other, States(other), PLACE, "daily", "jr_2")
    racing.meanwhile = winner.__enter__
    with (
        pytest.raises(OtherRunError, match=r"^run jr_2 "),
        lock(racing, States(racing), PLACE, "daily", "jr_1"),
    ):
        pytest.fail("two runs at once")
    assert holder(other)["run_id"] == "jr_2"
    winner.__exit__(None, None, None)
    assert holder(other) == {}


def test_lock_that_another_run_has_taken_over_stays_with_it(store: FolderStore) -> None:
    with (
        pytest.raises(ChangedMeanwhileError),
        lock(store, States(store), PLACE, "daily", "jr_1"),
    ):
        theirs = leave_behind(store, "jr_2")
    assert holder(store) == theirs


def test_refused_run_changes_nothing(tmp_path: Path) -> None:
    job = Job(tmp_path)
    job.put({place("ios", DAY, "a"): gz_lines([event(DAY, "1")])})
    job.store.put_json("curated", "_lock.json", {"job": "mobile-user-daily", "run_id": "jr_x"})
    # What another run is about to publish isn't taken for what a dead one left.
    job.store.put("curated", "_staging/jr_x/data/0.parquet", b"staged")
    job.glue.active.add("jr_x")
    before = job.keys("")
    with pytest.raises(OtherRunError, match="run jr_x"):
        job.run()
    assert job.keys("") == before
    assert job.glue.tables == {}
    job.glue.active.clear()
    assert job.run()["sources"]["ios"]["rows_written"] == 1
    assert job.store.get_json("curated", "_lock.json") == {}
