"""The values of JSON: what type each is of, what fits which column, and how it reads as text."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from .instants import microseconds

Type = Literal["bigint", "boolean", "double", "string", "timestamp"]
Cell: TypeAlias = str | bool | int | float
Path: TypeAlias = tuple[str, ...]


@dataclass(frozen=True)
class Huge:
    """A number beyond a double (1e400), as it stands in its line."""

    text: str


Json: TypeAlias = "bool | int | float | str | Huge | list[Json] | dict[str, Json] | None"
Leaf: TypeAlias = "bool | int | float | str | Huge | list[Json]"


def float_or_huge(text: str) -> float | Huge:
    """The double that a number with a fraction or an exponent gives."""
    number = float(text)
    return number if math.isfinite(number) else Huge(text)


def flatten(event: dict[str, Json], drop_fields: frozenset[str]) -> dict[Path, Leaf]:
    """The scalars and lists of an event by path, without nulls and without `drop_fields`.

    A field is dropped, with all below it, where its path joined by dots is one of them.
    """
    leaves: dict[Path, Leaf] = {}
    todo: list[tuple[Path, Json]] = [((), event)]
    while todo:
        path, value = todo.pop()
        if value is None or ".".join(path) in drop_fields:
            continue
        if isinstance(value, dict):
            todo.extend(((*path, key), inner) for key, inner in value.items())
        else:
            leaves[path] = value
    return leaves


def kind(value: Leaf) -> Type:
    """The type that a value asks for by itself; never timestamp."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "bigint" if _is_long(value) else "string"
    return "double" if isinstance(value, float) else "string"


def common_type(values: Iterable[Leaf]) -> Type:
    """The type of a new column that holds `values`, of which there is one at least."""
    seen = list(values)
    kinds = {kind(value) for value in seen}
    if len(kinds) == 1:
        return kinds.pop()
    exact = all(cell(value, "double") is not None for value in seen)
    return "double" if exact and kinds == {"bigint", "double"} else "string"


def cell(value: Leaf, column_type: Type) -> Cell | None:
    """What stands in a column of that type for the value, None where it doesn't fit.

    A timestamp column holds microseconds since 1970-01-01T00:00Z.
    """
    if column_type == "string":
        return text(value)
    if column_type == "timestamp":
        return microseconds(value) if isinstance(value, str) else None
    if column_type == "double" and isinstance(value, int) and not isinstance(value, bool):
        return _exact_double(value)
    if isinstance(value, (bool, int, float)) and kind(value) == column_type:
        return value
    return None


def text(value: Leaf) -> str:
    """A value in a string column: a string as it is, anything else as compact JSON."""
    raw = value if isinstance(value, str) else json_text(value)
    return re.sub("[\ud800-\udfff]", "\ufffd", raw)


def json_text(value: Json) -> str:
    """Compact JSON; without recursion, so that what could be read can be written."""
    written: list[str] = []
    todo: list[str | tuple[Json]] = [(value,)]
    while todo:
        piece = todo.pop()
        if isinstance(piece, str):
            written.append(piece)
        elif isinstance(piece[0], (dict, list)):
            todo.extend(reversed(_pieces(piece[0])))
        else:
            written.append(_scalar_text(piece[0]))
    return "".join(written)


def _pieces(value: dict[str, Json] | list[Json]) -> list[str | tuple[Json]]:
    pieces: list[str | tuple[Json]] = []
    if isinstance(value, dict):
        for key, inner in value.items():
            pieces += [",", _scalar_text(key) + ":", (inner,)]
        return ["{", *pieces[1:], "}"]
    for item in value:
        pieces += [",", (item,)]
    return ["[", *pieces[1:], "]"]


def _scalar_text(value: bool | int | float | str | Huge | None) -> str:
    return value.text if isinstance(value, Huge) else json.dumps(value, ensure_ascii=False)


def _is_long(value: int) -> bool:
    return -(2**63) <= value < 2**63


def _exact_double(value: int) -> float | None:
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if number == value else None
