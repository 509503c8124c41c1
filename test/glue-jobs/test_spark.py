"""Work that is spread over Spark's tasks: few tasks, about as much in each, results in order."""

from __future__ import annotations

from collections.abc import Iterable
from operator import neg
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from mobile_events.spark import TASKS_A_CORE, each
from pyspark.sql import SparkSession
from stand_ins import OneProcess


class Watched(OneProcess):
    """Keeps what each task of Spark is given, and has the last task end first."""

    def __init__(self, parallelism: int) -> None:
        self.defaultParallelism = parallelism
        self.tasks: list[list[int]] = []

    def parallelize(self, items: Iterable[Any], slices: int) -> Any:
        parts = list(items)
        assert len(parts) == slices
        self.tasks = [[size for _, size in part] for part in parts]
        return super().parallelize(reversed(parts), slices)


def spread(sizes: list[int], parallelism: int) -> list[list[int]]:
    """The sizes of what each task is given."""
    watched: Any = Watched(parallelism)
    assert each(watched, neg, sizes, int) == [-size for size in sizes]
    found: list[list[int]] = watched.tasks
    return found


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=60), st.integers(1, 8))
def test_items_are_spread_evenly_over_few_tasks(sizes: list[int], parallelism: int) -> None:
    tasks = spread(sizes, parallelism)
    assert sorted(size for task in tasks for size in task) == sorted(sizes)
    assert len(tasks) == min(len(sizes), TASKS_A_CORE * parallelism)
    # Without its smallest item no task has more than any other.
    assert max(sum(task) - min(task, default=0) for task in tasks) <= min(map(sum, tasks))


def test_large_items_come_first_and_alone() -> None:
    tasks = spread([1, 1, 1, 50, 1, 1, 40, 1, 1, 1], 2)
    assert tasks == [[50], [40], [1, 1, 1, 1], [1, 1, 1, 1]]


def test_nothing_is_asked_of_spark_for_no_items() -> None:
    nothing: Any = None
    assert each(nothing, str, [], len) == []


def test_results_of_spark_are_in_the_order_of_the_items(spark: SparkSession) -> None:
    sizes = [n * 37 % 101 for n in range(100)]
    assert each(spark, neg, sizes, int) == [-size for size in sizes]
