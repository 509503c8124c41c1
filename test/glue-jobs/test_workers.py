"""The cores that a run may get, as Glue tells of the very run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from contract.archive import event, gz_lines, place
from job_runs import DAY, Glue, Job
from mobile_events.workers import cores_of, most_cores
from stand_ins import FolderStore


class Told(Glue):
    """Tells this of any run."""

    def __init__(self, **run: Any) -> None:
        self._run = run

    def get_job_run(self, JobName: str, RunId: str) -> dict[str, Any]:  # noqa: N803
        if not self._run:
            raise self.exceptions.EntityNotFoundException(RunId)
        return {"JobRun": self._run}


@pytest.mark.parametrize(
    ("run", "cores"),
    [
        ({"WorkerType": "G.1X", "NumberOfWorkers": 2}, 4),
        ({"WorkerType": "G.1X", "NumberOfWorkers": 12}, 44),
        ({"WorkerType": "G.2X", "NumberOfWorkers": 3}, 16),
        ({"WorkerType": "G.025X", "NumberOfWorkers": 3}, 4),
        ({"WorkerType": "G.1X", "NumberOfWorkers": 1}, 0),
        ({"MaxCapacity": 10.0}, 0),
        ({}, 0),
    ],
)
def test_one_worker_is_the_driver(run: dict[str, Any], cores: int) -> None:
    assert most_cores(Told(**run), "job", "jr_1") == cores


@pytest.mark.parametrize(
    ("worker_type", "cores"),
    # Glue guide, "Worker types".
    [("G.4X", 16), ("G.8X", 32), ("G.12X", 48), ("G.16X", 64), ("R.1X", 4), ("R.8X", 32)],
)
def test_cores_of_a_worker(worker_type: str, cores: int) -> None:
    assert cores_of(worker_type) == cores


@pytest.mark.parametrize("compact", [False, True])
def test_run_is_planned_for_the_workers_that_it_may_get(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compact: bool
) -> None:
    planned: list[int] = []
    for module in ("processing", "compaction"):

        def watched(cluster: Any, work: Any, items: Any, seconds: Any) -> Any:
            planned.append(cluster.cores)
            return list(map(work, items))

        monkeypatch.setattr(f"mobile_events.{module}.each", watched)
    job = Job(tmp_path)
    job.glue.workers = 23
    job.put({place("ios", DAY, "a"): gz_lines([event(DAY, "1")])})
    job.run(compact=compact)
    assert set(planned) == {44}


def test_stand_in_is_a_glue_of_folders(tmp_path: Path) -> None:
    assert most_cores(Glue(FolderStore(tmp_path)), "job", "jr_1") == 2
