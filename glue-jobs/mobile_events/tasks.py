"""Splits a run's objects into tasks, so that all cores have work and files are few and large."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from mobile_events.raw_objects import RawObject
from mobile_events.staged import Task

LEAST_BYTES = 4 << 20

Placed = tuple[int, RawObject]


def plan_tasks(objects: Sequence[RawObject], parallelism: int, most_bytes: int) -> list[Task]:
    """Tasks of one received day each, the largest first.

    Small days are one task; larger ones are split into tasks of `most_bytes` of raw objects at
    most, or less where cores would be idle, but no less than 4 MB.
    """
    days: dict[date, list[Placed]] = {}
    for place, raw in enumerate(objects):
        days.setdefault(raw.received_day, []).append((place, raw))
    share = sum(raw.size for raw in objects) // parallelism
    target = max(LEAST_BYTES, min(most_bytes, share))
    groups = [(day, group) for day in sorted(days) for group in _pack(days[day], target)]
    groups.sort(key=lambda item: -_size(item[1]))
    return [
        Task(number, day, tuple(sorted(group, key=lambda placed: placed[0])))
        for number, (day, group) in enumerate(groups)
    ]


def _pack(objects: list[Placed], target: int) -> list[list[Placed]]:
    number = min(len(objects), -(-_size(objects) // target) or 1)
    groups: list[list[Placed]] = [[] for _ in range(number)]
    sizes = [0] * number
    for placed in sorted(objects, key=lambda placed: (-placed[1].size, placed[0])):
        smallest = sizes.index(min(sizes))
        groups[smallest].append(placed)
        sizes[smallest] += placed[1].size
    return groups


def _size(objects: Sequence[Placed]) -> int:
    return sum(raw.size for _, raw in objects)
