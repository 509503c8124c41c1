"""The catalog's Hive types in Spark's SQL, with field names quoted: they may hold anything."""

from __future__ import annotations

from emulator.crawl.hive_types import Array, GlueType, Map, Struct, parse


def spark_type(hive: str) -> str:
    """The type of a column, such as ``struct<`a b`:string>`` for `struct<a b:string>`."""
    return _spark(parse(hive.strip()))


def quoted(name: str) -> str:
    """An identifier."""
    return "`" + name.replace("`", "``") + "`"


def text(value: str) -> str:
    """A string literal."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _spark(hive: GlueType) -> str:
    if isinstance(hive, Array):
        return f"array<{_spark(hive.element)}>"
    if isinstance(hive, Map):
        return f"map<{_spark(hive.key)},{_spark(hive.value)}>"
    if isinstance(hive, Struct):
        fields = (f"{quoted(name)}:{_spark(part)}" for name, part in hive.fields.items())
        return f"struct<{','.join(fields)}>"
    return str(hive)
