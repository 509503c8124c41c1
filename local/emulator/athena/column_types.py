"""The catalog's Hive types in the other tongues that a query meets: DuckDB's, Arrow's, Trino's."""

from __future__ import annotations

import re

import pyarrow as pa

from emulator.athena.errors import not_supported
from emulator.crawl.hive_types import Array, GlueType, Map, Primitive, Struct, Unknown, parse

_NAMES: dict[str, tuple[str, str, pa.DataType]] = {
    "tinyint": ("TINYINT", "tinyint", pa.int8()),
    "smallint": ("SMALLINT", "smallint", pa.int16()),
    "int": ("INTEGER", "integer", pa.int32()),
    "integer": ("INTEGER", "integer", pa.int32()),
    "bigint": ("BIGINT", "bigint", pa.int64()),
    "float": ("FLOAT", "real", pa.float32()),
    "double": ("DOUBLE", "double", pa.float64()),
    "boolean": ("BOOLEAN", "boolean", pa.bool_()),
    "string": ("VARCHAR", "varchar", pa.string()),
    "varchar": ("VARCHAR", "varchar", pa.string()),
    "char": ("VARCHAR", "char", pa.string()),
    "binary": ("BLOB", "varbinary", pa.binary()),
    "date": ("DATE", "date", pa.date32()),
    "timestamp": ("TIMESTAMP", "timestamp(3)", pa.timestamp("us")),
}
"""Hive's name: DuckDB's, Trino's, Arrow's."""

_DECIMAL = re.compile(r"decimal(?:\((\d+)(?:,\s*(\d+))?\))?")


def hive_type(text: str) -> GlueType:
    return parse(text.strip())


def duckdb_type(hive: GlueType) -> str:
    """Raises QueryFailedError for a type that Athena has and this platform doesn't."""
    if isinstance(hive, Array):
        return f"{duckdb_type(hive.element)}[]"
    if isinstance(hive, Map):
        return f"MAP({duckdb_type(hive.key)}, {duckdb_type(hive.value)})"
    if isinstance(hive, Struct):
        fields = (f"{quoted(name)} {duckdb_type(part)}" for name, part in hive.fields.items())
        return f"STRUCT({', '.join(fields)})"
    decimal = decimal_of(hive)
    return f"DECIMAL({decimal[0]}, {decimal[1]})" if decimal else _names(hive)[0]


def arrow_type(hive: GlueType) -> pa.DataType:
    """The Arrow type that DuckDB reads as `duckdb_type`."""
    if isinstance(hive, Array):
        return pa.list_(arrow_type(hive.element))
    if isinstance(hive, Map):
        return pa.map_(arrow_type(hive.key), arrow_type(hive.value))
    if isinstance(hive, Struct):
        return pa.struct([(name, arrow_type(part)) for name, part in hive.fields.items()])
    decimal = decimal_of(hive)
    return pa.decimal128(*decimal) if decimal else _names(hive)[2]


def trino_type(hive: GlueType) -> str:
    """The type as Athena's error messages have it."""
    if isinstance(hive, Array):
        return f"array({trino_type(hive.element)})"
    if isinstance(hive, Map):
        return f"map({trino_type(hive.key)}, {trino_type(hive.value)})"
    if isinstance(hive, Struct):
        fields = (f'"{name}" {trino_type(part)}' for name, part in hive.fields.items())
        return f"row({', '.join(fields)})"
    decimal = decimal_of(hive)
    return f"decimal({decimal[0]},{decimal[1]})" if decimal else _names(hive)[1]


def quoted(name: str) -> str:
    """An identifier of DuckDB's."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """A string literal of DuckDB's."""
    return "'" + value.replace("'", "''") + "'"


def decimal_of(hive: GlueType | str) -> tuple[int, int] | None:
    """Precision and scale; None for another type."""
    match = _DECIMAL.fullmatch(str(hive))
    return (int(match.group(1) or 10), int(match.group(2) or 0)) if match else None


def _names(hive: GlueType) -> tuple[str, str, pa.DataType]:
    name = str(hive).partition("(")[0].lower() if isinstance(hive, (Primitive, Unknown)) else ""
    if name not in _NAMES:
        raise not_supported(f"The type {hive}")
    return _NAMES[name]
