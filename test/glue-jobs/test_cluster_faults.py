"""Executors that die, tasks that fail, attempts that run at once: every row is there once.

On Spark's own local cluster of two executors, with a real S3 API on loopback. What a run leaves is
held against the contract's model, and its staging is empty. `GLUE_ETL_EXECUTOR_KILLS` says how many
random moments are tried; `npm run test:slow` takes 50 and is where this runs.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from clusters import LocalCluster, cluster_of_hosts, local_cluster
from contract import nasty
from contract.lines import Objects
from contract.model import Model
from job_runs import check_state

KILLS = int(os.environ.get("GLUE_ETL_EXECUTOR_KILLS", "1"))
CASES = ("types that change", "repeated days later", "late events", "not json", "arrays")
DAYS = {"first_day": "2026-01-01", "last_day": "2026-11-02"}


@pytest.fixture(scope="module")
def objects() -> Objects:
    return {place: data for name in CASES for place, data in nasty.CASES[name]().items()}


@pytest.fixture(scope="module")
def cluster(s3_endpoint: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCluster]:
    with local_cluster(s3_endpoint, tmp_path_factory.mktemp("cluster") / "faults", 2) as cluster:
        yield cluster


def check_run(cluster: LocalCluster, objects: Objects, report: dict[str, Any]) -> None:
    """Rows, quarantine, ids, ledger and account are those of one run in which nothing happened."""
    model = Model()
    expected = model.run(objects, *map(date.fromisoformat, DAYS.values()))
    check_state(cluster.curated, model)
    assert {name: vars(one) for name, one in expected.sources.items()} == report["sources"]
    assert report["warnings"] == []
    assert cluster.curated.keys("_staging/") == []


@pytest.fixture(scope="module")
def operations(cluster: LocalCluster, objects: Objects) -> int:
    """How many operations of a store the tasks of a run make."""
    cluster.empty(objects)
    check_run(cluster, objects, cluster.run({"kind": "kill", "number": -1}, **DAYS))
    return len((cluster.notes / "operations").read_bytes())


@pytest.mark.parametrize("seed", range(KILLS))
def test_executor_killed_at_random_moments(
    cluster: LocalCluster, objects: Objects, operations: int, seed: int
) -> None:
    rng = random.Random(seed)
    cluster.empty(objects)
    kill = {
        "kind": "kill",
        "number": rng.randint(1, operations),
        "after": rng.random() < 0.5,
    }
    before = len(failed(cluster))
    report = cluster.run(kill, **DAYS)
    assert len(failed(cluster)) > before, "no task was lost"
    check_run(cluster, objects, report)


def failed(cluster: LocalCluster) -> list[dict[str, Any]]:
    """Attempts at tasks that came to nothing."""
    return [task for task in cluster.tasks() if task["Task End Reason"]["Reason"] != "Success"]


def test_lost_shuffle_is_made_again(cluster: LocalCluster, objects: Objects) -> None:
    cluster.empty(objects)
    before = len(failed(cluster))
    report = cluster.run({"kind": "shuffle"}, **DAYS)
    reasons = [task["Task End Reason"]["Reason"] for task in failed(cluster)[before:]]
    assert "ExecutorLostFailure" in reasons, reasons
    assert (cluster.notes / "shuffle").exists()
    check_run(cluster, objects, report)


def test_tasks_that_fail_three_times(cluster: LocalCluster, objects: Objects) -> None:
    cluster.empty(objects)
    before = len(failed(cluster))
    report = cluster.run({"kind": "fail", "number": 3}, **DAYS)
    ended = failed(cluster)[before:]
    attempts = {(task["Stage ID"], task["Task Info"]["Attempt"]) for task in ended}
    stages = {stage for stage, _ in attempts}
    # Staging, reading ids, looking for columns, finishing: what puts or opens something.
    assert len(stages) >= 3, attempts
    assert {(stage, attempt) for stage in stages for attempt in range(3)} <= attempts
    check_run(cluster, objects, report)


SPECULATION = {
    "spark.speculation": "true",
    "spark.speculation.interval": "100ms",
    "spark.speculation.minTaskRuntime": "100ms",
    "spark.speculation.multiplier": "1.1",
    "spark.speculation.quantile": "0.5",
    # Longer than the default, 2 s: what lost has time to do harm.
    "spark.python.task.killTimeout": "60s",
}


@pytest.fixture(scope="module")
def speculating(
    s3_endpoint: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LocalCluster]:
    folder = tmp_path_factory.mktemp("speculation") / "cluster"
    hosts = ("127.0.0.2", "127.0.0.3")
    with cluster_of_hosts(s3_endpoint, folder, hosts, **SPECULATION) as cluster:
        yield cluster


# The one that lost goes on while later stages run, or until the run has ended.
@pytest.mark.parametrize("seconds", [5, 120])
def test_two_attempts_write_at_once(
    speculating: LocalCluster, objects: Objects, seconds: float
) -> None:
    speculating.empty(objects)
    before = len(speculating.tasks())
    report = speculating.run({"kind": "slow", "seconds": seconds}, **DAYS)
    tasks = speculating.tasks()[before:]
    assert any(task["Task Info"]["Speculative"] for task in tasks), "Spark made no second attempt"
    assert len(list(speculating.notes.glob("slow-*"))) >= 2
    time.sleep(5)  # for what a late attempt does
    check_run(speculating, objects, report)
