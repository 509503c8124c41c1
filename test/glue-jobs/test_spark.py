"""Work that is spread over Spark's tasks: few tasks, about as much in each, results in order."""

from __future__ import annotations

import math
from collections.abc import Iterable
from operator import neg
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from mobile_events.spark import LEAST_SECONDS, MOST_SECONDS, TASKS_A_CORE, Cluster, each
from pyspark.sql import SparkSession
from stand_ins import OneProcess


class Watched(OneProcess):
    """Keeps what each task of Spark is given, and has the last task end first."""

    def __init__(self) -> None:
        self.tasks: list[list[int]] = []

    def parallelize(self, items: Iterable[Any], slices: int) -> Any:
        parts = list(items)
        assert len(parts) == slices
        self.tasks = [[size for _, size in part] for part in parts]
        return super().parallelize(reversed(parts), slices)


def spread(sizes: list[int], cores: int) -> list[list[int]]:
    """The sizes of what each task is given."""
    watched: Any = Watched()
    assert each(Cluster(watched, cores), neg, sizes, float) == [-size for size in sizes]
    found: list[list[int]] = watched.tasks
    return found


@given(st.lists(st.integers(0, 300), min_size=1, max_size=60), st.integers(1, 8))
def test_items_are_spread_evenly_over_few_tasks(sizes: list[int], cores: int) -> None:
    tasks = spread(sizes, cores)
    assert sorted(size for task in tasks for size in task) == sorted(sizes)
    # Several a core, none that is too short to be worth it, and none that is too long.
    wanted = max(sum(sizes) / MOST_SECONDS, min(TASKS_A_CORE * cores, sum(sizes) / LEAST_SECONDS))
    assert len(tasks) == min(len(sizes), max(1, math.ceil(wanted)))
    # Without its smallest item no task has more than any other.
    assert max(sum(task) - min(task, default=0) for task in tasks) <= min(map(sum, tasks))


def test_large_items_come_first_and_alone() -> None:
    tasks = spread([1, 1, 1, 15, 1, 1, 12, 1, 1, 1], 2)
    assert tasks == [[15], [12], [1, 1, 1, 1], [1, 1, 1, 1]]


def test_little_work_is_not_cut_for_all_the_cores_that_there_are() -> None:
    assert len(spread([0] * 500, 44)) == 1
    assert len(spread([1] * 5, 44)) == 5


def test_much_work_is_cut_into_more_than_two_tasks_a_core() -> None:
    assert len(spread([5] * 400, 4)) == 200


def test_cluster_has_the_cores_that_it_may_get_or_those_that_are_there() -> None:
    there: Any = OneProcess()
    assert [Cluster.of(there, most).cores for most in (0, 1, 44)] == [2, 2, 44]


def test_nothing_is_asked_of_spark_for_no_items() -> None:
    nothing: Any = None
    assert each(nothing, str, [], len) == []


def test_results_of_spark_are_in_the_order_of_the_items(spark: SparkSession) -> None:
    sizes = [n * 37 % 101 for n in range(100)]
    assert each(Cluster(spark, 2), neg, sizes, float) == [-size for size in sizes]
