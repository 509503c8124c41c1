"""Values of events: their kinds, the types that columns have, and their texts."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable
from typing import Any, NoReturn

BOOLEAN, BIGINT, WIDE, DOUBLE, STRING = (1 << bit for bit in range(5))
"""Kinds of values, to be summed up: BIGINT is an integer that a double holds exactly, WIDE another
one of 64 bits; STRING is all that only text can hold."""

_TYPE_OF_KIND = {
    BOOLEAN: "boolean",
    BIGINT: "bigint",
    WIDE: "bigint",
    DOUBLE: "double",
    STRING: "string",
}


class HugeNumber(float):
    """A number that no double holds, such as 1e400; `text` is how it was written."""

    text: str

    def __new__(cls, text: str) -> HugeNumber:
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __reduce__(self) -> tuple[type[HugeNumber], tuple[str]]:
        return HugeNumber, (self.text,)


def _number(text: str) -> float:
    value = float(text)
    return value if math.isfinite(value) else HugeNumber(text)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


# Python's decoder takes NaN and Infinity, which JSON doesn't have (RFC 8259).
_decoder = json.JSONDecoder(parse_float=_number, parse_constant=_refuse_constant)
_scan: Callable[[str, int], tuple[Any, int]] = _decoder.scan_once  # type: ignore[attr-defined]


def decode(text: str) -> Any:
    """The value of a JSON text. Raises ValueError, RecursionError."""
    # The decoder itself first looks for white space around the value, which is hardly ever there.
    try:
        value, end = _scan(text, 0)
    except StopIteration:
        return _decoder.decode(text)
    return value if end == len(text) else _decoder.decode(text)


_encode: Callable[[Any], str] = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), allow_nan=False
).encode


def json_text(value: object) -> str:
    """Compact JSON; numbers that no double holds as they were written."""
    try:
        return _text(value)
    except RecursionError:  # what could be read can be written, with more of the stack
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(8 * limit)
        try:
            return _text(value)
        finally:
            sys.setrecursionlimit(limit)


def _text(value: object) -> str:
    try:
        return _encode(value)
    except ValueError:  # only for a HugeNumber, somewhere inside
        return _exact(value)


def _exact(value: object) -> str:
    if isinstance(value, HugeNumber):
        return value.text
    if isinstance(value, list):
        return f"[{','.join(map(_exact, value))}]"
    if isinstance(value, dict):
        return f"{{{','.join(f'{_encode(k)}:{_exact(v)}' for k, v in value.items())}}}"
    return _encode(value)


def text_of(value: object) -> str:
    """What a value is in a column of strings: a text as it is, anything else as JSON."""
    return value if isinstance(value, str) else json_text(value)


def kind_of(value: object) -> int:
    """The kind of a value that is neither null nor an object."""
    kind = type(value)
    if kind is str or kind is HugeNumber:
        return STRING
    if kind is bool:
        return BOOLEAN
    if kind is float:
        return DOUBLE
    if isinstance(value, int):
        return kind_of_integer(value)
    return STRING


def kind_of_integer(value: int) -> int:
    if not -(2**63) <= value < 2**63:
        return STRING
    return BIGINT if _is_exact(value) else WIDE


def _is_exact(value: object) -> bool:
    """Whether a double holds the integer exactly."""
    if not isinstance(value, int) or isinstance(value, bool):
        return False
    try:
        return float(value) == value
    except OverflowError:
        return False


def type_of(value: object) -> str:
    """The type of column that holds just this value."""
    return _TYPE_OF_KIND[kind_of(value)]


def type_of_kinds(kinds: int) -> str:
    """The type of a column that has values of all these kinds."""
    if kinds in _TYPE_OF_KIND:
        return _TYPE_OF_KIND[kinds]
    if kinds == BIGINT | WIDE:
        return "bigint"
    return "double" if kinds == BIGINT | DOUBLE else "string"


def fits(value: object, column_type: str) -> bool:
    """Whether a column of this type holds the value without loss."""
    if column_type == "string":
        return True
    if column_type == "double":
        return kind_of(value) == DOUBLE or _is_exact(value)
    return type_of(value) == column_type
