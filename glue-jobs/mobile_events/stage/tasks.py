"""Splits a run's objects into tasks, so that all cores have work and files are few and large."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from mobile_events.raw.raw_objects import RawObject
from mobile_events.stage.staged import Task

LEAST_BYTES = 4 << 20
TASKS_A_CORE = 4
"""So that all cores can have about the same to do."""


Placed = tuple[int, RawObject]


def plan_tasks(objects: Sequence[RawObject], parallelism: int, most_bytes: int) -> list[Task]:
    """Tasks of one received day each.

    Small days are one task; larger ones are split into tasks of `most_bytes` of raw objects at
    most, or less where cores would be idle, but no less than 4 MB.
    """
    days: dict[date, list[Placed]] = {}
    for place, raw in enumerate(objects):
        days.setdefault(raw.received_day, []).append((place, raw))
    share = sum(raw.size for raw in objects) // (TASKS_A_CORE * parallelism)
    target = max(LEAST_BYTES, min(most_bytes, share))
    groups = [(day, group) for day in sorted(days) for group in _split(days[day], target)]
    return [Task(number, day, tuple(group)) for number, (day, group) in enumerate(groups)]


def _split(objects: list[Placed], target: int) -> list[list[Placed]]:
    """Neighbours stay together, as an event that is sent again mostly comes soon after."""
    total = _size(objects)
    number = min(len(objects), -(-total // target) or 1)
    groups: dict[int, list[Placed]] = {}
    before = 0
    for placed in objects:
        middle = (2 * before + placed[1].size) * number // (2 * total or 1)
        groups.setdefault(min(middle, number - 1), []).append(placed)
        before += placed[1].size
    return list(groups.values())


def _size(objects: Sequence[Placed]) -> int:
    return sum(raw.size for _, raw in objects)
