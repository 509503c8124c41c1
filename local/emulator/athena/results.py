"""Results as Athena prints them: values, column descriptions, CSV and its metadata file.

The metadata file has no public description. Its fields are those that Athena's open-source JDBC
readers parse: query id (1), then one message a column (4) with catalog (1), name (4), label (5),
type (6), precision (7), scale (8), nullable (9), case sensitivity (10).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import pyarrow as pa

Text = str | None
Format = Callable[[Any], str]

_PRECISIONS = {
    "tinyint": 3,
    "smallint": 5,
    "integer": 10,
    "bigint": 19,
    "float": 17,
    "double": 17,
    "timestamp": 3,
    "timestamp with time zone": 3,
    "time": 3,
    "varchar": 2147483647,
    "char": 1,
    "varbinary": 1073741824,
}
_DUCKDB_TYPES = {
    "BOOLEAN": "boolean",
    "TINYINT": "tinyint",
    "UTINYINT": "smallint",
    "SMALLINT": "smallint",
    "USMALLINT": "integer",
    "INTEGER": "integer",
    "UINTEGER": "bigint",
    "BIGINT": "bigint",
    "UBIGINT": "bigint",
    "HUGEINT": "bigint",
    "FLOAT": "float",
    "DOUBLE": "double",
    "VARCHAR": "varchar",
    "BLOB": "varbinary",
    "DATE": "date",
    "TIME": "time",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP_S": "timestamp",
    "TIMESTAMP_MS": "timestamp",
    "TIMESTAMP_NS": "timestamp",
    "TIMESTAMP WITH TIME ZONE": "timestamp with time zone",
    "INTERVAL": "interval day to second",
    "JSON": "json",
    '"NULL"': "unknown",
}


@dataclass(frozen=True)
class ResultColumn:
    """A column as GetQueryResults describes it."""

    name: str
    type: str
    precision: int = 0
    scale: int = 0

    def wire(self) -> dict[str, Any]:
        return {
            "CatalogName": "hive",
            "SchemaName": "",
            "TableName": "",
            "Name": self.name,
            "Label": self.name,
            "Type": self.type,
            "Precision": self.precision,
            "Scale": self.scale,
            "Nullable": "UNKNOWN",
            "CaseSensitive": self.type in ("varchar", "char"),
        }


def result_column(name: str, duckdb_type: str) -> ResultColumn:
    """The description of a column of DuckDB's result."""
    decimal = re.fullmatch(r"DECIMAL\((\d+),\s*(\d+)\)", duckdb_type)
    if decimal:
        return ResultColumn(name, "decimal", int(decimal.group(1)), int(decimal.group(2)))
    if duckdb_type.endswith("]"):
        return ResultColumn(name, "array")
    for prefix, type_ in (("STRUCT", "row"), ("MAP", "map")):
        if duckdb_type.startswith(prefix):
            return ResultColumn(name, type_)
    type_ = _DUCKDB_TYPES.get(duckdb_type, "varchar")
    return ResultColumn(name, type_, _PRECISIONS.get(type_, 0))


def string_column(name: str) -> ResultColumn:
    """A column of SHOW or DESCRIBE."""
    return ResultColumn(name, "string")


def rows_of(batch: pa.RecordBatch) -> list[list[Text]]:
    """The batch's rows as Athena prints them; None for null."""
    columns = [_texts(column) for column in batch.columns]
    return [list(row) for row in zip(*columns, strict=True)]


def _texts(column: pa.Array) -> list[Text]:
    format_ = formatter(column.type)
    return [None if value is None else format_(value) for value in column.to_pylist()]


def formatter(type_: pa.DataType) -> Format:
    """How values of an Arrow type, as Python has them, are printed."""
    kinds = pa.types
    if kinds.is_floating(type_):
        return java_double
    if kinds.is_boolean(type_):
        return lambda value: "true" if value else "false"
    if kinds.is_timestamp(type_):
        return _timestamp_with_zone if type_.tz else _timestamp
    if kinds.is_decimal(type_):
        return lambda value: format(value, "f")
    if kinds.is_time(type_):
        return lambda value: str(value.isoformat("milliseconds"))
    if kinds.is_binary(type_) or kinds.is_large_binary(type_):
        return lambda value: str(value.hex(" "))
    if kinds.is_interval(type_):
        return _interval
    if kinds.is_map(type_):
        key, item = formatter(type_.key_type), _or_null(type_.item_type)
        return lambda value: "{" + ", ".join(f"{key(k)}={item(v)}" for k, v in value) + "}"
    if kinds.is_struct(type_):
        fields = [(field.name, _or_null(field.type)) for field in type_]
        return lambda value: (
            "{" + ", ".join(f"{name}={text(value[name])}" for name, text in fields) + "}"
        )
    if kinds.is_list(type_) or kinds.is_large_list(type_) or kinds.is_fixed_size_list(type_):
        element = _or_null(type_.value_type)
        return lambda value: "[" + ", ".join(element(part) for part in value) + "]"
    return str


def _or_null(type_: pa.DataType) -> Format:
    format_ = formatter(type_)
    return lambda value: "null" if value is None else format_(value)


def java_double(value: float) -> str:
    """A number as Java's Double.toString prints it: decimal from 0.001 to ten million, else with
    an exponent."""
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    sign, digits, exponent = _digits(value)
    if value == 0:
        return f"{sign}0.0"
    if 1e-3 <= abs(value) < 1e7:
        if exponent < 0:
            return f"{sign}0.{'0' * (-exponent - 1)}{digits}"
        padded = digits.ljust(exponent + 1, "0")
        return f"{sign}{padded[: exponent + 1]}.{padded[exponent + 1 :] or '0'}"
    return f"{sign}{digits[0]}.{digits[1:] or '0'}E{exponent}"


def _digits(value: float) -> tuple[str, str, int]:
    """Sign, shortest digits that name the number, exponent of the first."""
    mantissa, _, exponent = repr(value).partition("e")
    sign = "-" if mantissa.startswith("-") else ""
    whole, _, fraction = mantissa.lstrip("-").partition(".")
    digits = (whole + fraction).lstrip("0")
    leading = (
        len(whole.lstrip("0")) - 1
        if whole.strip("0")
        else -(len(fraction) - len(fraction.lstrip("0")) + 1)
    )
    return sign, digits.rstrip("0") or "0", leading + int(exponent or 0)


def _timestamp(value: datetime) -> str:
    return value.isoformat(" ", "milliseconds")


def _timestamp_with_zone(value: datetime) -> str:
    return _timestamp(value.astimezone(timezone.utc).replace(tzinfo=None)) + " UTC"


def _interval(value: Any) -> str:
    months, days, nanoseconds = value
    if months:
        return f"{'-' if months < 0 else ''}{abs(months) // 12}-{abs(months) % 12}"
    milliseconds = days * 86_400_000 + nanoseconds // 1_000_000
    seconds, rest = divmod(abs(milliseconds), 1000)
    minutes, hours, whole_days = seconds // 60 % 60, seconds // 3600 % 24, seconds // 86_400
    sign = "-" if milliseconds < 0 else ""
    return f"{sign}{whole_days} {hours:02}:{minutes:02}:{seconds % 60:02}.{rest:03}"


def csv_line(values: Iterable[Text]) -> str:
    """All values quoted; a null is nothing at all."""
    return ",".join(
        "" if value is None else '"' + value.replace('"', '""') + '"' for value in values
    )


def metadata_file(query_id: str, columns: Sequence[ResultColumn]) -> bytes:
    """The content of `<result object>.metadata`."""
    described = b"".join(_bytes_field(4, _column_message(column)) for column in columns)
    return _bytes_field(1, query_id.encode()) + described


def _column_message(column: ResultColumn) -> bytes:
    numbers = column.type in _PRECISIONS or column.type == "decimal"
    plain = numbers or column.type in ("boolean", "date", "interval day to second")
    message = _bytes_field(1, b"hive")
    for field, text in ((4, column.name), (5, column.name), (6, column.type)):
        message += _bytes_field(field, text.encode())
    if numbers:
        message += _number_field(7, column.precision)
    if numbers or column.type == "date":
        message += _number_field(8, column.scale)
    message += _number_field(9, 3)
    if plain:
        message += _number_field(10, int(column.type in ("varchar", "char")))
    return message


def _varint(number: int) -> bytes:
    encoded = bytearray()
    while number >= 0x80:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*encoded, number])


def _number_field(field: int, number: int) -> bytes:
    return _varint(field << 3) + _varint(number)


def _bytes_field(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(content)) + content
