"""JSON: one object after another, as a rule one a line.

Integers are int or bigint by size, fractions double, null nothing. Lines that can't be read are
passed over: a file with one object in it is JSON, however damaged.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from emulator.crawl.hive_types import (
    BIGINT,
    BOOLEAN,
    DOUBLE,
    INT,
    STRING,
    UNKNOWN,
    Array,
    GlueType,
    Struct,
    merge,
)


def infer(text: str) -> tuple[Struct, int] | None:
    """Columns and number of objects in `text`; None if it isn't JSON."""
    columns: GlueType = Struct()
    objects = 0
    position = _skip_blank(text, 0)
    while position < len(text):
        try:
            value, position = _DECODER.raw_decode(text, position)
        except (ValueError, RecursionError):
            position = text.find("\n", position)
            if position == -1:
                break
        else:
            if isinstance(value, list):
                # A file that is one array is a table of one column (Glue's JSON classifier).
                value = {"array": value}
            if isinstance(value, dict):
                columns = widen(columns, value)
                objects += 1
        position = _skip_blank(text, position)
    if not isinstance(columns, Struct) or not columns.fields:
        return None
    return columns, objects


def widen(known: GlueType, value: object) -> GlueType:
    """The type that holds `known` and `value`: `known` itself where the value fits already."""
    scalar = _SCALARS.get(type(value))
    if scalar is not None:
        return known if scalar is known else merge(known, scalar)
    if isinstance(value, int):
        return merge(known, _integer_type(value))
    if isinstance(value, dict):
        if not isinstance(known, Struct):
            return merge(known, widen(Struct(), value))
        return _widen_struct(known, value)
    if isinstance(value, list):
        if not isinstance(known, Array):
            return merge(known, widen(Array(UNKNOWN), value))
        return _widen_array(known, value)
    raise TypeError(f"not a JSON value: {type(value).__name__}")


_SCALARS: dict[type, GlueType] = {
    str: STRING,
    bool: BOOLEAN,
    float: DOUBLE,
    type(None): UNKNOWN,
}


def _widen_struct(known: Struct, value: dict[str, Any]) -> Struct:
    changes: dict[str, GlueType] = {}
    for name, item in value.items():
        spelling = known.spelling_of(name)
        if spelling is None:
            known = Struct({**known.fields, name: widen(UNKNOWN, item)})
            continue
        before = known.fields[spelling] if spelling not in changes else changes[spelling]
        after = widen(before, item)
        if after is not before:
            changes[spelling] = after
    return Struct({**known.fields, **changes}) if changes else known


def _widen_array(known: Array, value: list[Any]) -> Array:
    element = known.element
    for item in value:
        element = widen(element, item)
    return known if element is known.element else Array(element)


def _integer_type(value: int) -> GlueType:
    if -(2**31) <= value < 2**31:
        return INT
    # Text keeps every digit of what no Hive integer holds.
    return BIGINT if -(2**63) <= value < 2**63 else STRING


def _skip_blank(text: str, position: int) -> int:
    blank = _BLANK.match(text, position)
    return blank.end() if blank else position


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} isn't JSON")


_BLANK = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)
