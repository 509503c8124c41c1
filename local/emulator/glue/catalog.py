"""Rules of the Data Catalog that moto's records don't keep: names in small letters, valid names.

Names: AWS Glue API reference, "For Hive compatibility, this is folded to lowercase".
"""

from __future__ import annotations

import re
from datetime import timezone
from typing import Any

from emulator.glue.errors import GlueError, entity_not_found, invalid_input
from emulator.glue.region import Operation, Region, page, required
from emulator.moto_api import Payload

DATABASE_NAME = re.compile(r"[a-z0-9_]{1,255}")
NAME_FIELDS = ("DatabaseName", "TableName")
TABLE_OPERATIONS = ("GetTable", "DeleteTable")
DATABASE_OPERATIONS = ("GetDatabase", "UpdateDatabase", "DeleteDatabase")

BATCHES = {
    "BatchCreatePartition": ("PartitionInputList", 100),
    "BatchDeletePartition": ("PartitionsToDelete", 25),
    "BatchDeleteTable": ("TablesToDelete", 100),
    "BatchGetPartition": ("PartitionsToGet", 1000),
    "BatchUpdatePartition": ("Entries", 100),
}
"""The list in the request and the most entries that it may have."""


class Catalog:
    """Databases, tables and partitions: requests made as Glue keeps them, then moto's records."""

    def __init__(self, region: Region) -> None:
        self._region = region
        self._call = region.records.call
        self._ask = region.records.ask

    def operations(self) -> dict[str, Operation]:
        return {
            "CreateDatabase": self._create_database,
            "DeleteDatabase": self._delete_database,
            "UpdateTable": self._update_table,
            "GetResourcePolicies": self._get_resource_policies,
            "CreatePartition": self._create_partition,
            "BatchCreatePartition": self._create_partitions,
            "BatchUpdatePartition": self._update_partitions,
            "GetPartitions": self._get_partitions,
            "GetTags": lambda payload: self._tags("GetTags", payload),
            "TagResource": lambda payload: self._tags("TagResource", payload),
            "UntagResource": lambda payload: self._tags("UntagResource", payload),
        }

    def _create_database(self, payload: Payload) -> Payload:
        name = required(payload.get("DatabaseInput") or {}, "Name")
        if not DATABASE_NAME.fullmatch(name):
            raise invalid_input(
                f"Database name {name!r} is not valid: use letters, digits and _ only"
            )
        return self._call("CreateDatabase", payload)

    def _delete_database(self, payload: Payload) -> Payload:
        answer = self._call("DeleteDatabase", payload)
        self._region.forget_tags("database", required(payload, "Name"))
        return answer

    def _update_table(self, payload: Payload) -> Payload:
        """A new version of a table, unless it was made of an older one than the newest.

        Commits of Iceberg rely on the refusal. Its text: seen on AWS (floci-io/floci#1205).
        """
        check_table_input(payload)
        database, name = required(payload, "DatabaseName"), required(payload["TableInput"], "Name")
        table: Any = self._ask(lambda backend: backend.get_table(database, name))
        newest = table.as_dict()["VersionId"]
        if payload.get("VersionId") not in (None, newest):
            raise GlueError(
                "ConcurrentModificationException",
                "Update table failed due to concurrent modifications.",
            )
        answer = self._call("UpdateTable", payload)
        if payload.get("SkipArchive"):
            table.delete_version(newest)
        return answer

    def _get_resource_policies(self, payload: Payload) -> Payload:
        """The catalog's own policy, the only one that can be here."""
        policy = self._call("GetResourcePolicy", {})
        return page([policy] if policy else [], payload, "GetResourcePoliciesResponseList")

    def _create_partition(self, payload: Payload) -> Payload:
        errors = self._create_all(payload, [payload.get("PartitionInput") or {}])
        if errors:
            raise GlueError("AlreadyExistsException", "Partition already exists.")
        return {}

    def _create_partitions(self, payload: Payload) -> Payload:
        errors = self._create_all(payload, payload.get("PartitionInputList") or [])
        return {"Errors": errors} if errors else {}

    def _create_all(self, payload: Payload, partitions: list[Payload]) -> list[Payload]:
        database, table = _table_of(payload)
        keys = self._ask(lambda backend: backend.get_table(database, table)).as_dict()
        for partition in partitions:
            if len(keys.get("PartitionKeys") or []) != len(partition.get("Values") or []):
                raise invalid_input(
                    "The number of partition keys do not match the number of partition values"
                )
        return self._ask(
            lambda backend: backend.batch_create_partition(database, table, partitions)
        )

    def _update_partitions(self, payload: Payload) -> Payload:
        database, table = _table_of(payload)
        entries = payload.get("Entries") or []
        errors = self._ask(lambda found: found.batch_update_partition(database, table, entries))
        return {"Errors": errors} if errors else {}

    def _get_partitions(self, payload: Payload) -> Payload:
        """Partitions by expression, of one segment of them or all, with or without columns."""
        database, table = _table_of(payload)
        expression = payload.get("Expression") or ""
        found = self._ask(lambda backend: backend.get_partitions(database, table, expression))
        segment = payload.get("Segment") or {"SegmentNumber": 0, "TotalSegments": 1}
        mine = found[segment["SegmentNumber"] :: segment["TotalSegments"]]
        shown = [_partition(part.as_dict(), payload) for part in mine]
        return page(shown, {"MaxResults": 1000, **payload}, "Partitions")

    def _tags(self, operation: str, payload: Payload) -> Payload:
        """A tag operation on something that exists; moto keeps tags for any ARN."""
        arn = required(payload, "ResourceArn")
        if not self._exists(arn):
            raise entity_not_found(f"Resource {arn} not found")
        return self._call(operation, payload)

    def _exists(self, arn: str) -> bool:
        kind, _, name = arn.split(":", 5)[-1].partition("/")
        backend = self._region.records.backend
        kept: dict[str, Any] = {
            "database": backend.databases,
            "crawler": backend.crawlers,
            "job": backend.jobs,
            "trigger": backend.triggers,
            "workflow": backend.workflows,
            "devEndpoint": backend.dev_endpoints,
            "connection": backend.connections,
            "registry": backend.registries,
            "session": backend.sessions,
        }
        if kind == "schema":
            registry, _, schema = name.partition("/")
            return registry in backend.registries and schema in backend.registries[registry].schemas
        if kind not in kept:
            raise GlueError("InvalidInputException", f"{arn} is no resource that takes tags")
        return name in kept[kind]


def _table_of(payload: Payload) -> tuple[str, str]:
    return required(payload, "DatabaseName"), required(payload, "TableName")


def _partition(partition: Payload, payload: Payload) -> Payload:
    """moto's record of a partition as JSON has it, with its columns unless they aren't wanted."""
    created = partition["CreationTime"].replace(tzinfo=timezone.utc)  # moto's is naive
    shown = {**partition, "CreationTime": created.timestamp()}
    if payload.get("ExcludeColumnSchema") and shown.get("StorageDescriptor"):
        shown["StorageDescriptor"] = {**shown["StorageDescriptor"], "Columns": []}
    return shown


def check_table_input(payload: Payload) -> None:
    """Refuse a table without a name, and one of Iceberg's format, which nothing here writes."""
    if (payload.get("OpenTableFormatInput") or {}).get("IcebergInput"):
        raise invalid_input("Iceberg tables aren't supported locally")
    required(payload.get("TableInput") or {}, "Name")


def number_from_zero(region: Region, database: str, name: str) -> None:
    """Give a new table the version 0, as AWS does (floci-io/floci#1205); moto counts from 1."""
    table: Any = region.records.ask(lambda backend: backend.get_table(database, name))
    table.versions = {"0": table.versions["1"]}
    table._current_version = 0


def check_batch(operation: str, payload: Payload) -> None:
    """Refuse more entries than the API reference allows in one call."""
    field, limit = BATCHES.get(operation, ("", 0))
    count = len(payload.get(field) or [])
    if count > limit:
        raise GlueError(
            "ValidationException",
            f"1 validation error detected: Value at '{field}' failed to satisfy constraint: "
            f"Member must have length less than or equal to {limit}, not {count}",
        )


def as_glue_keeps(operation: str, payload: Payload) -> Payload:
    """The request with the names of databases, tables and top-level columns in small letters."""
    folded = dict(payload)
    for field in NAME_FIELDS:
        _fold(folded, field)
    if operation in TABLE_OPERATIONS or operation in DATABASE_OPERATIONS:
        _fold(folded, "Name")
    for field, fold in (("DatabaseInput", _fold_name), ("TableInput", _fold_table)):
        if isinstance(folded.get(field), dict):
            folded[field] = fold(folded[field])
    return folded


def _fold(record: Payload, field: str) -> None:
    if isinstance(record.get(field), str):
        record[field] = record[field].lower()


def _fold_name(record: Payload) -> Payload:
    folded = dict(record)
    _fold(folded, "Name")
    return folded


def _fold_table(table: Payload) -> Payload:
    folded = _fold_name(table)
    if folded.get("PartitionKeys"):
        folded["PartitionKeys"] = [_fold_name(key) for key in folded["PartitionKeys"]]
    storage = folded.get("StorageDescriptor")
    if storage and storage.get("Columns"):
        columns = [_fold_name(column) for column in storage["Columns"]]
        folded["StorageDescriptor"] = {**storage, "Columns": columns}
    return folded
