"""What a query reads: tables of the catalog, and views with what stands behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlglot import exp

from emulator.athena.catalog import Catalog, Table
from emulator.athena.column_types import hive_type, trino_type
from emulator.athena.errors import ApiError, QueryFailedError
from emulator.athena.readers import all_columns
from emulator.athena.sql.functions import check_functions
from emulator.athena.sql.narrow import narrowed, passed_keys
from emulator.athena.sql.positions import position
from emulator.athena.sql.statements import Statement, read
from emulator.athena.sql.tables import (
    TableName,
    needed_columns,
    partition_predicate,
    read_tables,
)
from emulator.athena.sql.type_checks import check_types
from emulator.athena.views import Definition, Path, definition, full_name, invalid

Uses = Mapping[TableName, Sequence[exp.Table]]
Reading = tuple[exp.Query, Sequence[exp.Table]]
"""A query, and where it reads a table or view."""


@dataclass(frozen=True)
class View:
    """`keys` are columns whose values tell which partitions needn't be read."""

    name: TableName
    definition: Definition
    path: Path
    statement: Statement
    tree: exp.Query
    uses: Uses
    keys: Sequence[str]

    @property
    def columns(self) -> list[str]:
        return [column.name for column in self.definition.columns]


@dataclass(frozen=True)
class Need:
    """What has to be read of a table: the columns, and the partitions that the predicate lets
    through (all without one)."""

    columns: set[str]
    predicate: exp.Expr | None


class Sources:
    """Everything that one statement reads. `views` are in an order in which they can be made.

    Raises QueryFailedError for what isn't there or doesn't fit.
    """

    def __init__(self, catalog: Catalog, statement: Statement, tree: exp.Query, database: str):
        self.tables: dict[TableName, Table] = {}
        self.views: dict[TableName, View] = {}
        self._catalog = catalog
        self._tree = tree
        self._uses = self._uses_of(statement, tree, database, ())

    def needs(self) -> dict[TableName, Need]:
        """What has to be read of each table, through however many views."""
        readings: dict[TableName, list[Reading]] = {}
        _note(readings, self._tree, self._uses)
        for view in reversed(self.views.values()):
            need = _need(readings[view.name], view.columns, view.keys)
            narrow = narrowed(view.tree, view.columns, need.columns, need.predicate)
            _note(readings, narrow, read_tables(narrow, view.definition.database))
        return {
            name: _need(readings[name], [column.name for column in table.columns], _keys(table))
            for name, table in self.tables.items()
        }

    def _uses_of(
        self, statement: Statement, tree: exp.Query, database: str, path: Path
    ) -> Mapping[TableName, Sequence[exp.Table]]:
        check_functions(statement.query_text, tree)
        uses = read_tables(tree, database)
        for name, nodes in uses.items():
            if any(name == open_ for open_, _ in path):
                raise QueryFailedError(
                    "VIEW_IS_RECURSIVE", f"{position(nodes[0])}: View is recursive"
                )
            if name not in self.tables and name not in self.views:
                self._add(name, nodes[0], path)
        check_types(tree, statement.query_text, self._schema(uses))
        return uses

    def _add(self, name: TableName, node: exp.Table, path: Path) -> None:
        try:
            table = self._catalog.table(*name)
        except QueryFailedError as error:
            if error.name == "HIVE_METASTORE_ERROR":  # of the connector, which knows no place
                raise
            raise QueryFailedError(error.name, f"{position(node)}: {error.message}") from error
        if table.is_view:
            self.views[name] = self._view(name, definition(table), ((name, node), *path))
        else:
            self.tables[name] = table

    def _view(self, name: TableName, stored: Definition, path: Path) -> View:
        statement, tree = _parsed(stored.sql, path)
        with _analyzing(path):
            uses = self._uses_of(statement, tree, stored.database, path)
        columns = [column.name for column in stored.columns]
        keys = passed_keys(tree, columns, self._keys_of)
        return View(name, stored, path, statement, tree, uses, keys)

    def _keys_of(self, node: exp.Table) -> Sequence[str]:
        name = (node.db, node.name)
        if name in self.views:
            return self.views[name].keys
        return _keys(self.tables[name]) if name in self.tables else ()

    def _schema(self, uses: Uses) -> dict[str, dict[str, dict[str, str]]]:
        schema: dict[str, dict[str, dict[str, str]]] = {}
        for database, name in uses:
            if (database, name) in self.views:
                stored = self.views[database, name].definition.columns
                columns = {column.name: column.type for column in stored}
            else:
                table = self.tables[database, name]
                columns = {
                    each.name: trino_type(hive_type(each.type)) for each in all_columns(table)
                }
            schema.setdefault(database, {})[name] = columns
        return schema


@contextmanager
def _analyzing(path: Path) -> Iterator[None]:
    try:
        yield
    except QueryFailedError as error:
        raise invalid(error, path[:1]) from error


def _parsed(sql: str, path: Path) -> tuple[Statement, exp.Query]:
    name, node = path[0]
    failed = f"{position(node)}: Failed parsing stored view '{full_name(name)}'"
    try:
        statement = read(sql)
    except ApiError as error:
        raise QueryFailedError("INVALID_VIEW", f"{failed}: {error.message}") from error
    if statement.tree is None:
        raise QueryFailedError("INVALID_VIEW", f"{failed}: it is no query")
    return statement, statement.tree


def _note(readings: dict[TableName, list[Reading]], tree: exp.Query, uses: Uses) -> None:
    for name, nodes in uses.items():
        readings.setdefault(name, []).append((tree, nodes))


def _need(readings: Sequence[Reading], columns: Sequence[str], keys: Sequence[str]) -> Need:
    needed = {name for tree, _ in readings for name in needed_columns(tree, columns)}
    predicates = [partition_predicate(tree, nodes, keys) for tree, nodes in readings]
    limiting = [each for each in predicates if each is not None]
    complete = bool(keys) and len(limiting) == len(predicates)
    return Need(needed, exp.or_(*limiting, copy=True) if complete else None)


def _keys(table: Table) -> list[str]:
    return [key.name for key in table.keys]
