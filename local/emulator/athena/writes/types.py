"""Types of what a query gives, in the catalog's and in Trino's words, and what fits a column."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emulator.athena.column_types import decimal_of
from emulator.athena.errors import QueryFailedError
from emulator.crawl.hive_types import Array, GlueType, Map, Struct

_HIVE = {
    "boolean": "boolean",
    "tinyint": "tinyint",
    "utinyint": "smallint",
    "smallint": "smallint",
    "usmallint": "int",
    "integer": "int",
    "uinteger": "bigint",
    "bigint": "bigint",
    "ubigint": "bigint",
    "hugeint": "bigint",
    "float": "float",
    "double": "double",
    "varchar": "string",
    "blob": "binary",
    "date": "date",
    "timestamp": "timestamp",
    "timestamp_s": "timestamp",
    "timestamp_ms": "timestamp",
    "timestamp_ns": "timestamp",
}
"""DuckDB's names: Hive's, for what a table of Hive's can hold."""
_TRINO = {
    "int": "integer",
    "float": "real",
    "string": "varchar",
    "binary": "varbinary",
    "timestamp": "timestamp(3)",
}
_ELSE = {
    "timestamp with time zone": "timestamp(3) with time zone",
    "json": "json",
    "time": "time(3)",
    "interval": "interval day to second",
    "null": "unknown",
}
"""DuckDB's names of what no table of Hive's can hold: Trino's."""


def hive_name(type_: Any) -> str:
    """The catalog's type for a DuckDB type. Raises QueryFailedError where there is none."""

    def scalar(name: str) -> str:
        if name not in _HIVE:
            raise QueryFailedError(
                "NOT_SUPPORTED", f"Unsupported Hive type: {_ELSE.get(name, name)}"
            )
        return _HIVE[name]

    return _spelled(type_, scalar, "array<{}>", "map<{},{}>", "struct<{}>", "{}:{}")


def trino_name(type_: Any) -> str:
    """Trino's type for a DuckDB type."""

    def scalar(name: str) -> str:
        hive = _HIVE.get(name)
        return _TRINO.get(hive, hive) if hive else _ELSE.get(name, "varchar")

    return _spelled(type_, scalar, "array({})", "map({}, {})", "row({})", '"{}" {}')


def _spelled(
    type_: Any, scalar: Callable[[str], str], array: str, map_: str, struct: str, field: str
) -> str:
    def spelled(part: Any) -> str:
        return _spelled(part, scalar, array, map_, struct, field)

    kind = str(type_).strip('"').lower() if type_.id != "decimal" else "decimal"
    if kind == "decimal":
        precision, scale = (number for _, number in type_.children)
        return f"decimal({precision},{scale})"
    if type_.id in ("list", "array"):
        return array.format(spelled(type_.children[0][1]))
    if type_.id == "map":
        return map_.format(*(spelled(part) for _, part in type_.children))
    if type_.id == "struct":
        parts = (field.format(name, spelled(part)) for name, part in type_.children)
        return struct.format((", " if "(" in struct else ",").join(parts))
    return scalar(kind)


_WHOLE = ("tinyint", "smallint", "int", "bigint")
_DIGITS = {"tinyint": 3, "smallint": 5, "int": 10, "bigint": 19}
_TEXTS = ("string", "varchar")


def coerces(found: GlueType, wanted: GlueType) -> bool:
    """Whether a value of one type becomes one of the other without a cast (Trino's documentation,
    "Conversion functions")."""
    if isinstance(found, Array) and isinstance(wanted, Array):
        return coerces(found.element, wanted.element)
    if isinstance(found, Map) and isinstance(wanted, Map):
        return coerces(found.key, wanted.key) and coerces(found.value, wanted.value)
    if isinstance(found, Struct) and isinstance(wanted, Struct):
        pairs = list(zip(found.fields.values(), wanted.fields.values(), strict=False))
        return len(found.fields) == len(wanted.fields) and all(coerces(*pair) for pair in pairs)
    return _scalar_coerces(str(found).replace("integer", "int"), str(wanted))


def _scalar_coerces(found: str, wanted: str) -> bool:
    wanted = wanted.replace("integer", "int")
    ours, theirs = decimal_of(found), decimal_of(wanted)
    if ours and theirs:
        return ours[1] <= theirs[1] and ours[0] - ours[1] <= theirs[0] - theirs[1]
    if theirs:
        return found in _WHOLE and _DIGITS[found] <= theirs[0] - theirs[1]
    if ours or (found in _WHOLE and wanted in ("float", "double")):
        return wanted in ("float", "double")
    if found in _WHOLE and wanted in _WHOLE:
        return _WHOLE.index(found) <= _WHOLE.index(wanted)
    if found == "string":
        return wanted.partition("(")[0] in (*_TEXTS, "char")
    return found == wanted or (found, wanted) in (("float", "double"), ("date", "timestamp"))
