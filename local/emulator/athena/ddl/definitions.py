"""Carries out the statements that define something, in the catalog.

Error messages are Hive's, as Athena passes them on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from botocore.exceptions import ClientError

from emulator.athena.catalog import Catalog, Column
from emulator.athena.column_types import duckdb_type, hive_type
from emulator.athena.ddl.alterations import Alterations
from emulator.athena.ddl.commands import (
    Command,
    CreateDatabase,
    CreateTable,
    DropDatabase,
    DropTable,
)
from emulator.athena.ddl.formats import column_records, resolved, storage_descriptor
from emulator.athena.errors import QueryFailedError
from emulator.athena.objects import bucket_and_prefix

DDL_TASK = "Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. "
_NAME = re.compile(r"[a-z0-9_]{1,255}")


class Definitions:
    def __init__(self, catalog: Catalog, glue: Any, s3: Any) -> None:
        self._catalog = catalog
        self._glue = glue
        self._alterations = Alterations(catalog, glue, s3)

    def run(self, command: Command, database: str) -> list[str]:
        """Lines of the result. Names without a database mean `database`."""
        runs: dict[type[Any], Callable[[Any], list[str]]] = {
            CreateTable: self._create_table,
            DropTable: self._drop_table,
            CreateDatabase: self._create_database,
            DropDatabase: self._drop_database,
        }
        if type(command) in runs:
            return runs[type(command)](_named(command, database))
        return self._alterations.run(command, database)

    def _create_table(self, command: CreateTable) -> list[str]:
        database, name = command.name
        _check_name(name, "table")
        bucket_and_prefix(command.location)
        check_columns([*command.columns, *command.keys])
        format_ = resolved(command.format)
        parameters = {"EXTERNAL": "TRUE", **command.properties}
        if command.comment is not None:
            parameters["comment"] = command.comment
        table = {
            "Name": name,
            "Owner": "hadoop",
            "TableType": "EXTERNAL_TABLE",
            "Parameters": parameters,
            "PartitionKeys": column_records(command.keys),
            "StorageDescriptor": storage_descriptor(
                format_,
                command.format.parameters,
                command.columns,
                command.location,
            ),
        }
        try:
            self._glue.create_table(DatabaseName=database, TableInput=table)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == "AlreadyExistsException" and command.if_not_exists:
                return []
            if code == "AlreadyExistsException":
                reason = f"AlreadyExistsException(message:Table {name} already exists)"
                raise QueryFailedError("FAILED", f"{DDL_TASK}{reason}") from error
            if code == "EntityNotFoundException":
                raise _no_database(database) from error
            raise QueryFailedError(
                "FAILED", f"{DDL_TASK}{error.response['Error']['Message']}"
            ) from error
        return []

    def _drop_table(self, command: DropTable) -> list[str]:
        database, name = command.name
        try:
            found = self._catalog.record(database, name)
        except QueryFailedError as error:
            if command.if_exists:
                return []
            if command.is_view:
                raise
            raise QueryFailedError(
                "FAILED", f"SemanticException [Error 10001]: Table not found {name}"
            ) from error
        is_view = found.get("TableType") == "VIRTUAL_VIEW"
        if command.is_view and not is_view:
            raise QueryFailedError(
                "NOT_SUPPORTED", f"line 1:1: '{database}.{name}' is a table, not a view"
            )
        if is_view and not command.is_view:
            raise QueryFailedError(
                "FAILED",
                f"SemanticException [Error 10161]: Cannot drop a view with DROP TABLE: {name}",
            )
        self._glue.delete_table(DatabaseName=database, Name=name)
        return []

    def _create_database(self, command: CreateDatabase) -> list[str]:
        _check_name(command.name, "database")
        record: dict[str, Any] = {"Name": command.name, "Parameters": dict(command.properties)}
        if command.comment is not None:
            record["Description"] = command.comment
        if command.location is not None:
            bucket_and_prefix(command.location)
            record["LocationUri"] = command.location
        try:
            self._glue.create_database(DatabaseInput=record)
        except ClientError as error:
            if error.response["Error"]["Code"] != "AlreadyExistsException":
                raise
            if not command.if_not_exists:
                raise QueryFailedError(
                    "FAILED", f"{DDL_TASK}Database {command.name} already exists"
                ) from error
        return []

    def _drop_database(self, command: DropDatabase) -> list[str]:
        if self._catalog.database(command.name) is None:
            if command.if_exists:
                return []
            raise _no_database(command.name)
        if self._catalog.tables(command.name) and not command.cascade:
            raise QueryFailedError(
                "FAILED",
                f"{DDL_TASK}InvalidOperationException(message:Database {command.name} is not "
                "empty. One or more tables exist.)",
            )
        self._glue.delete_database(Name=command.name)
        return []


def _named(command: Any, database: str) -> Any:
    """The command with the database of its name filled in."""
    name = getattr(command, "name", None)
    return (
        replace(command, name=(name[0] or database, name[1]))
        if isinstance(name, tuple)
        else command
    )


def check_columns(columns: Sequence[Column]) -> None:
    """Raises QueryFailedError for a name that repeats or a type that can't be read."""
    seen: set[str] = set()
    for column in columns:
        duckdb_type(hive_type(column.type))
        if column.name in seen:
            raise QueryFailedError(
                "FAILED",
                f"SemanticException [Error 10036]: Duplicate column name: {column.name}",
            )
        seen.add(column.name)


def _check_name(name: str, what: str) -> None:
    if not _NAME.fullmatch(name):
        raise QueryFailedError(
            "FAILED",
            f"SemanticException [Error 10004]: {name}: is not a valid {what} name: letters, "
            "digits and _ alone",
        )


def _no_database(name: str) -> QueryFailedError:
    return QueryFailedError(
        "FAILED", f"SemanticException [Error 10072]: Database does not exist: {name}"
    )
