"""Tables and partitions as the Glue catalog registers them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from emulator.athena.errors import QueryFailedError
from emulator.athena.sql.positions import START

CATALOG = "awsdatacatalog"
"""The one data catalog that queries read, as Athena spells it in SQL."""


@dataclass(frozen=True)
class Column:
    """A column's name in small letters and its Hive type."""

    name: str
    type: str
    comment: str = ""


@dataclass(frozen=True)
class Storage:
    """Where data lie and how they are read: S3 URL, serde class, its parameters."""

    location: str
    serde: str
    parameters: Mapping[str, str]
    columns: Sequence[Column]


@dataclass(frozen=True)
class Table:
    database: str
    name: str
    storage: Storage
    keys: Sequence[Column]
    parameters: Mapping[str, str]
    is_view: bool
    view_text: str = ""

    @property
    def columns(self) -> Sequence[Column]:
        """Columns of the data, without the partition keys."""
        return self.storage.columns


@dataclass(frozen=True)
class Partition:
    """Values in the order of the table's keys, as text."""

    values: tuple[str, ...]
    storage: Storage


class Catalog:
    """Reads the catalog through a boto3 Glue client."""

    def __init__(self, glue: Any) -> None:
        self._glue = glue

    def databases(self) -> list[dict[str, Any]]:
        pages = self._glue.get_paginator("get_databases").paginate()
        found = [database for page in pages for database in page["DatabaseList"]]
        return sorted(found, key=lambda database: str(database["Name"]))

    def database(self, name: str) -> dict[str, Any] | None:
        try:
            record: dict[str, Any] = self._glue.get_database(Name=name)["Database"]
        except self._glue.exceptions.EntityNotFoundException:
            return None
        return record

    def check_database(self, name: str) -> None:
        """Raises QueryFailedError for a statement that makes something in no database."""
        if self.database(name) is None:
            raise QueryFailedError(
                "SCHEMA_NOT_FOUND", f"{START}: {_schema_not_found(name).message}"
            )

    def tables(self, database: str) -> list[dict[str, Any]]:
        """Records of all tables. Raises QueryFailedError if there is no such database."""
        if self.database(database) is None:
            raise _schema_not_found(database)
        pages = self._glue.get_paginator("get_tables").paginate(DatabaseName=database)
        found = [table for page in pages for table in page["TableList"]]
        return sorted(found, key=lambda table: str(table["Name"]))

    def record(self, database: str, name: str) -> dict[str, Any]:
        """A table's record. Raises QueryFailedError if table or database aren't there."""
        try:
            found: dict[str, Any] = self._glue.get_table(DatabaseName=database, Name=name)["Table"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "EntityNotFoundException":
                raise
            if self.database(database) is None:
                raise _schema_not_found(database) from error
            raise QueryFailedError(
                "TABLE_NOT_FOUND", f"Table '{CATALOG}.{database}.{name}' does not exist"
            ) from error
        return found

    def table(self, database: str, name: str) -> Table:
        """Raises QueryFailedError if table or database aren't there, or the table says no serde.

        A view needs one, too, though it reads nothing by it.
        """
        record = self.record(database, name)
        descriptor = record.get("StorageDescriptor") or {}
        if "SerdeInfo" not in descriptor:
            raise QueryFailedError(
                "HIVE_METASTORE_ERROR", "Table storage descriptor is missing SerDe info"
            )
        return Table(
            database,
            name,
            _storage(descriptor),
            _columns(record.get("PartitionKeys") or []),
            record.get("Parameters") or {},
            record.get("TableType") == "VIRTUAL_VIEW",
            record.get("ViewOriginalText") or "",
        )

    def partitions(self, table: Table) -> list[Partition]:
        pages = self._glue.get_paginator("get_partitions").paginate(
            DatabaseName=table.database, TableName=table.name
        )
        return [
            Partition(tuple(found["Values"]), _storage(found.get("StorageDescriptor") or {}))
            for page in pages
            for found in page["Partitions"]
        ]


def _schema_not_found(database: str) -> QueryFailedError:
    return QueryFailedError("SCHEMA_NOT_FOUND", f"Schema '{database}' does not exist")


def _storage(descriptor: Mapping[str, Any]) -> Storage:
    serde = descriptor.get("SerdeInfo") or {}
    return Storage(
        descriptor.get("Location") or "",
        serde.get("SerializationLibrary") or "",
        serde.get("Parameters") or {},
        _columns(descriptor.get("Columns") or []),
    )


def _columns(records: Sequence[Mapping[str, str]]) -> list[Column]:
    return [
        Column(record["Name"].lower(), record.get("Type") or "string", record.get("Comment") or "")
        for record in records
    ]
