"""Runs one query on DuckDB: the catalog's tables as views, locked away from everything else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from importlib.resources import files as package_files
from typing import Any, Protocol

import duckdb
import pyarrow as pa
from duckdb.func import FunctionNullHandling, PythonUDFType
from sqlglot import exp

from emulator.athena import duckdb_errors
from emulator.athena.catalog import Catalog, Column, Partition, Table
from emulator.athena.column_types import duckdb_type, hive_type, quoted, text
from emulator.athena.engine_result import Result, result_columns
from emulator.athena.errors import QueryFailedError
from emulator.athena.objects import Scan
from emulator.athena.projection import Evaluation, Rows, is_projected, projected_partitions
from emulator.athena.readers import view_sql
from emulator.athena.scalars import canonical_json, scientific
from emulator.athena.scan_files import PROTOCOL, ScanFiles
from emulator.athena.sources import Need, Sources, View
from emulator.athena.sql.statements import Statement
from emulator.athena.sql.tables import TableName
from emulator.athena.sql.translate import for_duckdb, nameless_columns
from emulator.athena.views import check_fresh, invalid
from emulator.athena.views import duckdb_type as duckdb_view_type

MEMORY_LIMIT = "1GB"
THREADS = 2
TIME_LIMIT_MS = 30 * 60 * 1000
"""Athena's limit for a query (Athena guide, "Service Quotas", DML query timeout)."""
NO_VALUE = "__HIVE_DEFAULT_PARTITION__"
"""Stands for null in a partition's values."""


class Interruptible(Protocol):
    def interrupt(self) -> None: ...


class Engine:
    """Runs queries against one region's catalog and objects."""

    def __init__(self, catalog: Catalog, s3: Any) -> None:
        self._catalog = catalog
        self._s3 = s3

    def run(
        self,
        statement: Statement,
        database: str,
        scan: Scan,
        started: Callable[[Interruptible], None],
        consume: Callable[[Result], None],
    ) -> None:
        """Hand the result of the statement's query to `consume`, which takes its rows.

        `started` is called with the connection, so that another thread can interrupt it. Raises
        QueryFailedError, or QueryCancelledError beyond the scan's limit.
        """
        tree = statement.tree
        if tree is None:
            raise ValueError(f"{statement.text!r} has no query")
        nameless = nameless_columns(tree)
        sources = Sources(self._catalog, statement, tree, database)
        needs = sources.needs()
        with (
            closing(ScanFiles(self._s3, scan)) as files,
            closing(duckdb.connect(config=_SETTINGS)) as connection,
        ):
            _prepare(connection, files)
            try:
                for name, table in sources.tables.items():
                    self._make_table(connection, files, table, needs[name])
                for view in sources.views.values():
                    _make_view(connection, view)
                lock_away(connection)
                started(connection)
                consume(Result(connection, for_duckdb(tree), nameless))
            except (duckdb.Error, pa.ArrowException) as error:
                raise duckdb_errors.translated(error, files.failure, statement) from error

    def _make_table(
        self, connection: duckdb.DuckDBPyConnection, files: ScanFiles, table: Table, need: Need
    ) -> None:
        partitions = [Partition((), table.storage)]
        if is_projected(table):
            partitions = projected_partitions(table, need.predicate, _evaluation(connection))
        elif table.keys:
            listed = self._catalog.partitions(table)
            partitions = _selected(connection, table, listed, need.predicate)
        select = view_sql(self._s3, files, table, partitions, need.columns)
        _create(connection, (table.database, table.name), select)


def _make_view(connection: duckdb.DuckDBPyConnection, view: View) -> None:
    """Raises QueryFailedError where the view's query fails or gives other columns than it did."""
    stored = view.definition.columns
    types = [duckdb_view_type(column, view.path) for column in stored]
    query = for_duckdb(view.tree.copy())
    try:
        fields = result_columns(connection.sql(query))
        casts = [
            f"CAST({quoted(column.name)} AS {type_}) AS {quoted(column.name)}"
            for column, type_ in zip(stored, types, strict=True)
        ]
        nulls = ", ".join(f"CAST(NULL AS {type_})" for type_ in types)
        check_fresh(stored, result_columns(connection.sql(f"SELECT {nulls}")), fields, view.path)
        names = ", ".join(quoted(column.name) for column in stored)
        _create(
            connection, view.name, f'SELECT {", ".join(casts)} FROM ({query}) AS "$view"({names})'
        )
    except duckdb.Error as error:
        failure = duckdb_errors.translated(error, None, view.statement)
        if isinstance(failure, QueryFailedError):
            raise invalid(failure, view.path) from error
        raise failure from error


def _create(connection: duckdb.DuckDBPyConnection, name: TableName, select: str) -> None:
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(name[0])}")
    connection.execute(f"CREATE VIEW {quoted(name[0])}.{quoted(name[1])} AS {select}")


_SETTINGS: dict[str, Any] = {
    "memory_limit": MEMORY_LIMIT,
    "threads": THREADS,
    "python_enable_replacements": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


def _prepare(connection: duckdb.DuckDBPyConnection, files: ScanFiles) -> None:
    connection.register_filesystem(files)
    connection.execute(f"SET temp_directory = {text(str(files.folder))}")
    connection.execute("SET TimeZone = 'UTC'; SET integer_division = true")
    for name, type_, function in (
        ("athena_double", "double", scientific),
        ("athena_canonical_json", "varchar", canonical_json),
    ):
        connection.create_function(
            name,
            _over_columns(function),
            [type_],
            "varchar",
            type=PythonUDFType.ARROW,
            null_handling=FunctionNullHandling.SPECIAL,
        )
    connection.execute(_PRELUDE)


def _over_columns(function: Callable[[Any], str]) -> Callable[[pa.Array], pa.Array]:
    def over(column: pa.Array) -> pa.Array:
        values = column.to_pylist()
        return pa.array([None if each is None else function(each) for each in values], pa.string())

    return over


_PRELUDE = (package_files("emulator.athena.sql") / "prelude.sql").read_text()


def lock_away(connection: duckdb.DuckDBPyConnection) -> None:
    """Leave the query nothing but the views and the files under them."""
    connection.execute(f"SET max_execution_time = {TIME_LIMIT_MS}")
    connection.execute(f"SET allowed_directories = ['{PROTOCOL}://']")
    connection.execute("SET enable_external_access = false; SET lock_configuration = true")


def _selected(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    partitions: Sequence[Partition],
    predicate: exp.Expr | None,
) -> list[Partition]:
    """The partitions that the predicate on their keys lets through."""
    if predicate is None or not partitions:
        return list(partitions)
    rows = [partition.values for partition in partitions]
    return [partitions[place] for place in _kept(connection, table.keys, rows, predicate)]


def _kept(
    connection: duckdb.DuckDBPyConnection,
    keys: Sequence[Column],
    rows: Sequence[tuple[str, ...]],
    predicate: exp.Expr,
) -> list[int]:
    """Places of the rows of key values that the predicate lets through."""
    listed = {"$place": pa.array(range(len(rows)))}
    for key, values in zip(keys, zip(*rows, strict=True), strict=True):
        listed[key.name] = pa.array([None if each == NO_VALUE else each for each in values])
    columns = ", ".join(
        f"CAST({quoted(key.name)} AS {duckdb_type(hive_type(key.type))}) AS {quoted(key.name)}"
        for key in keys
    )
    query = exp.select('"$place"').from_('"$keys"').where(predicate.copy())
    connection.register("$listed", pa.table(listed))
    found = connection.execute(
        f'WITH "$keys" AS (SELECT "$place", {columns} FROM "$listed") {for_duckdb(query)}'
    ).fetchall()
    connection.unregister("$listed")
    return [place for (place,) in found]


def _evaluation(connection: duckdb.DuckDBPyConnection) -> Evaluation:
    def kept(keys: Sequence[Column], rows: Rows, predicate: exp.Expr) -> Rows:
        return [rows[place] for place in _kept(connection, keys, rows, predicate)] if rows else []

    def constant(value: exp.Expr) -> str | None:
        query = for_duckdb(exp.select(exp.alias_(value.copy(), "value")))
        (found,) = connection.sql(f"SELECT CAST(value AS VARCHAR) FROM ({query})").fetchall()[0]
        return None if found is None else str(found)

    return Evaluation(kept, constant)
