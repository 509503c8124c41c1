"""What fields a set of events has: every path with the kinds of values seen there.

A shape is a tree of plain dicts and lists, so that it travels as JSON between Spark's tasks and
the driver: `{key: [kinds, {key: …}]}`, where `kinds` is a sum of the flags below.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from mobile_events.names import Path
from mobile_events.timestamps import is_timestamp

STRING, BOOLEAN, BIGINT, WIDE, HUGE, DOUBLE, LIST, OBJECT, TIME = (1 << bit for bit in range(9))
"""BIGINT fits a double exactly, WIDE fits 64 bits, HUGE is any number beyond both; TIME is a
timestamp at one of `TIMES`."""

TIMES = {
    "timestamp": "utc_timestamp",
    "sentAt": "sent_at",
    "receivedAt": "received_at",
    "originalTimestamp": "original_timestamp",
}
"""The fields at the top of a call that Segment documents as timestamps, and their columns."""

Shape = dict[str, Any]


class Observer:
    """Collects the shape of many events.

    Objects with the same keys and the same Python types below them are looked into only where a
    value can still add a kind: at numbers, at objects, and at `times`.
    """

    MOST_KNOWN = 1000

    def __init__(self, times: Collection[str] = TIMES.keys()) -> None:
        self.shape: Shape = {}
        self._times = times
        self._known: dict[tuple[object, ...], list[str]] = {}
        self._below: dict[str, Observer] = {}

    def add(self, value: Mapping[str, Any]) -> None:
        """Add one event's fields; a null adds the path and no kind."""
        signature = (*value, *map(type, value.values()))
        open_keys = self._known.get(signature)
        if open_keys is None:
            open_keys = self._learn(value)
            if len(self._known) >= self.MOST_KNOWN:
                self._known.clear()
            self._known[signature] = open_keys
        for key in open_keys:
            inner = value[key]
            if type(inner) is dict:
                self._below[key].add(inner)
            else:
                self.shape[key][0] |= self._kind(key, inner)

    def _learn(self, value: Mapping[str, Any]) -> list[str]:
        open_keys = []
        for key, inner in value.items():
            entry = self.shape.setdefault(key, [0, {}])
            if type(inner) is dict and key not in self._below:
                below = self._below[key] = Observer(())
                entry[1] = below.shape
            entry[0] |= self._kind(key, inner)
            if type(inner) in (int, float, dict) or key in self._times:
                open_keys.append(key)
        return open_keys

    def _kind(self, key: str, value: object) -> int:
        if isinstance(value, str):
            return TIME if key in self._times and is_timestamp(value) else STRING
        return _kind(value)


def _kind(value: object) -> int:
    if value is None:
        return 0
    if isinstance(value, bool):
        return BOOLEAN
    if isinstance(value, int):
        if -(2**53) <= value <= 2**53:
            return BIGINT
        return WIDE if -(2**63) <= value < 2**63 else HUGE
    if isinstance(value, float):
        return DOUBLE if math.isfinite(value) else HUGE
    return OBJECT if isinstance(value, dict) else LIST


def merge(shape: Shape, other: Shape) -> None:
    """Add everything that `other` has to `shape`."""
    for key, (kinds, inner) in other.items():
        entry = shape.setdefault(key, [0, {}])
        entry[0] |= kinds
        merge(entry[1], inner)


def column_types(shape: Shape, drop: Collection[str]) -> dict[Path, str]:
    """Every path that becomes a column, with its type: string, bigint, double or boolean.

    `drop` has paths joined by dots; what is below them goes too. An object that is only an object
    has no column itself, its fields have; arrays, and objects at a path that has other values too,
    are strings of JSON. A path with nothing but nulls or empty objects has no column.
    """
    return dict(_columns(shape, (), frozenset(drop)))


def _columns(shape: Shape, above: Path, drop: frozenset[str]) -> Iterator[tuple[Path, str]]:
    for key, (kinds, inner) in shape.items():
        path = (*above, key)
        if ".".join(path) in drop:
            continue
        if kinds == OBJECT:
            yield from _columns(inner, path, drop)
        elif kinds:
            yield path, _type_of(kinds)


def _type_of(kinds: int) -> str:
    if kinds == BOOLEAN:
        return "boolean"
    if not kinds & ~(BIGINT | WIDE):
        return "bigint"
    # With WIDE integers beside them, doubles would lose digits.
    if not kinds & ~(BIGINT | DOUBLE):
        return "double"
    return "string"
