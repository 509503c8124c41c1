"""Partition indexes: they are kept and described, and change no answer.

Source: AWS Glue guide, "Creating partition indexes". moto has none; here each table of moto's
carries its own, so that they go when it goes.
"""

from __future__ import annotations

import re

from emulator.glue.catalog import check_table_input, number_from_zero
from emulator.glue.errors import GlueError, entity_not_found, invalid_input
from emulator.glue.region import Operation, Region, page, required
from emulator.moto_api import Payload

LIMIT = 3
KEY_TYPE = re.compile(r"(string|date|int|bigint|long|tinyint|smallint|(var)?char\(\d+\))")


class PartitionIndexes:
    """Operations on the partition indexes of tables."""

    def __init__(self, region: Region) -> None:
        self._region = region

    def operations(self) -> dict[str, Operation]:
        return {
            "CreateTable": self._create_table,
            "CreatePartitionIndex": self._create,
            "GetPartitionIndexes": self._get_all,
            "DeletePartitionIndex": self._delete,
        }

    def _create_table(self, payload: Payload) -> Payload:
        """A table may come with its indexes; with one that is refused, it isn't made."""
        check_table_input(payload)
        indexes = payload.get("PartitionIndexes") or []
        table = payload.get("TableInput") or {}
        known: dict[str, Payload] = {}
        for index in indexes:
            _add(known, index, table.get("PartitionKeys") or [])
        answer = self._region.records.call("CreateTable", payload)
        number_from_zero(self._region, payload["DatabaseName"], table["Name"])
        name = {"DatabaseName": payload["DatabaseName"], "TableName": table["Name"]}
        self._indexes(name)[0].update(known)
        return answer

    def _create(self, payload: Payload) -> Payload:
        known, keys = self._indexes(payload)
        _add(known, payload.get("PartitionIndex") or {}, keys)
        return {}

    def _get_all(self, payload: Payload) -> Payload:
        known, _ = self._indexes(payload)
        return page(list(known.values()), payload, "PartitionIndexDescriptorList")

    def _delete(self, payload: Payload) -> Payload:
        known, _ = self._indexes(payload)
        name = required(payload, "IndexName")
        if known.pop(name, None) is None:
            raise entity_not_found(f"Index with the given indexName : {name} does not exist")
        return {}

    def _indexes(self, payload: Payload) -> tuple[dict[str, Payload], list[Payload]]:
        """The table's indexes by name, and its partition keys."""
        database, name = required(payload, "DatabaseName"), required(payload, "TableName")
        table = self._region.records.ask(lambda backend: backend.get_table(database, name))
        indexes: dict[str, Payload] = vars(table).setdefault("partition_indexes", {})
        return indexes, table.as_dict().get("PartitionKeys") or []


def _add(known: dict[str, Payload], index: Payload, keys: list[Payload]) -> None:
    """Add an index on some of the table's partition keys, ready at once."""
    name = required(index, "IndexName")
    if name in known:
        raise GlueError("AlreadyExistsException", f"Index with the name {name} already exists")
    if len(known) >= LIMIT:
        raise GlueError(
            "ResourceNumberLimitExceededException", f"A table takes {LIMIT} partition indexes"
        )
    types = {key["Name"]: key.get("Type", "string") for key in keys}
    wanted = [str(key).lower() for key in index.get("Keys") or []]
    unknown = [key for key in wanted if key not in types]
    if unknown or not wanted or len(set(wanted)) < len(wanted):
        raise invalid_input(f"Keys of a partition index must be partition keys, once: {wanted}")
    for key in wanted:
        if not KEY_TYPE.fullmatch(types[key]):
            raise invalid_input(f"A partition index can't have the key {key}: {types[key]}")
    described = [{"Name": key, "Type": types[key]} for key in wanted]
    known[name] = {"IndexName": name, "Keys": described, "IndexStatus": "ACTIVE"}
