"""Splits a run's objects into tasks, so that all cores have work and files are few and large."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

from mobile_events.raw.raw_objects import RawObject
from mobile_events.stage.staged import Task

LEAST_BYTES = 4 << 20
LEAST_OBJECT_BYTES = 64 << 10
"""What an object counts at least: S3 lets one wait as long as it takes to decode so much."""

TASKS_A_CORE = 4
"""So that all cores can have about the same to do."""


Item = TypeVar("Item")
Placed = tuple[int, RawObject]


def plan_tasks(objects: Sequence[RawObject], cores: int, most_bytes: int) -> list[Task]:
    """Tasks of one received day each. `cores` are those that the run may get.

    Small days are one task; larger ones are split into tasks of `most_bytes` of raw objects at
    most, or less where cores would be idle, but no less than 4 MB.
    """
    days: dict[date, list[Placed]] = {}
    for place, raw in enumerate(objects):
        days.setdefault(raw.received_day, []).append((place, raw))
    share = _size(enumerate(objects)) // (TASKS_A_CORE * cores)
    target = max(LEAST_BYTES, min(most_bytes, share))
    groups = [
        (day, group)
        for day in sorted(days)
        for group in grouped(days[day], [_size([placed]) for placed in days[day]], target)
    ]
    return [Task(number, day, tuple(group)) for number, (day, group) in enumerate(groups)]


def grouped(items: Sequence[Item], sizes: Sequence[int], most: float) -> list[list[Item]]:
    """Items in even groups of about `most` at most. Neighbours stay together, as an event that is
    sent again mostly comes soon after."""
    total = sum(sizes)
    number = max(1, min(len(items), math.ceil(total / most)))
    groups: dict[int, list[Item]] = {}
    before = 0
    for item, size in zip(items, sizes, strict=True):
        middle = (2 * before + size) * number // (2 * total or 1)
        groups.setdefault(min(middle, number - 1), []).append(item)
        before += size
    return list(groups.values())


def _size(objects: Iterable[Placed]) -> int:
    return sum(max(raw.size, LEAST_OBJECT_BYTES) for _, raw in objects)
