"""Which event EventBridge hears of a change of the catalog.

Source: AWS Glue guide, "Automating AWS Glue with EventBridge": the detail types, the operations of
each, and the fields, with the values of a partition as `[2026, 11]`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Payload = Mapping[str, Any]
Values = list[str]


@dataclass(frozen=True)
class CatalogEvent:
    """`resource`: kind and name, as the end of an ARN has them."""

    detail_type: str
    resource: str
    detail: dict[str, Any]


def catalog_event(operation: str, request: Payload, answer: Payload) -> CatalogEvent | None:
    """The event of an operation that was answered; None if it changed nothing that has one."""
    if operation in DATABASE_CHANGES:
        return _of_database(operation, request, answer)
    if operation in TABLE_CHANGES:
        return _of_table(operation, request, answer)
    return None


def _of_database(operation: str, request: Payload, answer: Payload) -> CatalogEvent | None:
    database = (
        request.get("DatabaseName") or request.get("Name") or request["DatabaseInput"]["Name"]
    )
    tables = DATABASE_CHANGES[operation](request)
    failed = {error.get("TableName") for error in answer.get("Errors") or []}
    changed = [table for table in tables if table not in failed]
    if tables and not changed:
        return None
    resource = f"table/{database}/{changed[0]}" if changed else f"database/{database}"
    detail = {"databaseName": database, "typeOfChange": operation, "changedTables": changed}
    return CatalogEvent("Glue Data Catalog Database State Change", resource, detail)


def _of_table(operation: str, request: Payload, answer: Payload) -> CatalogEvent | None:
    database = request["DatabaseName"]
    table = request.get("TableName") or request["TableInput"]["Name"]
    partitions = TABLE_CHANGES[operation](request)
    failed = [_failed_values(error) for error in answer.get("Errors") or []]
    changed = [f"[{', '.join(values)}]" for values in partitions if values not in failed]
    if partitions and not changed:
        return None
    detail = {
        "databaseName": database,
        "tableName": table,
        "typeOfChange": operation,
        "changedPartitions": changed,
    }
    resource = f"table/{database}/{table}"
    return CatalogEvent("Glue Data Catalog Table State Change", resource, detail)


def _failed_values(error: Payload) -> Values | None:
    return error.get("PartitionValues") or error.get("PartitionValueList")


def _values(field: str, key: str) -> Callable[[Payload], list[Values]]:
    return lambda request: [list(entry[key]) for entry in request.get(field) or []]


DATABASE_CHANGES: dict[str, Callable[[Payload], list[str]]] = {
    "CreateDatabase": lambda request: [],
    "DeleteDatabase": lambda request: [],
    "CreateTable": lambda request: [request["TableInput"]["Name"]],
    "DeleteTable": lambda request: [request["Name"]],
    "BatchDeleteTable": lambda request: list(request["TablesToDelete"]),
}
TABLE_CHANGES: dict[str, Callable[[Payload], list[Values]]] = {
    "UpdateTable": lambda request: [],
    "CreatePartition": lambda request: [list(request["PartitionInput"]["Values"])],
    "UpdatePartition": lambda request: [list(request["PartitionValueList"])],
    "DeletePartition": lambda request: [list(request["PartitionValues"])],
    "BatchCreatePartition": _values("PartitionInputList", "Values"),
    "BatchUpdatePartition": _values("Entries", "PartitionValueList"),
    "BatchDeletePartition": _values("PartitionsToDelete", "Values"),
}
"""The tables, or the values of the partitions, that an operation of each kind changes."""
