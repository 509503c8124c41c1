"""A table of the catalog as a DuckDB view over the objects of its registered partitions."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from emulator.athena import binary_formats, parquet_files, text_formats
from emulator.athena.catalog import Column, Partition, Storage, Table
from emulator.athena.column_types import arrow_type, duckdb_type, hive_type, quoted, text
from emulator.athena.errors import QueryFailedError, not_supported
from emulator.athena.objects import S3Object, bucket_and_prefix, objects_in, objects_of
from emulator.athena.projection import is_projected
from emulator.athena.scan_files import Decode, ScanFiles
from emulator.hive_formats import PARQUET

S3_WORKERS = 8
"""Requests to S3 that one query makes at once."""
LISTED_ALONE = 50
"""Projected partitions that are listed one by one; more are found by one listing."""

Group = tuple[str, ...]
"""Expressions that give the table's columns, the same for all files of a group."""


def view_sql(
    s3: Any, files: ScanFiles, table: Table, partitions: Sequence[Partition], needed: set[str]
) -> str:
    """SELECT that gives the table's columns, then its keys, from the partitions (or the table).

    `needed` are the columns that the query names; others come as nulls and are never read.
    Raises QueryFailedError for formats, types and schemas that don't fit.
    """
    groups: dict[Group, list[str]] = defaultdict(list)
    for partition in partitions:
        _check_schema(table, partition, needed)
    with ThreadPoolExecutor(S3_WORKERS) as pool:
        added = [
            (partition, _values(table, partition), source)
            for partition, sources in zip(
                partitions, _objects(s3, table, partitions, pool), strict=True
            )
            for source in sources
        ]
        footers = pool.map(lambda one: _expressions(files, table, one[0], one[2], needed), added)
        for (partition, values, source), group in zip(added, footers, strict=True):
            decode = _decode(table, partition.storage, source, needed)
            groups[group].append(files.add(source, values, decode))
    selects = [_select(table, group, paths) for group, paths in groups.items()]
    return " UNION ALL ".join(selects) if selects else _nothing(table)


def _objects(
    s3: Any, table: Table, partitions: Sequence[Partition], pool: ThreadPoolExecutor
) -> Iterable[list[S3Object]]:
    """The objects of each partition. Most of what is projected may not be there at all."""
    locations = [partition.storage.location for partition in partitions]
    one_bucket = len({bucket_and_prefix(location)[0] for location in locations}) == 1
    if is_projected(table) and len(partitions) > LISTED_ALONE and one_bucket:
        return objects_of(s3, locations)
    return pool.map(lambda location: list(objects_in(s3, location)), locations)


def _values(table: Table, partition: Partition) -> Mapping[str, str]:
    return {key.name: value for key, value in zip(table.keys, partition.values, strict=True)}


def _expressions(
    files: ScanFiles, table: Table, partition: Partition, source: S3Object, needed: set[str]
) -> Group:
    wanted = [column for column in table.columns if column.name in needed]
    if _is_decoded(partition.storage):
        given = {column.name for column in partition.storage.columns}
        by_name = {
            column.name: f"CAST({quoted(column.name)} AS {duckdb_type(hive_type(column.type))})"
            for column in wanted
            if column.name in given
        }
    elif partition.storage.serde == PARQUET:
        try:
            footer = pq.read_metadata(files.raw(source))
        except pa.ArrowInvalid as error:
            raise QueryFailedError(
                "HIVE_BAD_DATA", f"Error reading Parquet file {source.url}: not a Parquet file"
            ) from error
        expressions = parquet_files.expressions(footer, wanted, source.url)
        by_name = {column.name: each for column, each in zip(wanted, expressions, strict=True)}
    else:
        raise not_supported(f"The serde {partition.storage.serde!r} of {table.name}")
    return tuple(by_name.get(column.name, _null(column)) for column in table.columns)


def _is_decoded(storage: Storage) -> bool:
    return text_formats.is_text(storage) or binary_formats.is_binary(storage)


def _decode(table: Table, storage: Storage, source: S3Object, needed: set[str]) -> Decode | None:
    if not _is_decoded(storage):
        return None
    batches = text_formats.batches if text_formats.is_text(storage) else binary_formats.batches
    columns = [column for column in storage.columns if column.name in needed]
    columns = columns or list(storage.columns[:1])  # one at least, since rows must count

    def decode(raw: io.RawIOBase, target: Path) -> None:
        rows = batches(raw, source.url, storage, columns, table.parameters)
        schema = pa.schema([(each.name, arrow_type(hive_type(each.type))) for each in columns])
        text_formats.write_parquet(rows, schema, str(target))

    return decode


def _select(table: Table, group: Group, paths: Iterable[str]) -> str:
    columns = [
        f"{expression} AS {quoted(column.name)}"
        for column, expression in zip(table.columns, group, strict=True)
    ]
    columns += [quoted(key.name) for key in table.keys]
    listed = ", ".join(text(path) for path in paths)
    types = ", ".join(f"{text(key.name)}: {_key_type(key)}" for key in table.keys)
    options = (
        f"hive_partitioning = true, hive_types = {{{types}}}, hive_types_autocast = false"
        if table.keys
        else "hive_partitioning = false"
    )
    return f"SELECT {', '.join(columns)} FROM read_parquet([{listed}], {options})"


def _key_type(key: Column) -> str:
    return duckdb_type(hive_type(key.type))


def _nothing(table: Table) -> str:
    columns = (f"{_null(column)} AS {quoted(column.name)}" for column in all_columns(table))
    return f"SELECT {', '.join(columns)} WHERE false"


def all_columns(table: Table) -> list[Column]:
    """The columns that a query sees: those of the data, then the partition keys."""
    return [*table.columns, *table.keys]


def _null(column: Column) -> str:
    return f"NULL::{duckdb_type(hive_type(column.type))}"


def _check_schema(table: Table, partition: Partition, needed: set[str]) -> None:
    """Refuse a partition that declares a column with a type that can't become the table's."""
    declared = {column.name: column.type for column in partition.storage.columns}
    for column in table.columns:
        type_ = declared.get(column.name, column.type)
        if column.name in needed and not _coerces(type_, column.type):
            name = "/".join(
                f"{key.name}={value}"
                for key, value in zip(table.keys, partition.values, strict=True)
            )
            raise QueryFailedError(
                "HIVE_PARTITION_SCHEMA_MISMATCH",
                "There is a mismatch between the table and partition schemas. The types are "
                f"incompatible and cannot be coerced. The column '{column.name}' in table "
                f"'{table.database}.{table.name}' is declared as type '{column.type}', but "
                f"partition '{name}' declared column '{column.name}' as type '{type_}'.",
            )


_WIDER = ("tinyint", "smallint", "int", "bigint", "float", "double")


def _coerces(partition_type: str, table_type: str) -> bool:
    if partition_type == table_type or hive_type(partition_type) == hive_type(table_type):
        return True
    if partition_type.startswith(("struct", "array", "map")):
        return partition_type.partition("<")[0] == table_type.partition("<")[0]
    if partition_type in _WIDER and table_type in _WIDER:
        return _WIDER.index(partition_type) <= _WIDER.index(table_type)
    return table_type == "string" and partition_type in (*_WIDER[:4], "varchar")
