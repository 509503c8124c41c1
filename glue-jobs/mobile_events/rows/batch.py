"""Rows as columns of Arrow, from decoded events to the columns of the table.

A batch keeps apart what the registry knows (`typed`) from paths that are new (`fresh`): the type of
those is only known when the whole run has been read, so until then nothing of them may be lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mobile_events.rows import values as v
from mobile_events.rows.columns import Leaves, Rows
from mobile_events.rows.instants import INSTANT, WALL_TIME, instants
from mobile_events.rows.names import Path
from mobile_events.rows.registry import OWN_COLUMNS, TIMES, ColumnKey, Registry

ARROW = {
    "string": pa.string(),
    "bigint": pa.int64(),
    "double": pa.float64(),
    "boolean": pa.bool_(),
    "timestamp": INSTANT,
}
JSON = "json"
"""How values of several types of a new path are kept: each as its own JSON, in bytes."""

_PYTHON = {"string": str, "bigint": int, "double": float, "boolean": bool, "timestamp": str}

OWN = {name: ARROW[type_] for name, type_ in OWN_COLUMNS} | {"local_timestamp": WALL_TIME}
"""The columns that every row has; a local time has no zone."""


@dataclass(frozen=True)
class Fresh:
    """Values of a path that the registry lacks: of one type, or each as JSON."""

    kinds: int
    encoding: str
    values: pa.Array

    def as_json(self) -> Fresh:
        """The same values, each as its own JSON."""
        if self.encoding == JSON:
            return self
        return Fresh(self.kinds, JSON, _json_array(self.values.to_pylist()))

    def as_type(self, column_type: str) -> pa.Array:
        """The values in a column of this type, which must hold all of their kinds."""
        if self.encoding == column_type:
            return self.values
        if column_type == "double" and self.encoding == "bigint":
            # The kinds say that all are exact; Arrow's own check refuses exact ones past 2^53, too.
            return self.values.cast(pa.float64(), safe=False)
        return array_of(self._python_values(), column_type)

    def observed(self) -> Fresh | None:
        """With the kinds that the values have by now; None if there are none left."""
        array = self.values
        if array.null_count == len(array):
            return None
        if self.encoding in ("boolean", "double", "string"):
            return self
        return fresh_of(self._python_values())

    def _python_values(self) -> list[Any]:
        found: list[Any] = self.values.to_pylist()
        if self.encoding != JSON:
            return found
        return [None if x is None else v.decode(x.decode(*_WITH_SURROGATES)) for x in found]


@dataclass
class Batch:
    """`own` has the pipeline's own columns and what a row is known by, `typed` the columns of paths
    that the registry has, siblings that it lacks included."""

    own: dict[str, pa.Array] = field(default_factory=dict)
    typed: dict[ColumnKey, pa.Array] = field(default_factory=dict)
    fresh: dict[Path, Fresh] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return len(self.own["platform"])

    @property
    def bytes(self) -> int:
        """Memory that the arrays take."""
        arrays = [
            *self.own.values(),
            *self.typed.values(),
            *(f.values for f in self.fresh.values()),
        ]
        return sum(array.nbytes for array in arrays)

    def take(self, rows: pa.Array) -> Batch:
        """Some of the rows, by their places or by a mask, with the kinds that are left."""
        select = pc.filter if pa.types.is_boolean(rows.type) else pc.take
        fresh = {
            path: Fresh(column.kinds, column.encoding, select(column.values, rows))
            for path, column in self.fresh.items()
        }
        return Batch(
            {name: select(array, rows) for name, array in self.own.items()},
            {key: select(array, rows) for key, array in self.typed.items()},
            fresh,
        ).observed()

    def observed(self) -> Batch:
        """With the kinds that the values of new paths have by now, and without empty ones."""
        found = {path: column.observed() for path, column in self.fresh.items()}
        fresh = {path: column for path, column in found.items() if column is not None}
        return Batch(self.own, self.typed, fresh)

    def siblings(self, registry: Registry) -> set[ColumnKey]:
        """Columns with a value that the registry lacks although it has their paths."""
        return {
            key
            for key, array in self.typed.items()
            if key not in registry.by_key and array.null_count < len(array)
        }

    def kinds(self) -> dict[Path, int]:
        """The kinds of values of each new path."""
        return {path: column.kinds for path, column in self.fresh.items()}


def from_events(
    leaves: Mapping[Path, Leaves],
    own: Mapping[str, pa.Array],
    registry: Registry,
    odd: set[Path],
) -> Batch:
    """The batch of events that were flattened; `own` has what the events don't say themselves, and
    `utc_timestamp`. Paths with values of another type than their column's are added to `odd`."""
    batch = Batch(dict(own))
    scatter = _Scatter(len(own["platform"]))
    for path, found in leaves.items():
        values, place = scatter.of(found)
        column_type = registry.type_of(path)
        if found.has_lists or not _are_all(column_type, values):
            odd.add(path)
        if len(path) == 1 and path[0] in TIMES:
            _add_times(batch, path, values, place)
        elif column_type is None:
            fresh = fresh_of(values)
            if fresh is not None:
                batch.fresh[path] = Fresh(fresh.kinds, fresh.encoding, place(fresh.values))
        else:
            for key, array in _fitted(path, values, column_type).items():
                batch.typed[key] = place(array)
    return completed(batch)


def _are_all(column_type: str | None, values: list[Any]) -> bool:
    """Whether all values are of the type, or of one type where there is none yet."""
    types = set(map(type, values)) - {type(None)}
    return len(types) == 1 if column_type is None else types <= {_PYTHON[column_type]}


def completed(batch: Batch) -> Batch:
    """The batch with all of the pipeline's own columns; local times come later."""
    for name, type_ in OWN.items():
        batch.own.setdefault(name, pa.nulls(batch.rows, type_))
    return batch


def _add_times(
    batch: Batch, path: Path, values: list[Any], place: Callable[[pa.Array], pa.Array]
) -> None:
    if TIMES[path[0]] in batch.own:
        return
    array, others = instants(values)
    batch.own[TIMES[path[0]]] = place(array)
    if others is not None:
        for key, part in _split(path, others, "timestamp").items():
            batch.typed[key] = place(part)


class _Scatter:
    """Brings values to their rows; the rest is null."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self._places: dict[tuple[int, ...], pa.Array | None] = {}

    def of(self, leaves: Leaves) -> tuple[list[Any], Callable[[pa.Array], pa.Array]]:
        """All values of a path, and what brings an array of them to its rows."""
        key = tuple(map(id, leaves.rows))
        if key not in self._places:
            self._places[key] = self._place(leaves.rows)
        places = self._places[key]
        parts = leaves.values
        values = parts[0] if len(parts) == 1 else list(chain.from_iterable(parts))
        return values, lambda array: array if places is None else array.take(places)

    def _place(self, parts: list[Rows]) -> pa.Array | None:
        """For each row the place of its value; None where they are all in order."""
        rows = parts[0] if len(parts) == 1 else np.concatenate(parts)
        if np.array_equal(rows, np.arange(self.rows)):
            return None
        places = np.full(self.rows, -1)
        places[rows] = np.arange(len(rows))
        return pa.array(places, mask=places < 0)


def concatenated(batches: Sequence[Batch]) -> Batch:
    """The rows of all batches, in order; all must have been made by one registry."""
    if len(batches) == 1:
        return batches[0]
    return Batch(
        {name: _joined([b.own[name] for b in batches]) for name in batches[0].own},
        {key: _stacked(batches, key) for key in _union(b.typed for b in batches)},
        {path: _stacked_fresh(batches, path) for path in _union(b.fresh for b in batches)},
    )


def to_table(batch: Batch, registry: Registry) -> pa.Table:
    """The columns of the table: the pipeline's own, then the registry's, in their order.

    `registry` must have every column of the batch. Columns without a value are there, too.
    """
    table: dict[str, pa.Array] = {name: batch.own[name] for name in OWN}
    for column in registry.columns:
        fresh = batch.fresh.get(column.path)
        if column.key in batch.typed:
            table[column.name] = batch.typed[column.key]
        elif fresh is not None and column is registry.first[column.path]:
            table[column.name] = fresh.as_type(column.type)
        else:
            table[column.name] = pa.nulls(batch.rows, ARROW[column.type])
    return pa.table(table)


def to_staged_table(batch: Batch, known: Registry, names: Registry) -> pa.Table:
    """All columns that `known` has, then those of the batch that it lacks and that have a value,
    by the names that `names` gives them; new paths in their encodings."""
    table: dict[str, pa.Array] = {name: batch.own[name] for name in OWN}
    for column in names.columns:
        fresh = batch.fresh.get(column.path)
        array = batch.typed.get(column.key)
        if column.key in known.by_key:
            table[column.name] = (
                pa.nulls(batch.rows, ARROW[column.type]) if array is None else array
            )
        elif array is not None and array.null_count < len(array):
            table[column.name] = array
        elif fresh is not None and column is names.first[column.path]:
            table[column.name] = fresh.values
    return pa.table(table)


_WITH_SURROGATES = ("utf-8", "surrogatepass")


def _json_array(found: Iterable[Any]) -> pa.Array:
    texts = (x if x is None else v.json_text(x).encode(*_WITH_SURROGATES) for x in found)
    return pa.array(texts, pa.binary())


def _kinds(found: Iterable[Any]) -> int:
    kinds = 0
    for value in found:
        if value is not None:
            kinds |= v.kind_of(value)
    return kinds


def fresh_of(found: list[Any]) -> Fresh | None:
    """Values of a new path, with their kinds; None if there are none."""
    types = set(map(type, found)) - {type(None)}
    if not types:
        return None
    # Kinds that follow from the type alone need no look at each value.
    simple = {str: v.STRING, float: v.DOUBLE, bool: v.BOOLEAN}
    known = [simple.get(each, 0) for each in types]
    kinds = sum(known) if all(known) else _kinds(found)
    column_type = v.type_of_kinds(kinds)
    if len(types) == 1 and (column_type != "string" or types == {str}):
        return Fresh(kinds, column_type, array_of(found, column_type))
    return Fresh(kinds, JSON, _json_array(found))


def _fitted(path: Path, found: list[Any], column_type: str) -> dict[ColumnKey, pa.Array]:
    """Values in the column of their path; those that don't fit it in siblings."""
    types = set(map(type, found)) - {type(None)}
    if column_type == "string" or types <= {_PYTHON[column_type]}:
        try:
            return {(path, column_type): array_of(found, column_type)}
        except OverflowError:
            pass  # integers past 64 bits
    return _split(path, found, column_type)


def _split(path: Path, found: list[Any], column_type: str) -> dict[ColumnKey, pa.Array]:
    parts: dict[str, list[Any]] = {}
    for row, value in enumerate(found):
        if value is None:
            continue
        type_ = column_type if v.fits(value, column_type) else v.type_of(value)
        parts.setdefault(type_, [None] * len(found))[row] = value
    return {(path, type_): array_of(part, type_) for type_, part in parts.items()}


def array_of(found: list[Any], column_type: str) -> pa.Array:
    """Values that fit a column of this type, as the column has them.

    A lone surrogate, which UTF-8 doesn't have, becomes U+FFFD. Raises OverflowError for integers
    past 64 bits.
    """
    if column_type == "double":
        found = [x if x is None else float(x) for x in found]
    elif column_type == "string" and not set(map(type, found)) <= {str, type(None)}:
        found = [x if x is None else v.text_of(x) for x in found]
    try:
        return pa.array(found, ARROW[column_type])
    except UnicodeEncodeError:
        return pa.array([x if x is None else _valid(x) for x in found], pa.string())


def _valid(text: str) -> str:
    """The text with U+FFFD for lone surrogates, which UTF-8 doesn't have."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _union(parts: Iterable[Iterable[Any]]) -> list[Any]:
    return list(dict.fromkeys(key for part in parts for key in part))


def _joined(arrays: Sequence[pa.Array]) -> pa.Array:
    return pa.chunked_array(arrays).combine_chunks()


def _stacked(batches: Sequence[Batch], key: ColumnKey) -> pa.Array:
    type_ = ARROW[key[1]]
    return _joined([b.typed.get(key, pa.nulls(b.rows, type_)) for b in batches])


def _stacked_fresh(batches: Sequence[Batch], path: Path) -> Fresh:
    found = [b.fresh.get(path) for b in batches]
    kinds = 0
    for each in found:
        kinds |= each.kinds if each else 0
    encodings = {each.encoding for each in found if each}
    encoding = encodings.pop() if len(encodings) == 1 else JSON
    type_ = ARROW.get(encoding, pa.binary())
    arrays = [
        pa.nulls(batch.rows, type_)
        if each is None
        else (each.as_json() if encoding == JSON else each).values
        for batch, each in zip(batches, found, strict=True)
    ]
    return Fresh(kinds, encoding, _joined(arrays))
