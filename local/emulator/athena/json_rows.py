"""Rows of JSON lines by the rules of the JSON serdes.

Source: Trino's page on its OpenX JSON format (type mapping, coercions), which Athena builds on:
keys are matched whatever their case, of keys that come twice the last one counts, a line that is
no object or array is a row of nulls, text columns take any value as JSON text, numbers and times
that can't be read are null.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timezone
from decimal import Decimal, InvalidOperation
from typing import Any

import pyarrow as pa

from emulator.athena.catalog import Column, Storage
from emulator.athena.column_types import hive_type
from emulator.athena.errors import QueryFailedError
from emulator.crawl.hive_types import Array, GlueType, Map, Struct

Convert = Callable[[Any], Any]
_FRACTION = re.compile(r"\.\d+")
_decode = json.JSONDecoder(parse_float=Decimal).raw_decode


class JsonDecoder:
    """Turns lines into a batch of `schema`, one value a column."""

    def __init__(self, columns: Sequence[Column], schema: pa.Schema, storage: Storage) -> None:
        self._schema = schema
        parameters = {key.lower(): value.lower() for key, value in storage.parameters.items()}
        self._lenient = parameters.get("ignore.malformed.json") == "true"
        self._fold = parameters.get("case.insensitive", "true") == "true"
        mapped = {
            key.removeprefix("mapping."): value
            for key, value in storage.parameters.items()
            if key.startswith("mapping.")
        }
        self._columns = [
            (
                self._key(mapped.get(column.name, column.name)),
                _converter(hive_type(column.type), self._fold),
                [column.name for column in storage.columns].index(column.name),
            )
            for column in columns
        ]

    def decode(self, lines: list[str]) -> pa.RecordBatch:
        rows = [self._row(line) for line in lines]
        arrays = [
            pa.array([row[place] for row in rows], field.type)
            for place, field in enumerate(self._schema)
        ]
        return pa.RecordBatch.from_arrays(arrays, schema=self._schema)

    def _row(self, line: str) -> list[Any]:
        value = self._parse(line.strip())
        if isinstance(value, dict):
            by_key = {self._key(key): part for key, part in value.items()}
            return [_value(by_key.get(key), convert) for key, convert, _ in self._columns]
        if isinstance(value, list):
            return [
                _value(value[place] if place < len(value) else None, convert)
                for _, convert, place in self._columns
            ]
        return [None] * len(self._columns)

    def _parse(self, line: str) -> Any:
        if not line.startswith(("{", "[")):
            return None
        try:
            return _decode(line)[0]
        except ValueError as error:
            if self._lenient:
                return None
            raise QueryFailedError(
                "HIVE_CURSOR_ERROR", f"Row is not a valid JSON Object - JSONException: {error}"
            ) from error

    def _key(self, key: str) -> str:
        return key.lower() if self._fold else key


def _value(value: Any, convert: Convert) -> Any:
    return None if value is None else convert(value)


def _converter(hive: GlueType, fold: bool) -> Convert:
    if isinstance(hive, Struct):
        return _struct(hive, fold)
    if isinstance(hive, Array):
        element = _converter(hive.element, fold)
        return lambda value: _array(value, element)
    if isinstance(hive, Map):
        key, part = _converter(hive.key, fold), _converter(hive.value, fold)
        return lambda value: _map(value, key, part)
    name = str(hive).partition("(")[0]
    if name == "decimal":
        scale = Decimal(1).scaleb(-int(str(hive).partition(",")[2].rstrip(")") or 0))
        return lambda value: _number(value, lambda text: Decimal(text).quantize(scale))
    return _PRIMITIVES.get(name, _text)


def _struct(hive: Struct, fold: bool) -> Convert:
    fields = [
        (name, name.lower() if fold else name, _converter(part, fold))
        for name, part in hive.fields.items()
    ]

    def convert(value: Any) -> dict[str, Any] | None:
        if isinstance(value, list):
            keyed = {key: part for (_, key, _), part in zip(fields, value, strict=False)}
        elif isinstance(value, dict):
            keyed = {key.lower() if fold else key: part for key, part in value.items()}
        elif isinstance(value, str) and not value.strip():
            keyed = {}
        else:
            raise _bad(value, "a row")
        return {name: _value(keyed.get(key), part) for name, key, part in fields}

    return convert


def _array(value: Any, element: Convert) -> list[Any] | None:
    if value == "":
        return None
    return [_value(part, element) for part in (value if isinstance(value, list) else [value])]


def _map(value: Any, key: Convert, part: Convert) -> list[tuple[Any, Any]] | None:
    if isinstance(value, str) and not value.strip():
        return None
    if not isinstance(value, dict):
        raise _bad(value, "a map")
    return [(key(name), _value(each, part)) for name, each in value.items()]


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_json_number)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _json_number(value: Decimal) -> float:
    return float(value)


def _boolean(value: Any) -> bool:
    return str(value).lower() == "true"


def _whole(bits: int) -> Convert:
    limit = 1 << (bits - 1)

    def parse(text: str) -> int | None:
        number = int(Decimal(text))
        return number if -limit <= number < limit else None

    return lambda value: _number(value, parse)


def _number(value: Any, parse: Callable[[str], Any]) -> Any:
    if isinstance(value, (dict, list)):
        raise _bad(value, "a number")
    try:
        return parse(str(value))
    except (ValueError, InvalidOperation, OverflowError):
        return None


def _timestamp(value: Any) -> datetime | None:
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        seconds = float(value) / 1000 if len(str(value)) >= 13 else float(value)
        return datetime.fromtimestamp(seconds, timezone.utc).replace(tzinfo=None)
    text = _FRACTION.sub(lambda digits: digits[0][:7].ljust(7, "0"), str(value), count=1)
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return moment.astimezone(timezone.utc).replace(tzinfo=None) if moment.tzinfo else moment


def _date(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value).partition(" ")[0])
    except ValueError:
        return None


def _bad(value: Any, wanted: str) -> QueryFailedError:
    return QueryFailedError("HIVE_BAD_DATA", f"{_text(value)[:100]} can not be coerced to {wanted}")


_PRIMITIVES: dict[str, Convert] = {
    "boolean": _boolean,
    "tinyint": _whole(8),
    "smallint": _whole(16),
    "int": _whole(32),
    "integer": _whole(32),
    "bigint": _whole(64),
    "float": lambda value: _number(value, float),
    "double": lambda value: _number(value, float),
    "date": _date,
    "timestamp": _timestamp,
}
