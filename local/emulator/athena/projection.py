"""Partition projection: partitions that the table's properties tell, in place of the catalog's.

Source: Athena guide, "Use partition projection with Amazon Athena", "Supported types for partition
projection" and "Dynamic ID partitioning".
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import TypeVar

from sqlglot import exp

from emulator.athena.catalog import Column, Partition, Table
from emulator.athena.errors import QueryFailedError, not_supported
from emulator.athena.projected_dates import UNITS, DatePattern, DateRange, bound

MAX_VALUES = 1_000_000
"""Values of a column, or partitions of a table, that are counted out here."""

Rows = Sequence[tuple[str, ...]]
Value = TypeVar("Value")


@dataclass(frozen=True)
class Evaluation:
    """What a projection asks of the engine: which rows of key values a predicate lets through, and
    the text of an expression without columns."""

    kept: Callable[[Sequence[Column], Rows, exp.Expr], Rows]
    constant: Callable[[exp.Expr], str | None]


def is_projected(table: Table) -> bool:
    return bool(table.keys) and table.parameters.get("projection.enabled", "").lower() == "true"


def projected_partitions(
    table: Table, predicate: exp.Expr | None, evaluation: Evaluation
) -> list[Partition]:
    """The partitions that the predicate lets through. Raises QueryFailedError."""
    locate = _locations(table)
    found: dict[tuple[str, ...], None] = {}
    for branch in _either(predicate) if predicate is not None else [None]:
        conditions = list(_both(branch)) if branch is not None else []
        columns = [_values(table, key, conditions, evaluation) for key in table.keys]
        rows = _limited(itertools.product(*columns), f"the table {table.name}")
        kept = rows if branch is None else evaluation.kept(table.keys, rows, branch)
        found.update(dict.fromkeys(kept))
    return [Partition(values, replace(table.storage, location=locate(values))) for values in found]


def _values(
    table: Table, key: Column, conditions: Sequence[exp.Expr], evaluation: Evaluation
) -> list[str]:
    """The column's values that the conditions on it alone let through."""
    own = [each for each in conditions if key.name in _named(each)]
    properties = _Properties(table, key.name)
    if properties.type == "injected":
        return _injected(key.name, own, evaluation)
    values = _limited(_TYPES[properties.type](properties), f"the column {key.name}")
    for condition in own:
        if _named(condition) == {key.name}:
            kept = evaluation.kept([key], [(value,) for value in values], condition)
            values = [value for (value,) in kept]
    return values


def _injected(name: str, conditions: Sequence[exp.Expr], evaluation: Evaluation) -> list[str]:
    equal = [_equal_to(name, condition) for condition in conditions]
    if not equal or None in equal:
        raise QueryFailedError(
            "CONSTRAINT_VIOLATION",
            f"Injected projected partition column {name} must have only (and at least one) "
            "equality conditions in the WHERE clause!",
        )
    values = [evaluation.constant(value) for value in equal[0] or []]
    return list(dict.fromkeys(value for value in values if value is not None))


def _equal_to(name: str, condition: exp.Expr) -> list[exp.Expr] | None:
    """What a condition lets the column equal; None if it isn't such a condition."""
    node = condition.unnest()
    if isinstance(node, exp.Or):
        left, right = _equal_to(name, node.left), _equal_to(name, node.right)
        return None if left is None or right is None else [*left, *right]
    if isinstance(node, exp.EQ):
        sides = [node.left.unnest(), node.right.unnest()]
        columns = [side for side in sides if isinstance(side, exp.Column)]
        values = [side for side in sides if not _named(side)]
    elif isinstance(node, exp.In):
        columns = [node.this.unnest()] if isinstance(node.this.unnest(), exp.Column) else []
        values = [value for value in node.expressions if not _named(value)]
        if len(values) < len(node.expressions):
            return None
    else:
        return None
    return values if values and [each.name.lower() for each in columns] == [name] else None


class _Properties:
    """A column's `projection.*` properties. Their values may have white space around them."""

    def __init__(self, table: Table, column: str) -> None:
        self._properties = {name.lower(): text for name, text in table.parameters.items()}
        self._column = column
        if not self.get("type"):
            raise QueryFailedError(
                "INVALID_TABLE_PROPERTY",
                f"Table {table.database}.{table.name} is configured for partition projection, but "
                f"the following partition columns are missing projection configuration: [{column}]",
            )
        self.type = self.get("type").lower()
        if self.type not in (*_TYPES, "injected"):
            raise self.wrong("type", "it must be enum, integer, date or injected")

    def get(self, name: str) -> str:
        return self.raw(name).strip()

    def raw(self, name: str) -> str:
        return self._properties.get(f"projection.{self._column}.{name}", "")

    def required(self, name: str) -> str:
        if not self.get(name):
            raise self.wrong(name, "it is missing")
        return self.raw(name)

    def positive(self, name: str, default: int) -> int:
        text = self.get(name)
        if text and not re.fullmatch(r"[1-9]\d*", text):
            raise self.wrong(name, "it must be a positive integer")
        return int(text) if text else default

    def ends(self) -> tuple[str, str]:
        first, comma, last = self.required("range").partition(",")
        if not comma or "," in last:
            raise self.wrong("range", "it must have two values, parted by a comma")
        return first.strip(), last.strip()

    def wrong(self, name: str, why: object) -> QueryFailedError:
        return QueryFailedError(
            "INVALID_TABLE_PROPERTY",
            f"Column projection for column '{self._column}' failed. "
            f"'projection.{self._column}.{name}': {why}",
        )


def _enum(properties: _Properties) -> Iterable[str]:
    return properties.required("values").split(",")


def _integers(properties: _Properties) -> Iterator[str]:
    try:
        first, last = map(int, properties.ends())
    except ValueError as error:
        raise properties.wrong("range", error) from error
    digits = properties.positive("digits", 1)
    for value in range(first, last + 1, properties.positive("interval", 1)):
        yield f"{'-' if value < 0 else ''}{abs(value):0{digits}}"


def _dates(properties: _Properties) -> Iterator[str]:
    try:
        pattern = DatePattern(properties.required("format").strip())
    except ValueError as error:
        raise properties.wrong("format", error) from error
    unit = properties.get("interval.unit").upper()
    if not unit and pattern.precision not in ("DAYS", "MONTHS"):
        raise properties.wrong("interval.unit", "it is missing")
    if unit and unit not in UNITS:
        raise properties.wrong("interval.unit", f"it must be one of {', '.join(UNITS)}")
    unit = unit or pattern.precision
    interval = properties.positive("interval", 1)
    now = datetime.now(timezone.utc)
    try:
        first, last = (bound(end, pattern, unit, now) for end in properties.ends())
    except ValueError as error:
        raise properties.wrong("range", error) from error
    return DateRange(pattern, first, last, interval, unit).values()


_TYPES: dict[str, Callable[[_Properties], Iterable[str]]] = {
    "enum": _enum,
    "integer": _integers,
    "date": _dates,
}


def partition_location(table: Table, values: tuple[str, ...]) -> str:
    """Where the data of a projected partition lie."""
    return _locations(table)(values)


def _locations(table: Table) -> Callable[[tuple[str, ...]], str]:
    """Gives the location of a partition: by the table's template, or `key=value` folders."""
    names = [key.name for key in table.keys]
    template = table.parameters.get("storage.location.template", "").strip()
    if not template:
        folders = "/".join(f"{name}=${{{name}}}" for name in names)
        template = f"{table.storage.location.rstrip('/')}/{folders}/"
    parts = re.split(r"\$\{([^}]*)\}", template)
    placeholders = [part.lower() for part in parts[1::2]]
    for name in {*names, *placeholders}:
        if name not in placeholders or name not in names:
            raise QueryFailedError(
                "INVALID_TABLE_PROPERTY",
                f"Partition projection: 'storage.location.template' of table {table.name} must "
                f"have a placeholder for each partition column and no other: ${{{name}}}",
            )

    def locate(values: tuple[str, ...]) -> str:
        given = dict(zip(names, values, strict=True))
        filled = [given[part.lower()] if place % 2 else part for place, part in enumerate(parts)]
        return "".join(filled)

    return locate


def _either(node: exp.Expr) -> Iterator[exp.Expr]:
    """The sides of an OR; each is a way for a partition to matter."""
    bare = node.unnest()
    for side in (bare.left, bare.right) if isinstance(bare, exp.Or) else ():
        yield from _either(side)
    if not isinstance(bare, exp.Or):
        yield bare


def _both(node: exp.Expr) -> Iterator[exp.Expr]:
    """The sides of an AND."""
    bare = node.unnest()
    for side in (bare.left, bare.right) if isinstance(bare, exp.And) else ():
        yield from _both(side)
    if not isinstance(bare, exp.And):
        yield bare


def _named(node: exp.Expr) -> set[str]:
    return {column.name.lower() for column in node.find_all(exp.Column)}


def _limited(values: Iterable[Value], what: str) -> list[Value]:
    found = list(itertools.islice(values, MAX_VALUES + 1))
    if len(found) > MAX_VALUES:
        raise not_supported(f"A projection of more than {MAX_VALUES:,} values for {what}")
    return found
