"""Tasks: one received day each, all objects once, work for all cores, few files."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from mobile_events.raw.raw_objects import RawObject
from mobile_events.stage.staged import Task
from mobile_events.stage.tasks import (
    LEAST_BYTES,
    LEAST_OBJECT_BYTES,
    TASKS_A_CORE,
    grouped,
    plan_tasks,
)

MB = 1 << 20


def raw(day: int, number: int, size: int) -> RawObject:
    return RawObject("ios", date(2026, 3, day), "b", f"{day}/{number}", "", size)


def size(task: Task) -> int:
    return sum(raw.size for _, raw in task.objects)


def test_small_days_are_one_task_each() -> None:
    objects = [raw(day, n, 1000 * n) for day in (3, 1, 2) for n in range(10)]
    tasks = plan_tasks(objects, 8, 128 * MB)
    assert sorted(task.day.day for task in tasks) == [1, 2, 3]
    assert all(len(task.objects) == 10 for task in tasks)


def test_thirty_days_of_small_objects_are_thirty_tasks() -> None:
    start = date(2026, 3, 1)
    objects = [
        RawObject("ios", start + timedelta(days=day), "b", f"{day}/{n}", "", 50_000)
        for day in range(30)
        for n in range(48)
    ]
    assert len(plan_tasks(objects, 40, 128 * MB)) == 30


def test_large_days_are_split_evenly_into_tasks_of_the_size_asked_for() -> None:
    tasks = plan_tasks([raw(1, n, 10 * MB) for n in range(64)], 1, 128 * MB)
    assert [len(task.objects) for task in tasks] == [13, 13, 12, 13, 13]
    assert len(plan_tasks([raw(1, n, 10 * MB) for n in range(64)], 1, 64 * MB)) == 10


def test_all_cores_have_several_tasks() -> None:
    tasks = plan_tasks([raw(1, n, 10 * MB) for n in range(64)], 4, 128 * MB)
    assert [len(task.objects) for task in tasks] == [4] * TASKS_A_CORE * 4
    small = plan_tasks([raw(1, n, MB) for n in range(16)], 8, 128 * MB)
    assert len(small) == 4, "no task for less than 4 MB"


def test_tiny_objects_are_few_tasks_until_there_are_thousands() -> None:
    # An object takes a request, whatever its size.
    assert len(plan_tasks([raw(1, n, 1000) for n in range(48)], 44, 128 * MB)) == 1
    many = plan_tasks([raw(1, n, 1000) for n in range(20_000)], 44, 128 * MB)
    assert TASKS_A_CORE * 44 <= len(many) <= TASKS_A_CORE * 44 + 1


def test_cores_that_come_later_have_work() -> None:
    day = [raw(1, n, 10 * MB) for n in range(700)]
    assert len(plan_tasks(day, 4, 128 * MB)) == 55
    assert len(plan_tasks(day, 44, 128 * MB)) >= TASKS_A_CORE * 44


def test_nothing_is_no_group() -> None:
    assert grouped([], [], 10) == []
    assert grouped(["a", "b"], [0, 0], 10) == [["a", "b"]]


def test_no_task_gets_what_the_others_leave() -> None:
    tasks = plan_tasks([raw(1, n, 10 * MB) for n in range(96)], 17, 128 * MB)
    assert {len(task.objects) for task in tasks} == {1, 2}


def test_neighbours_stay_together_and_days_in_their_order() -> None:
    objects = [raw(day, n, 3 * MB * (1 + n % 3)) for day in (2, 1, 3) for n in range(20)]
    tasks = plan_tasks(objects, 2, 128 * MB)
    assert [task.day.day for task in tasks] == sorted(task.day.day for task in tasks)
    places = [place for task in tasks for place, _ in task.objects]
    assert places == [*range(20, 40), *range(20), *range(40, 60)]


def test_empty_objects_are_read_too() -> None:
    (task,) = plan_tasks([raw(1, 1, 0), raw(1, 2, 0)], 2, 128 * MB)
    assert task.objects == ((0, raw(1, 1, 0)), (1, raw(1, 2, 0)))
    assert plan_tasks([], 2, 128 * MB) == []


_OBJECTS = st.lists(
    st.builds(raw, st.integers(1, 5), st.integers(0, 10**9), st.integers(0, 80 * MB)), max_size=30
)


@given(_OBJECTS, st.integers(1, 16), st.integers(1, 256))
def test_every_object_is_in_one_task_of_its_day(
    objects: list[RawObject], cores: int, most_mb: int
) -> None:
    tasks = plan_tasks(objects, cores, most_mb * MB)
    placed = [entry for task in tasks for entry in task.objects]
    assert sorted(place for place, _ in placed) == list(range(len(objects)))
    assert all(objects[place] is found for place, found in placed)
    assert all(found.received_day == task.day for task in tasks for _, found in task.objects)
    assert [task.number for task in tasks] == list(range(len(tasks)))
    # As many as the bytes of each day need, fewer where an object is large, none without one.
    sizes = [max(found.size, LEAST_OBJECT_BYTES) for found in objects]
    share = sum(sizes) // (TASKS_A_CORE * cores)
    target = max(LEAST_BYTES, min(most_mb * MB, share))
    for day, number in Counter(task.day for task in tasks).items():
        of_day = [
            size for size, found in zip(sizes, objects, strict=True) if found.received_day == day
        ]
        wanted = max(1, min(len(of_day), -(-sum(of_day) // target)))
        assert number == wanted or (number < wanted and max(of_day) > sum(of_day) / wanted)
        # Evenly: none exceeds its share by more than its objects at either end.
        assert all(
            size(task) <= sum(of_day) / wanted + max(of_day) for task in tasks if task.day == day
        )
    # Neighbours stay together, within a day and over all tasks of it.
    for day in {task.day for task in tasks}:
        of_tasks = [place for task in tasks if task.day == day for place, _ in task.objects]
        assert of_tasks == sorted(of_tasks)
    assert all(task.objects for task in tasks)
