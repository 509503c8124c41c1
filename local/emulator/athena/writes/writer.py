"""Carries out CREATE TABLE AS, INSERT INTO and UNLOAD with what their query gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from emulator.athena.catalog import CATALOG, Catalog, Column, Table
from emulator.athena.column_types import duckdb_type, hive_type, trino_type
from emulator.athena.ddl.alterations import Alterations
from emulator.athena.ddl.definitions import check_columns
from emulator.athena.ddl.formats import FORMATS, column_records, storage_descriptor
from emulator.athena.ddl.partitions import folder
from emulator.athena.engine_result import Result
from emulator.athena.errors import QueryFailedError, not_supported
from emulator.athena.objects import bucket_and_prefix, objects_in
from emulator.athena.projection import is_projected, partition_location
from emulator.athena.writes.commands import CreateTableAs, Insert, Unload, Write
from emulator.athena.writes.encoders import Layout
from emulator.athena.writes.files import Values, Written, written
from emulator.athena.writes.properties import TableProperties, UnloadProperties
from emulator.athena.writes.types import coerces, hive_name, trino_name
from emulator.hive_formats import AVRO, HCATALOG_JSON, LAZY, OPENX_JSON, ORC, PARQUET

_SERDES = {
    PARQUET: "PARQUET",
    ORC: "ORC",
    AVRO: "AVRO",
    LAZY: "TEXTFILE",
    OPENX_JSON: "JSON",
    HCATALOG_JSON: "JSON",
}
"""Serdes of tables that INSERT INTO writes (Athena guide, "INSERT INTO")."""


@dataclass(frozen=True)
class Target:
    """`default` is the folder of a new table, `extra` the arguments of an upload; `enforced`
    says whether the work group alone decides on locations."""

    default: str
    extra: Mapping[str, str]
    enforced: bool


class Writer:
    def __init__(self, catalog: Catalog, glue: Any, s3: Any) -> None:
        self._catalog = catalog
        self._glue = glue
        self._s3 = s3
        self._alterations = Alterations(catalog, glue, s3)

    def is_done(self, command: Write, database: str) -> bool:
        """Whether nothing is left to do: the table of IF NOT EXISTS is there. Raises
        QueryFailedError where the statement can't be carried out."""
        if not isinstance(command, CreateTableAs):
            return False
        schema, name = command.name[0] or database, command.name[1]
        self._catalog.check_database(schema)
        try:
            self._catalog.record(schema, name)
        except QueryFailedError:
            return False
        if command.if_not_exists:
            return True
        raise QueryFailedError(
            "TABLE_ALREADY_EXISTS",
            f"line 1:1: Destination table '{CATALOG}.{schema}.{name}' already exists",
        )

    def run(self, command: Write, database: str, result: Result, target: Target) -> Written:
        """Write the result's rows and record what they make."""
        if isinstance(command, CreateTableAs):
            return self._create(command, database, result, target)
        if isinstance(command, Insert):
            return self._insert(command, database, result, target)
        return self._unload(command, result, target)

    def _create(
        self, command: CreateTableAs, database: str, result: Result, target: Target
    ) -> Written:
        properties = TableProperties(command.properties)
        columns = _columns(result)
        keys = properties.keys([column.name for column in columns])
        check_columns(columns)
        if properties.location and target.enforced:
            raise QueryFailedError(
                "INVALID_TABLE_PROPERTY",
                "The Create Table As Select query failed because it was submitted with an "
                "'external_location' property to an Athena Workgroup that enforces a centralized "
                "output location for all queries. Please remove the 'external_location' property "
                "and resubmit the query.",
            )
        location = (properties.location or target.default).rstrip("/") + "/"
        schema, name = command.name[0] or database, command.name[1]
        self._check_empty(location, f"table '{schema}.{name}'")
        layout = properties.layout()
        data, partition_keys = (
            columns[: len(columns) - len(keys)],
            columns[len(columns) - len(keys) :],
        )
        if not data:
            raise QueryFailedError(
                "INVALID_TABLE_PROPERTY", "Table contains only partition columns"
            )
        with self._files(
            command.with_data, result, columns, keys, layout, location, target
        ) as made:
            storage = storage_descriptor(
                FORMATS[layout.format],
                properties.serde_parameters(),
                data,
                location,
            )
            self._glue.create_table(
                DatabaseName=schema,
                TableInput={
                    "Name": name,
                    "TableType": "EXTERNAL_TABLE",
                    "Parameters": {"EXTERNAL": "TRUE", "has_encrypted_data": "false"},
                    "PartitionKeys": column_records(partition_keys),
                    "StorageDescriptor": storage,
                },
            )
            try:
                self._register(self._catalog.table(schema, name), made.partitions)
            except (QueryFailedError, ClientError):
                self._glue.delete_table(DatabaseName=schema, Name=name)
                raise
        return made

    def _insert(self, command: Insert, database: str, result: Result, target: Target) -> Written:
        table = self.table(command, database)
        layout = _layout_of(table)
        columns = [*table.columns, *table.keys]
        given = list(command.columns) or [column.name for column in columns]
        _check_insert(table, columns, given, result)
        casts = {
            name: (place, duckdb_type(hive_type(next(c.type for c in columns if c.name == name))))
            for place, name in enumerate(given)
        }
        selected = [
            casts.get(column.name, (None, duckdb_type(hive_type(column.type))))
            for column in columns
        ]
        batches = result.batches([column.name for column in columns], selected)
        known = {
            partition.values: partition.storage.location
            for partition in (self._catalog.partitions(table) if table.keys else ())
        }
        keys = [key.name for key in table.keys]

        def location_of(values: Values) -> str:
            if is_projected(table):
                return partition_location(table, values)
            return known.get(values) or _location(table.storage.location, keys, values)

        with written(self._s3, batches, len(keys), layout, location_of, target.extra) as made:
            if not is_projected(table):
                self._register(table, made.partitions - set(known))
        return made

    def table(self, command: Insert, database: str) -> Table:
        """The table to insert into. Raises QueryFailedError for what isn't there or is a view."""
        schema, name = command.table[0] or database, command.table[1]
        try:
            table = self._catalog.table(schema, name)
        except QueryFailedError as error:
            raise QueryFailedError(error.name, f"line 1:1: {error.message}") from error
        if table.is_view:
            raise QueryFailedError(
                "NOT_SUPPORTED", "line 1:1: Inserting into views is not supported"
            )
        return table

    def _unload(self, command: Unload, result: Result, target: Target) -> Written:
        properties = UnloadProperties(command.properties)
        columns = _columns(result)
        keys = properties.keys([column.name for column in columns])
        location = command.location.rstrip("/") + "/"
        self._check_empty(location, "unload")
        with self._files(
            True, result, columns, keys, properties.layout(), location, target
        ) as made:
            return made

    def _files(
        self,
        with_data: bool,
        result: Result,
        columns: Sequence[Column],
        keys: Sequence[str],
        layout: Layout,
        location: str,
        target: Target,
    ) -> AbstractContextManager[Written]:
        if not with_data:
            return nullcontext(Written())
        selected = [
            (place, duckdb_type(hive_type(column.type))) for place, column in enumerate(columns)
        ]
        batches = result.batches([column.name for column in columns], selected)

        def location_of(values: Values) -> str:
            return _location(location, keys, values)

        return written(self._s3, batches, len(keys), layout, location_of, target.extra)

    def _check_empty(self, location: str, what: str) -> None:
        bucket_and_prefix(location)
        if next(objects_in(self._s3, location), None) is not None:
            raise QueryFailedError(
                "HIVE_PATH_ALREADY_EXISTS",
                f"Target directory for {what} already exists: {location}. You may need to manually "
                f"clean the data at location '{location}' before retrying.",
            )

    def _register(self, table: Table, partitions: set[Values]) -> None:
        self._alterations.register(table, dict.fromkeys(sorted(partitions)))


def _location(base: str, keys: Sequence[str], values: Values) -> str:
    return f"{base.rstrip('/')}/{folder(keys, values)}/" if keys else base


def _columns(result: Result) -> list[Column]:
    """Raises QueryFailedError for a column without a name or a type that a table can have."""
    check_named(result)
    return [
        Column(column.name.lower(), hive_name(type_))
        for column, type_ in zip(result.columns, result.types, strict=True)
    ]


def check_named(result: Result) -> None:
    """Raises QueryFailedError unless each column has a type and a name of its own."""
    seen: set[str] = set()
    for place, (column, type_) in enumerate(zip(result.columns, result.types, strict=True), 1):
        if place in result.nameless:
            raise QueryFailedError(
                "MISSING_COLUMN_NAME", f"line 1:1: Column name not specified at position {place}"
            )
        if column.name.lower() in seen:
            raise QueryFailedError(
                "DUPLICATE_COLUMN_NAME",
                f"line 1:1: Column name '{column.name.lower()}' specified more than once",
            )
        if type_.id == "null":
            raise QueryFailedError(
                "COLUMN_TYPE_UNKNOWN", f"line 1:1: Column type is unknown at position {place}"
            )
        seen.add(column.name.lower())


def _layout_of(table: Table) -> Layout:
    format_ = _SERDES.get(table.storage.serde)
    if format_ is None:
        raise not_supported(f"INSERT INTO a table of the serde {table.storage.serde!r}")
    return TableProperties.of_table(format_, table.parameters, table.storage.parameters)


def _check_insert(
    table: Table, columns: Sequence[Column], given: Sequence[str], result: Result
) -> None:
    by_name = {column.name: column for column in columns}
    for name in given:
        if name not in by_name:
            raise QueryFailedError(
                "COLUMN_NOT_FOUND",
                f"line 1:1: Insert column name does not exist in target table: {name}",
            )
        if given.count(name) > 1:
            raise QueryFailedError(
                "DUPLICATE_COLUMN_NAME",
                f"line 1:1: Insert column name is specified more than once: {name}",
            )
    wanted = [hive_type(by_name[name].type) for name in given]

    def fits(place: int) -> bool:
        type_ = result.types[place]
        return type_.id == "null" or coerces(hive_type(hive_name(type_)), wanted[place])

    if len(wanted) != len(result.types) or not all(map(fits, range(len(wanted)))):
        table_types = ", ".join(map(trino_type, wanted))
        query_types = ", ".join(map(trino_name, result.types))
        raise QueryFailedError(
            "TYPE_MISMATCH",
            "line 1:1: Insert query has mismatched column types: "
            f"Table: [{table_types}], Query: [{query_types}]",
        )
