"""The catalog as a crawl sees and changes it: only what differs is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from emulator.crawl.tables import PartitionInput, TableInput

PARTITION_INDEX = "crawler_partition_index"
_BATCH = 100
_DELETE_BATCH = 25


class Catalog:
    """One database of the catalog."""

    def __init__(self, glue: BaseClient, database: str) -> None:
        self._glue = glue
        self._database = database

    def require_database(self) -> None:
        """Raises the ClientError EntityNotFoundException if the database isn't there."""
        self._glue.get_database(Name=self._database)

    def table(self, name: str) -> TableInput | None:
        """The table as UpdateTable would take it back; None if there is none."""
        try:
            answer = self._glue.get_table(DatabaseName=self._database, Name=name)
        except ClientError as error:
            if error.response["Error"]["Code"] == "EntityNotFoundException":
                return None
            raise
        return self._as_input(answer["Table"])

    def tables(self) -> list[TableInput]:
        pages = self._glue.get_paginator("get_tables").paginate(DatabaseName=self._database)
        return [self._as_input(table) for page in pages for table in page["TableList"]]

    def _as_input(self, table: Mapping[str, Any]) -> TableInput:
        members = self._glue.meta.service_model.shape_for("TableInput").members
        return {key: value for key, value in table.items() if key in members}

    def create_table(self, table: TableInput) -> None:
        with _done_before("AlreadyExistsException"):
            self._glue.create_table(DatabaseName=self._database, TableInput=table)

    def update_table(self, table: TableInput) -> None:
        self._glue.update_table(DatabaseName=self._database, TableInput=table)

    def delete_table(self, name: str) -> None:
        with _done_before("EntityNotFoundException"):
            self._glue.delete_table(DatabaseName=self._database, Name=name)

    def require_partition_index(self, table: TableInput) -> None:
        """Index all partition keys of the table, unless it has an index."""
        where = {"DatabaseName": self._database, "TableName": table["Name"]}
        if not self._glue.get_partition_indexes(**where)["PartitionIndexDescriptorList"]:
            keys = [key["Name"] for key in table["PartitionKeys"]]
            index = {"IndexName": PARTITION_INDEX, "Keys": keys}
            with _done_before("AlreadyExistsException"):
                self._glue.create_partition_index(**where, PartitionIndex=index)

    def partitions(self, table: str) -> dict[tuple[str, ...], PartitionInput]:
        """The table's partitions by their values."""
        pages = self._glue.get_paginator("get_partitions").paginate(
            DatabaseName=self._database, TableName=table
        )
        return {
            tuple(partition["Values"]): {
                key: partition[key]
                for key in ("Values", "StorageDescriptor", "Parameters")
                if key in partition
            }
            for page in pages
            for partition in page["Partitions"]
        }

    def create_partitions(self, table: str, partitions: Sequence[PartitionInput]) -> None:
        for batch in _batches(partitions, _BATCH):
            self._check(
                self._glue.batch_create_partition(
                    DatabaseName=self._database, TableName=table, PartitionInputList=batch
                ),
                "AlreadyExistsException",
            )

    def update_partitions(self, table: str, partitions: Sequence[PartitionInput]) -> None:
        for batch in _batches(partitions, _BATCH):
            self._check(
                self._glue.batch_update_partition(
                    DatabaseName=self._database,
                    TableName=table,
                    Entries=[
                        {"PartitionValueList": partition["Values"], "PartitionInput": partition}
                        for partition in batch
                    ],
                )
            )

    def delete_partitions(self, table: str, values: Sequence[tuple[str, ...]]) -> None:
        for batch in _batches(values, _DELETE_BATCH):
            self._check(
                self._glue.batch_delete_partition(
                    DatabaseName=self._database,
                    TableName=table,
                    PartitionsToDelete=[{"Values": list(each)} for each in batch],
                ),
                "EntityNotFoundException",
            )

    def _check(self, answer: Mapping[str, Any], done: str = "") -> None:
        """A batch answers 200 even where some of it failed: raise the first failure.

        `done` is the failure that says only that an earlier attempt, whose answer was lost, did it.
        """
        for failure in answer.get("Errors", ()):
            detail = failure.get("ErrorDetail", {})
            if detail.get("ErrorCode") == done and _repeated(answer):
                continue
            values = failure.get("PartitionValues") or failure.get("PartitionValueList")
            raise CatalogError(
                f"database {self._database}: partition {values}: "
                f"{detail.get('ErrorCode')}: {detail.get('ErrorMessage')}"
            )


class CatalogError(Exception):
    """The catalog took a batch but not each partition in it; the message has its words."""


@contextmanager
def _done_before(code: str) -> Iterator[None]:
    """Let a call fail by `code` if the client repeated it: the answer to what did it was lost."""
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] != code or not _repeated(error.response):
            raise


def _repeated(answer: Mapping[str, Any]) -> bool:
    return bool(answer["ResponseMetadata"].get("RetryAttempts", 0) > 0)


def differs(known: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether writing `wanted` over `known` would change it: empty and absent fields are alike."""
    return bool(_normal(known) != _normal(wanted))


def _normal(value: Any) -> Any:
    if isinstance(value, Mapping):
        kept = {key: _normal(item) for key, item in value.items() if item is not None}
        return {key: item for key, item in kept.items() if item not in ({}, [], "", 0, False)}
    if isinstance(value, (list, tuple)):
        return [_normal(item) for item in value]
    return value


def _batches(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
