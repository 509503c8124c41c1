"""The schema registry: which column holds the values of a path, and of what type it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from .names import RESERVED, assign, column_name, in_order, sibling_name
from .values import Cell, Leaf, Path, Type, cell, common_type, kind


class Column(NamedTuple):
    """An entry of the registry. The first of a path is its column, the others are siblings."""

    path: Path
    name: str
    type: Type


TIMESTAMPS = (
    Column(("timestamp",), "utc_timestamp", "timestamp"),
    Column(("sentAt",), "sent_at", "timestamp"),
    Column(("receivedAt",), "received_at", "timestamp"),
    Column(("originalTimestamp",), "original_timestamp", "timestamp"),
)
MESSAGE_ID = Column(("messageId",), "message_id", "string")


class Registry:
    """The columns in the order in which they came; `columns` is only ever added to."""

    def __init__(self) -> None:
        self.columns = [MESSAGE_ID]
        self._main = {column.path: column for column in (*TIMESTAMPS, MESSAGE_ID)}
        self._siblings: dict[tuple[Path, Type], Column] = {}

    def learn(self, rows: Iterable[dict[Path, Leaf]]) -> list[Column]:
        """Adds the columns that the rows of a run need and that aren't there, and returns them."""
        values: dict[Path, list[Leaf]] = {}
        for row in rows:
            for path, value in row.items():
                values.setdefault(path, []).append(value)
        before = len(self.columns)
        self._add_paths(values)
        self._add_siblings(values)
        return self.columns[before:]

    def cells(self, row: dict[Path, Leaf]) -> dict[str, Cell]:
        """The values of a row that was learned, by column."""
        cells: dict[str, Cell] = {}
        for path, value in row.items():
            column = self._main[path]
            stored = cell(value, column.type)
            if stored is None:
                column = self._siblings[path, kind(value)]
                stored = cell(value, column.type)
            assert stored is not None
            cells[column.name] = stored
        return cells

    def _add_paths(self, values: dict[Path, list[Leaf]]) -> None:
        new = sorted((path for path in values if path not in self._main), key=in_order)
        names = self._assign([(path, column_name(path)) for path in new])
        for path, name in zip(new, names, strict=True):
            column = Column(path, name, common_type(values[path]))
            self.columns.append(column)
            self._main[path] = column

    def _add_siblings(self, values: dict[Path, list[Leaf]]) -> None:
        new = [
            (path, sibling)
            for path in sorted(values, key=in_order)
            for sibling in sorted(self._misfits(path, values[path]))
            if (path, sibling) not in self._siblings
        ]
        names = self._assign(
            [(path, sibling_name(self._main[path].name, kind, path)) for path, kind in new]
        )
        for (path, sibling), name in zip(new, names, strict=True):
            column = Column(path, name, sibling)
            self.columns.append(column)
            self._siblings[path, sibling] = column

    def _misfits(self, path: Path, values: list[Leaf]) -> set[Type]:
        column = self._main[path]
        return {kind(value) for value in values if cell(value, column.type) is None}

    def _assign(self, wanted: list[tuple[Path, str]]) -> list[str]:
        return assign(wanted, {*RESERVED, *(column.name for column in self.columns)})
