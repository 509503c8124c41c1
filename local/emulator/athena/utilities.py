"""SHOW and DESCRIBE, answered from the catalog in the shape that Hive gives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from emulator.athena.catalog import Catalog, Column
from emulator.athena.errors import QueryFailedError
from emulator.athena.results import ResultColumn, string_column
from emulator.athena.show_create import create_table, create_view, details
from emulator.athena.sql.statements import Statement, matches, split_name

WIDTH = 20
"""Hive pads names, types and comments to this many characters."""

Lines = tuple[list[ResultColumn], list[str]]


class Utilities:
    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def run(self, statement: Statement, database: str) -> Lines:
        """Columns and lines of the result; values in a line are parted by tabs."""
        answers = {
            "SHOW_DATABASES": self._show_databases,
            "SHOW_TABLES": self._show_tables,
            "SHOW_COLUMNS": self._show_columns,
            "SHOW_PARTITIONS": self._show_partitions,
            "DESCRIBE_TABLE": self._describe,
            "SHOW_CREATE_TABLE": self._show_create_table,
            "SHOW_CREATE_VIEW": self._show_create_view,
            "SHOW_VIEWS": self._show_views,
            "SHOW_TABLE_PROPERTIES": self._show_properties,
        }
        return answers[statement.substatement or ""](statement.parts, database)

    def _show_databases(self, parts: Mapping[str, str], _: str) -> Lines:
        names = [str(database["Name"]) for database in self._catalog.databases()]
        found = [name for name in names if matches(parts.get("pattern"), name)]
        return [string_column("database_name")], found

    def _show_tables(self, parts: Mapping[str, str], database: str) -> Lines:
        tables = self._catalog.tables(parts.get("database", database))
        names = [str(table["Name"]) for table in tables]
        found = [name for name in names if matches(parts.get("pattern"), name)]
        return [string_column("tab_name")], found

    def _show_columns(self, parts: Mapping[str, str], database: str) -> Lines:
        table = self._catalog.table(*_table(parts, parts.get("database", database)))
        names = [_padded(column.name) for column in (*table.columns, *table.keys)]
        return [string_column("field")], names

    def _show_partitions(self, parts: Mapping[str, str], database: str) -> Lines:
        table = self._catalog.table(*_table(parts, database))
        if not table.keys:
            raise QueryFailedError(
                "INVALID_TABLE_PROPERTY", f"Table {table.name} is not a partitioned table"
            )
        lines = sorted(
            "/".join(
                f"{key.name}={quote(value, safe=' -._~,()')}"
                for key, value in zip(table.keys, partition.values, strict=True)
            )
            for partition in self._catalog.partitions(table)
        )
        return [string_column("partition")], lines

    def _describe(self, parts: Mapping[str, str], database: str) -> Lines:
        table = self._catalog.table(*_table(parts, database))
        lines = _described((*table.columns, *table.keys))
        if table.keys:
            blank = "\t \t "
            heading = "\t".join(map(_padded, ("# col_name", "data_type", "comment")))
            lines += [blank, f"# Partition Information{blank}", heading, blank]
            lines += _described(table.keys)
        if "formatted" in parts:
            record = self._catalog.record(table.database, table.name)
            lines += ["\t".join(map(_padded, cells)) for cells in details(table, record)]
        return [string_column(name) for name in ("col_name", "data_type", "comment")], lines

    def _show_create_table(self, parts: Mapping[str, str], database: str) -> Lines:
        table = self._catalog.table(*_table(parts, database))
        if table.is_view:
            raise QueryFailedError(
                "FAILED", f"SemanticException {table.name} is a view: use SHOW CREATE VIEW"
            )
        record = self._catalog.record(table.database, table.name)
        return [string_column("createtab_stmt")], create_table(table, record)

    def _show_create_view(self, parts: Mapping[str, str], database: str) -> Lines:
        lines = create_view(self._catalog.table(*_table(parts, database)))
        return [string_column("Create View")], lines

    def _show_views(self, parts: Mapping[str, str], database: str) -> Lines:
        tables = self._catalog.tables(parts.get("database", database))
        names = [str(each["Name"]) for each in tables if each.get("TableType") == "VIRTUAL_VIEW"]
        found = [name for name in names if matches(parts.get("pattern"), name)]
        return [string_column("views")], found

    def _show_properties(self, parts: Mapping[str, str], database: str) -> Lines:
        table = self._catalog.table(*_table(parts, database))
        wanted = parts.get("property")
        if wanted is not None:
            absent = f"Table {table.database}.{table.name} does not have property: {wanted}"
            return [string_column("prpt_name")], [table.parameters.get(wanted, absent)]
        lines = [f"{key}\t{value}" for key, value in sorted(table.parameters.items())]
        return [string_column("prpt_name"), string_column("prpt_value")], lines


def _table(parts: Mapping[str, str], database: str) -> tuple[str, str]:
    return split_name(parts["table"], database)


def _described(columns: Sequence[Column]) -> list[str]:
    return [
        "\t".join(map(_padded, (column.name, column.type, column.comment))) for column in columns
    ]


def _padded(text: str) -> str:
    return text.ljust(WIDTH)
