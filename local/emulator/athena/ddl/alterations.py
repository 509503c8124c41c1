"""ALTER TABLE and MSCK REPAIR TABLE, in the catalog."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from emulator.athena.catalog import Catalog, Column, Partition, Table
from emulator.athena.column_types import duckdb_type, hive_type
from emulator.athena.ddl.commands import (
    AddPartitions,
    ChangeColumns,
    Command,
    DropPartitions,
    RenamePartition,
    RepairTable,
    SetLocation,
    SetProperties,
)
from emulator.athena.ddl.formats import column_records
from emulator.athena.ddl.partitions import exact, folder, selected, values_in
from emulator.athena.errors import QueryFailedError
from emulator.athena.objects import bucket_and_prefix, objects_in
from emulator.athena.sql.tables import TableName

CREATED_AT_ONCE = 100
"""Partitions of one BatchCreatePartition (Glue's limit)."""
_INPUT = (
    "Name",
    "Description",
    "Owner",
    "Retention",
    "StorageDescriptor",
    "PartitionKeys",
    "ViewOriginalText",
    "ViewExpandedText",
    "TableType",
    "Parameters",
)
"""What of a table's record UpdateTable takes."""


class Alterations:
    def __init__(self, catalog: Catalog, glue: Any, s3: Any) -> None:
        self._catalog = catalog
        self._glue = glue
        self._s3 = s3

    def run(self, command: Command, database: str) -> list[str]:
        """Lines of the result."""
        runs: dict[type[Any], Callable[[Table, Any], list[str] | None]] = {
            AddPartitions: self._add,
            DropPartitions: self._drop,
            RenamePartition: self._rename,
            ChangeColumns: self._columns,
            SetLocation: self._location,
            SetProperties: self._properties,
            RepairTable: self._repair,
        }
        named: TableName = command.table  # type: ignore[union-attr]
        table = self._table((named[0] or database, named[1]))
        return runs[type(command)](table, command) or []

    def _table(self, name: TableName) -> Table:
        try:
            table = self._catalog.table(*name)
        except QueryFailedError as error:
            raise QueryFailedError(
                "FAILED", f"SemanticException [Error 10001]: Table not found {'.'.join(name)}"
            ) from error
        if table.is_view:
            raise QueryFailedError(
                "FAILED",
                f"SemanticException [Error 10131]: To alter a view you need to use CREATE OR "
                f"REPLACE VIEW: {name[1]}",
            )
        return table

    def _add(self, table: Table, command: AddPartitions) -> None:
        added = [(exact(table, spec), location) for spec, location in command.partitions]
        for _, location in added:
            if location is not None:
                bucket_and_prefix(location)
        known = {partition.values for partition in self._catalog.partitions(table)}
        repeated = [values for values, _ in added if values in known]
        if repeated and not command.if_not_exists:
            raise QueryFailedError(
                "FAILED",
                "Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. "
                "AlreadyExistsException(message:Partition already exists: "
                f"{folder(_keys(table), repeated[0])})",
            )
        self.register(table, {values: at for values, at in added if values not in known})

    def register(self, table: Table, partitions: Mapping[tuple[str, ...], str | None]) -> None:
        """Record new partitions with the table's storage, at the usual place where none is said."""
        keys = _keys(table)
        storage = self._catalog.record(table.database, table.name)["StorageDescriptor"]
        records = [
            {
                "Values": list(values),
                "StorageDescriptor": {
                    **storage,
                    "Location": location
                    or f"{table.storage.location.rstrip('/')}/{folder(keys, values)}",
                },
            }
            for values, location in partitions.items()
        ]
        for start in range(0, len(records), CREATED_AT_ONCE):
            answer = self._glue.batch_create_partition(
                DatabaseName=table.database,
                TableName=table.name,
                PartitionInputList=records[start : start + CREATED_AT_ONCE],
            )
            for problem in answer.get("Errors") or []:
                detail = problem["ErrorDetail"]
                if detail["ErrorCode"] != "AlreadyExistsException":
                    raise QueryFailedError("HIVE_METASTORE_ERROR", str(detail["ErrorMessage"]))

    def _drop(self, table: Table, command: DropPartitions) -> None:
        known = self._catalog.partitions(table)
        dropped: dict[tuple[str, ...], Partition] = {}
        for spec in command.partitions:
            found = selected(table, spec, known)
            if not found and not command.if_exists:
                wanted = " AND ".join(f"({key} {sign} {value!r})" for key, sign, value in spec)
                raise QueryFailedError(
                    "FAILED", f"SemanticException [Error 10006]: Partition not found {wanted}"
                )
            dropped |= {partition.values: partition for partition in found}
        for values in dropped:
            self._glue.delete_partition(
                DatabaseName=table.database, TableName=table.name, PartitionValues=list(values)
            )

    def _rename(self, table: Table, command: RenamePartition) -> None:
        """The data stay where they are, as of an external table in Hive."""
        old, new = exact(table, command.old), exact(table, command.new)
        record = self._partition(table, old)
        try:
            self._update(table, old, {**record, "Values": list(new)})
        except ClientError as error:
            if error.response["Error"]["Code"] != "AlreadyExistsException":
                raise
            raise QueryFailedError(
                "FAILED",
                "Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. "
                f"Unable to rename partition. Partition already exists: "
                f"{folder(_keys(table), new)}",
            ) from error

    def _columns(self, table: Table, command: ChangeColumns) -> None:
        kept: Sequence[Column] = [] if command.replace else table.columns
        names = [column.name for column in (*kept, *command.columns, *table.keys)]
        for column in command.columns:
            duckdb_type(hive_type(column.type))
            if names.count(column.name) > 1:
                raise QueryFailedError(
                    "FAILED",
                    f"SemanticException [Error 10036]: Duplicate column name: {column.name}",
                )
        record = self._record(table)
        record["StorageDescriptor"]["Columns"] = column_records([*kept, *command.columns])
        self._glue.update_table(DatabaseName=table.database, TableInput=record)

    def _location(self, table: Table, command: SetLocation) -> None:
        bucket_and_prefix(command.location)
        if command.partition is not None:
            values = exact(table, command.partition)
            partition = self._partition(table, values)
            partition["StorageDescriptor"]["Location"] = command.location
            self._update(table, values, partition)
            return
        record = self._record(table)
        record["StorageDescriptor"]["Location"] = command.location
        self._glue.update_table(DatabaseName=table.database, TableInput=record)

    def _properties(self, table: Table, command: SetProperties) -> None:
        record = self._record(table)
        record["Parameters"] = {**(record.get("Parameters") or {}), **command.properties}
        self._glue.update_table(DatabaseName=table.database, TableInput=record)

    def _repair(self, table: Table, _: RepairTable) -> list[str]:
        """Add what lies in folders `key=value` and isn't registered; nothing is taken away."""
        keys = _keys(table)
        if not keys:
            return []
        location = table.storage.location.rstrip("/") + "/"
        found: dict[tuple[str, ...], str | None] = {}
        for source in objects_in(self._s3, location):
            path = source.url[len(f"s3://{'/'.join(bucket_and_prefix(location))}") :]
            values = values_in(path, keys) if path.count("/") >= len(keys) else None
            if values is not None:
                place = "/".join(path.split("/")[: len(keys)])
                found.setdefault(values, location + place)
        known = {partition.values for partition in self._catalog.partitions(table)}
        new = {values: place for values, place in sorted(found.items()) if values not in known}
        self.register(table, new)
        names = [f"{table.name}:{folder(keys, values)}" for values in new]
        missing = "\t".join(["Partitions not in metastore:", *names])
        added = [f"Repair: Added partition to metastore {name}" for name in names]
        return [missing, *added] if names else []

    def _record(self, table: Table) -> dict[str, Any]:
        record = self._catalog.record(table.database, table.name)
        return {name: record[name] for name in _INPUT if name in record}

    def _partition(self, table: Table, values: tuple[str, ...]) -> dict[str, Any]:
        """The partition as UpdatePartition takes it."""
        try:
            found = self._glue.get_partition(
                DatabaseName=table.database, TableName=table.name, PartitionValues=list(values)
            )["Partition"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "EntityNotFoundException":
                raise
            raise QueryFailedError(
                "FAILED",
                f"SemanticException [Error 10006]: Partition not found "
                f"{folder(_keys(table), values)}",
            ) from error
        names = ("Values", "StorageDescriptor", "Parameters")
        return {name: found[name] for name in names if name in found}

    def _update(self, table: Table, values: tuple[str, ...], record: dict[str, Any]) -> None:
        self._glue.update_partition(
            DatabaseName=table.database,
            TableName=table.name,
            PartitionValueList=list(values),
            PartitionInput=record,
        )


def _keys(table: Table) -> list[str]:
    return [key.name for key in table.keys]
