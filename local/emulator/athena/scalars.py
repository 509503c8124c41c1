"""Functions of Athena's that DuckDB calls here."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any


def scientific(value: float) -> str:
    """A double as CAST AS varchar writes it: 1.5E0 (Trino's conversion of doubles)."""
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    minus = "-" if sign else ""
    written = "".join(map(str, digits))
    power = int(exponent) + len(written) - 1
    written = written.rstrip("0")
    return f"{minus}{written[0]}.{written[1:] or '0'}E{power}" if written else f"{minus}0E0"


class _Number(float):
    """A number of JSON's that keeps the letters it was written with."""

    def __new__(cls, text: str) -> _Number:
        number = super().__new__(cls, text)
        number.text = text
        return number

    text: str

    def __repr__(self) -> str:
        return self.text


def canonical_json(text: str) -> str:
    """JSON as json_parse keeps it: without blanks, keys in order. Raises ValueError for none."""
    try:
        return _written(json.loads(text, parse_float=_Number, parse_constant=_refused))
    except ValueError as error:
        short = text if len(text) < 100 else f"{text[:100]}..."
        raise ValueError(
            f"INVALID_FUNCTION_ARGUMENT: Cannot convert value to JSON: '{short}'"
        ) from error


def _refused(name: str) -> Any:
    raise ValueError(name)


def _written(value: Any) -> str:
    if isinstance(value, dict):
        parts = (
            f"{json.dumps(key, ensure_ascii=False)}:{_written(value[key])}" for key in sorted(value)
        )
        return f"{{{','.join(parts)}}}"
    if isinstance(value, list):
        return f"[{','.join(map(_written, value))}]"
    if isinstance(value, _Number):
        return value.text
    return json.dumps(value, ensure_ascii=False)
