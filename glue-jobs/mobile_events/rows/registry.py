"""The registry of columns: which path fills which column, of which type. It only grows.

A path has one first column, whose type is that of the values it was first seen with, and a sibling
for each other type that came later. Kept as JSON at `_schema/<table>.json`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from mobile_events.rows.names import Path, assign, column_name, in_order, limited
from mobile_events.rows.values import type_of_kinds

TIMES = {
    "timestamp": "utc_timestamp",
    "sentAt": "sent_at",
    "receivedAt": "received_at",
    "originalTimestamp": "original_timestamp",
}
"""The fields at the top of a call that Segment documents as timestamps, and their columns."""

OWN_COLUMNS = (
    ("platform", "string"),
    ("utc_timestamp", "timestamp"),
    ("local_timestamp", "timestamp"),
    ("sent_at", "timestamp"),
    ("received_at", "timestamp"),
    ("original_timestamp", "timestamp"),
)
"""The columns that every row has, first in each file, with their types in the catalog."""

DATE_KEYS = ("year", "month", "date")
RESERVED = frozenset({*(name for name, _ in OWN_COLUMNS), *DATE_KEYS})
MESSAGE_ID: Path = ("messageId",)

ColumnKey = tuple[Path, str]
"""A path and a type: what one column holds."""


@dataclass(frozen=True)
class Column:
    """A column of the table. `first_seen` is the day (UTC) of the run that brought it."""

    path: Path
    name: str
    type: str
    first_seen: str

    @property
    def key(self) -> ColumnKey:
        return self.path, self.type


@dataclass(frozen=True)
class Registry:
    """All columns but the pipeline's own, in the order in which they came."""

    columns: tuple[Column, ...] = field(default=())

    @staticmethod
    def start(first_seen: str) -> Registry:
        """A new registry: it has the id of messages, which the pipeline needs as text."""
        return Registry((Column(MESSAGE_ID, "message_id", "string", first_seen),))

    @cached_property
    def by_key(self) -> Mapping[ColumnKey, Column]:
        return {column.key: column for column in self.columns}

    @cached_property
    def first(self) -> Mapping[Path, Column]:
        """The first column of each path."""
        found: dict[Path, Column] = {}
        for column in self.columns:
            found.setdefault(column.path, column)
        return found

    def type_of(self, path: Path) -> str | None:
        """The type that values of a path have as a rule; None for a path that is new."""
        if len(path) == 1 and path[0] in TIMES:
            return "timestamp"
        column = self.first.get(path)
        return None if column is None else column.type

    def extended(
        self, kinds: Mapping[Path, int], siblings: set[ColumnKey], first_seen: str
    ) -> Registry:
        """With columns for new paths, by the kinds of their values, and for siblings it lacks."""
        paths = sorted(kinds, key=in_order)
        named = self._name([(path, column_name(path)) for path in paths])
        added = [
            Column(path, name, type_of_kinds(kinds[path]), first_seen)
            for path, name in zip(paths, named, strict=True)
        ]
        grown = Registry((*self.columns, *added))
        keys = sorted(siblings - self.by_key.keys(), key=lambda key: (in_order(key[0]), key[1]))
        named = grown._name([(path, self._sibling_name(path, type_)) for path, type_ in keys])
        added = [
            Column(path, name, type_, first_seen)
            for (path, type_), name in zip(keys, named, strict=True)
        ]
        return Registry((*grown.columns, *added))

    def _name(self, wanted: list[tuple[Path, str]]) -> list[str]:
        return assign(wanted, {*RESERVED, *(column.name for column in self.columns)})

    def _sibling_name(self, path: Path, type_: str) -> str:
        first = TIMES[path[0]] if self.type_of(path) == "timestamp" else self.first[path].name
        return limited(f"{first}__{type_}", path)

    def to_json(self) -> dict[str, Any]:
        return {
            "columns": [
                {
                    "path": list(column.path),
                    "column": column.name,
                    "type": column.type,
                    "first_seen": column.first_seen,
                }
                for column in self.columns
            ]
        }

    @staticmethod
    def from_json(value: Any) -> Registry:
        return Registry(tuple(_columns(value["columns"])))


def _columns(entries: Iterable[Mapping[str, Any]]) -> Iterator[Column]:
    for entry in entries:
        yield Column(tuple(entry["path"]), entry["column"], entry["type"], entry["first_seen"])
