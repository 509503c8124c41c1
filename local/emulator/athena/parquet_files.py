"""Parquet files held against their table: columns by name, and types that Athena can't read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from emulator.athena.catalog import Column
from emulator.athena.column_types import (
    arrow_type,
    duckdb_type,
    hive_type,
    quoted,
    text,
    trino_type,
)
from emulator.athena.errors import QueryFailedError
from emulator.crawl.hive_types import Array, GlueType, Struct


def expressions(footer: pq.FileMetaData, columns: Sequence[Column], url: str) -> tuple[str, ...]:
    """For each column of the table how DuckDB gets it from a file; NULL where the file lacks it.

    Raises QueryFailedError for a column of another type than the table's.
    """
    in_file = {field.name.lower(): field for field in footer.schema.to_arrow_schema()}
    physical = _physical_types(footer)
    return tuple(_expression(column, in_file, physical, url) for column in columns)


def _physical_types(footer: pq.FileMetaData) -> dict[str, str]:
    schema = footer.schema
    leaves = (schema.column(place) for place in range(len(schema)))
    return {leaf.path.partition(".")[0].lower(): leaf.physical_type for leaf in leaves}


def _expression(
    column: Column, in_file: Mapping[str, pa.Field], physical: Mapping[str, str], url: str
) -> str:
    wanted = hive_type(column.type)
    field = in_file.get(column.name)
    if field is None:
        return f"NULL::{duckdb_type(wanted)}"
    if not _fits(field.type, wanted):
        found = physical[column.name].replace("BYTE_ARRAY", "BINARY")
        raise QueryFailedError(
            "HIVE_BAD_DATA",
            f"Field {column.name}'s type {found} in parquet file {url} is incompatible with type "
            f"{trino_type(wanted)} defined in table schema",
        )
    return _shaped(quoted(field.name), field.type, wanted)


def _shaped(value: str, found: pa.DataType, wanted: GlueType) -> str:
    """The value with the table's fields in the table's order; fields are matched by name."""
    if found == arrow_type(wanted):
        return value
    if isinstance(wanted, Struct):
        by_name = {found.field(place).name.lower(): place for place in range(found.num_fields)}
        fields = (
            f"{quoted(name)} := {_field(value, found, by_name.get(name.lower()), part)}"
            for name, part in wanted.fields.items()
        )
        return f"CASE WHEN {value} IS NOT NULL THEN struct_pack({', '.join(fields)}) END"
    if isinstance(wanted, Array):
        element = _shaped("element", found.value_type, wanted.element)
        return f"list_transform({value}, lambda element: {element})"
    if pa.types.is_timestamp(found) and found.tz:
        value = f"({value} AT TIME ZONE 'UTC')"
    return f"CAST({value} AS {duckdb_type(wanted)})"


def _field(value: str, found: pa.DataType, place: int | None, wanted: GlueType) -> str:
    if place is None:
        return f"NULL::{duckdb_type(wanted)}"
    field = found.field(place)
    return _shaped(f"struct_extract({value}, {text(field.name)})", field.type, wanted)


def _fits(found: pa.DataType, wanted: GlueType) -> bool:
    """Whether Athena reads this Parquet type as that column type."""
    types = pa.types
    if isinstance(wanted, Struct):
        fields = {part.lower(): kind for part, kind in wanted.fields.items()}
        return types.is_struct(found) and all(
            _fits(field.type, fields[field.name.lower()])
            for field in found
            if field.name.lower() in fields
        )
    if isinstance(wanted, Array):
        return types.is_list(found) and _fits(found.value_type, wanted.element)
    target = arrow_type(wanted)
    if types.is_integer(target):
        return bool(types.is_integer(found))
    if types.is_float64(target):
        return bool(types.is_floating(found))
    if types.is_string(target):
        return bool(types.is_string(found) or types.is_large_string(found))
    if types.is_binary(target):
        return bool(types.is_binary(found) or types.is_string(found))
    return bool(found.id == target.id)
