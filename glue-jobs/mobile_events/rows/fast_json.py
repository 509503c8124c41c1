"""Reads blocks of lines with Arrow's JSON reader, which is several times as fast as Python's, and
gives up on every block in which the two could differ.

The columns that are known are read as their types, anything else is inferred. A block is taken if
each of its lines is one object, all values fit, nothing new came up, and no number could have lost
a digit. The exact way, decoding line by line in Python, is always right; a test holds the two
against each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pj

from mobile_events.rows import values as v
from mobile_events.rows.batch import ARROW, JSON, Batch, Fresh, array_of, fresh_of
from mobile_events.rows.instants import common_instants
from mobile_events.rows.names import Path
from mobile_events.rows.registry import MESSAGE_ID, TIMES, Registry

EXACT = 2.0**53
"""From here on, not every integer is a double."""

_OPEN, _CLOSE, _LINE_END = b"{}\n"
MOST_NESTED = 1_000
"""Brackets that a line may open. Too many levels would end the process: for each, Arrow's reader
calls itself."""

MOST_LEVELS = 50
"""Of a path that is read as its type. A deeper one, once in the registry, must not make every block
fail."""

MOST_SKIPPED = 64
"""Blocks that are left to the exact way without a try, after many that failed."""

Column = tuple[Path, pa.Array]
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class _GiveUpError(Exception):
    """The block has to be read the exact way."""


class FastJson:
    """A reader for one task. It learns new paths from what was read the exact way."""

    def __init__(self, registry: Registry, drop: frozenset[str]) -> None:
        self._registry = registry
        self._drop = drop
        self._fresh: dict[Path, str] = {}
        self._odd: set[Path] = set()
        self._schema: pa.Schema | None = None
        self._failures = 0
        self._skipped = 0

    def read(self, text: bytes, plausible: Callable[[pa.Array], bool]) -> Batch | None:
        """The rows of some whole lines, with the own columns that the events have; None if they
        have to be read the exact way. `plausible` tells whether all instants are."""
        if not text or self._skipped < min(2**self._failures - 1, MOST_SKIPPED):
            self._skipped += 1
            return None
        self._skipped = 0
        try:
            batch = self._read(text)
            if not plausible(batch.own["utc_timestamp"]):
                raise _GiveUpError
        except (_GiveUpError, pa.ArrowException, UnicodeDecodeError, KeyError, RecursionError):
            self._failures += 1
            return None
        self._failures = 0
        return batch

    def learn(self, batch: Batch, odd: Iterable[Path]) -> None:
        """Take note of new paths, and of those where other values than the column's are to be
        expected."""
        known = len(self._fresh), len(self._odd)
        self._odd.update(odd)
        for path, column in batch.fresh.items():
            if self._fresh.setdefault(path, column.encoding) != column.encoding:
                self._odd.add(path)
        if known != (len(self._fresh), len(self._odd)):
            self._schema = None
            self._failures = 0

    def _read(self, text: bytes) -> Batch:
        rows = _one_object_a_line(text)
        if not text.isascii():
            text.decode()
        if self._schema is None:
            self._schema = self._known_columns()
        table = pj.read_json(
            pa.BufferReader(text),
            pj.ReadOptions(use_threads=False, block_size=len(text) + 1),
            pj.ParseOptions(explicit_schema=self._schema, unexpected_field_behavior="infer"),
        )
        columns = {name: _whole(table[name]) for name in table.column_names}
        if len(table) != rows or not all(map(_is_json, columns.values())):
            raise _GiveUpError
        lines = _Lines(text)
        batch = Batch()
        for path, array in _leaves(columns, self._drop):
            self._add(batch, path, array, lines)
        batch.own["message_id"] = _ids(batch.typed[MESSAGE_ID, "string"])
        return batch

    def _add(self, batch: Batch, path: Path, array: pa.Array, lines: _Lines) -> None:
        if array.null_count == len(array) and path != MESSAGE_ID:
            return
        if path == MESSAGE_ID and pa.types.is_list(array.type):
            raise _GiveUpError  # an event without an id
        if len(path) == 1 and path[0] in TIMES:
            batch.own[TIMES[path[0]]] = _sure(common_instants(array))
            return
        column_type = self._registry.type_of(path)
        if column_type is not None:
            batch.typed[path, column_type] = _fitted(path, array, column_type, lines)
        elif path in self._fresh:
            batch.fresh[path] = _fresh(path, array, lines)
        else:
            raise _GiveUpError

    def _known_columns(self) -> pa.Schema:
        """What is read as the type that it has: all but paths where other values are expected."""
        types = {path: column.type for path, column in self._registry.first.items()}
        types |= {path: encoding for path, encoding in self._fresh.items() if encoding != JSON}
        types |= {(name,): "string" for name in TIMES}
        tree: dict[str, Any] = {}
        # The longest first: what is an object there can't be read as a value.
        for path in sorted(types.keys() - self._odd, key=len, reverse=True):
            _graft(tree, path, ARROW[types[path]])
        return pa.schema(_struct(tree))


class _Lines:
    """The lines of a block, split when they are first needed."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._lines: list[bytes] = []

    def values(self, there: pa.Array, path: Path) -> list[Any]:
        """What Python's decoder finds at a path, an array as a text of JSON; None where it isn't
        there."""
        if not self._lines:
            self._lines = self._text.split(b"\n")
        found: list[Any] = [None] * len(there)
        for row in np.flatnonzero(there.to_numpy(zero_copy_only=False)).tolist():
            value = v.decode(self._lines[row].decode())
            for key in path:
                value = value[key]
            found[row] = v.json_text(value) if isinstance(value, list) else value
        return found


def _one_object_a_line(text: bytes) -> int:
    """The number of lines, if no object can go over the end of one: after `}` none goes on at `{`.

    Whether a line has just one object is told by the number of rows.
    """
    content = np.frombuffer(text, np.uint8)
    if content[0] != _OPEN or content[-1] != _CLOSE:
        raise _GiveUpError
    ends = np.flatnonzero(content == _LINE_END)
    if (content[ends - 1] != _CLOSE).any() or (content[ends + 1] != _OPEN).any():
        raise _GiveUpError
    edges = np.concatenate(([-1], ends, [len(text)]))
    for line in np.flatnonzero(np.diff(edges) > 2 * MOST_NESTED).tolist():
        start, end = edges[line : line + 2].tolist()
        if text.count(b"{", start + 1, end) + text.count(b"[", start + 1, end) > MOST_NESTED:
            raise _GiveUpError
    return len(ends) + 1


def _is_json(array: pa.Array) -> bool:
    """Whether all numbers in it are finite: Arrow takes NaN and Infinity, which are no JSON."""
    if pa.types.is_struct(array.type):
        return all(map(_is_json, array.flatten()))
    if pa.types.is_list(array.type):
        return _is_json(array.flatten())
    return not pa.types.is_float64(array.type) or pc.all(pc.is_finite(array)).as_py() is not False


def _leaves(columns: Mapping[str, pa.Array], drop: frozenset[str]) -> Iterator[Column]:
    """All columns that are no objects, but for dropped ones."""
    pending: list[Column] = [((name,), array) for name, array in columns.items()]
    while pending:
        path, array = pending.pop()
        if ".".join(path) in drop:
            continue
        if not pa.types.is_struct(array.type):
            yield path, array
            continue
        names = [field.name for field in array.type]
        pending += [((*path, n), a) for n, a in zip(names, array.flatten(), strict=True)]


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _fitted(path: Path, array: pa.Array, column_type: str, lines: _Lines) -> pa.Array:
    """The values in a column of the type, without loss."""
    types = pa.types
    if array.type == ARROW[column_type]:
        if column_type == "double" and not (_are_exact(array) and _are_no_minus_zeros(array)):
            raise _GiveUpError
        return array
    if column_type != "string":
        raise _GiveUpError
    if types.is_int64(array.type) or types.is_boolean(array.type):
        return array.cast(pa.string())
    if types.is_list(array.type) or types.is_float64(array.type):
        return array_of(lines.values(array.is_valid(), path), "string")
    raise _GiveUpError


def _fresh(path: Path, array: pa.Array, lines: _Lines) -> Fresh:
    """The values of a new path, whose kinds must be told for sure."""
    types = pa.types
    if types.is_string(array.type):
        return Fresh(v.STRING, "string", array)
    if types.is_boolean(array.type):
        return Fresh(v.BOOLEAN, "boolean", array)
    if types.is_int64(array.type) and _are_exact(array):
        return Fresh(v.BIGINT, "bigint", array)
    if types.is_float64(array.type) and not pc.any(pc.equal(array, pc.floor(array))).as_py():
        return Fresh(v.DOUBLE, "double", array)
    if types.is_float64(array.type) or types.is_list(array.type):  # 5 or 5.0: the line tells
        found = fresh_of(lines.values(array.is_valid(), path))
        if found is not None:
            return found
    raise _GiveUpError


def _are_exact(array: pa.Array) -> bool:
    """Whether doubles hold all of the numbers, were they integers."""
    found = pc.min_max(array)
    return bool(found["min"].as_py() > -EXACT and found["max"].as_py() < EXACT)


def _are_no_minus_zeros(doubles: pa.Array) -> bool:
    """Whether none could be the integer -0, which is 0."""
    found = doubles.to_numpy(zero_copy_only=False)
    return not ((found == 0) & np.signbit(found)).any()


def _sure(array: pa.Array | None) -> pa.Array:
    if array is None:
        raise _GiveUpError
    return array


def _ids(texts: pa.Array) -> pa.Array:
    """What tells an event from others: an empty text doesn't."""
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)


def _graft(tree: dict[str, Any], path: Path, type_: pa.DataType) -> None:
    """Put a path into the tree, unless it is an object there, is very deep, or has a name that
    UTF-8 lacks."""
    if len(path) > MOST_LEVELS or any(map(_LONE_SURROGATE.search, path)):
        return
    node = tree
    for key in path[:-1]:
        node = node.setdefault(key, {})
    node.setdefault(path[-1], type_)


def _struct(tree: Mapping[str, Any]) -> list[pa.Field]:
    return [
        pa.field(key, pa.struct(_struct(inner)) if isinstance(inner, dict) else inner)
        for key, inner in tree.items()
    ]
