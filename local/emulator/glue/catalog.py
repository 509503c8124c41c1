"""Rules of the Data Catalog that moto's records don't keep: names in small letters, valid names.

Names: AWS Glue API reference, "For Hive compatibility, this is folded to lowercase".
"""

from __future__ import annotations

import re
from typing import Any

from emulator.glue.errors import GlueError, entity_not_found, invalid_input
from emulator.glue.records import Payload
from emulator.glue.region import Operation, Region, required

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

    def operations(self) -> dict[str, Operation]:
        return {
            "CreateDatabase": self._create_database,
            "DeleteDatabase": self._delete_database,
            "CreatePartition": self._create_partition,
            "BatchCreatePartition": self._create_partitions,
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

    def _create_partition(self, payload: Payload) -> Payload:
        self._check_values(payload, payload.get("PartitionInput") or {})
        return self._call("CreatePartition", payload)

    def _create_partitions(self, payload: Payload) -> Payload:
        for partition in payload.get("PartitionInputList") or []:
            self._check_values(payload, partition)
        return self._call("BatchCreatePartition", payload)

    def _get_partitions(self, payload: Payload) -> Payload:
        """All partitions, or one segment of them, which moto would answer with all of them."""
        answer = self._call("GetPartitions", payload)
        segment = payload.get("Segment")
        if segment:
            step, first = segment["TotalSegments"], segment["SegmentNumber"]
            answer["Partitions"] = answer["Partitions"][first::step]
        return answer

    def _check_values(self, payload: Payload, partition: Payload) -> None:
        names = {"DatabaseName": payload.get("DatabaseName"), "Name": payload.get("TableName")}
        keys = self._call("GetTable", names)["Table"].get("PartitionKeys") or []
        if len(keys) != len(partition.get("Values") or []):
            raise invalid_input(
                "The number of partition keys do not match the number of partition values"
            )

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
        }
        if kind not in kept:
            raise GlueError("InvalidInputException", f"{arn} is no resource that takes tags")
        return name in kept[kind]


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
