"""Statistics of columns, kept with the table or partition that they are of, and gone with it.

Source: AWS Glue API reference, "Column statistics API".
"""

from __future__ import annotations

from functools import partial
from typing import Any, Literal

from moto.core.utils import utcnow

from emulator.glue.errors import entity_not_found, invalid_input
from emulator.glue.region import Operation, Region, required
from emulator.moto_api import Payload

MOST_COLUMNS = 100
Owner = Literal["Table", "Partition"]


class ColumnStatistics:
    """Get, update and delete, for tables and for partitions."""

    def __init__(self, region: Region) -> None:
        self._ask = region.records.ask

    def operations(self) -> dict[str, Operation]:
        owners: tuple[Owner, ...] = ("Table", "Partition")
        return {
            f"{verb}ColumnStatisticsFor{owner}": partial(answer, owner)
            for owner in owners
            for verb, answer in {
                "Get": self._get,
                "Update": self._update,
                "Delete": self._delete,
            }.items()
        }

    def _get(self, owner: Owner, payload: Payload) -> Payload:
        known = _statistics(self._record(owner, payload))
        names = [str(name).lower() for name in payload.get("ColumnNames") or []]
        _check_count(names)
        return {
            "ColumnStatisticsList": [known[name] for name in names if name in known],
            "Errors": [_missing({"ColumnName": name}) for name in names if name not in known],
        }

    def _update(self, owner: Owner, payload: Payload) -> Payload:
        record = self._record(owner, payload)
        columns = {str(column["Name"]).lower() for column in self._columns(payload)}
        given = payload.get("ColumnStatisticsList") or []
        _check_count(given)
        known, errors = _statistics(record), []
        for each in given:
            name = str(each.get("ColumnName")).lower()
            if name in columns:
                at = each.get("AnalyzedTime") or utcnow().timestamp()
                known[name] = {**each, "ColumnName": name, "AnalyzedTime": at}
            else:
                errors.append(_missing({"ColumnStatistics": each}))
        record.column_statistics = known
        return {"Errors": errors}

    def _delete(self, owner: Owner, payload: Payload) -> Payload:
        name = required(payload, "ColumnName").lower()
        if _statistics(self._record(owner, payload)).pop(name, None) is None:
            raise entity_not_found(f"Statistics of column {name} not found.")
        return {}

    def _record(self, owner: Owner, payload: Payload) -> Any:
        database, table = required(payload, "DatabaseName"), required(payload, "TableName")
        if owner == "Table":
            return self._ask(lambda backend: backend.get_table(database, table))
        values: Any = payload.get("PartitionValues") or []
        return self._ask(lambda backend: backend.get_partition(database, table, values))

    def _columns(self, payload: Payload) -> list[Payload]:
        database, name = payload["DatabaseName"], payload["TableName"]
        table = self._ask(lambda backend: backend.get_table(database, name)).as_dict()
        stored: list[Payload] = (table.get("StorageDescriptor") or {}).get("Columns") or []
        return [*stored, *(table.get("PartitionKeys") or [])]


def _statistics(record: Any) -> dict[str, Payload]:
    known: dict[str, Payload] = getattr(record, "column_statistics", {})
    return known


def _check_count(given: list[Any]) -> None:
    if len(given) > MOST_COLUMNS:
        raise invalid_input(f"{len(given)} columns: at most {MOST_COLUMNS} in one call")


def _missing(of: Payload) -> Payload:
    code, message = "EntityNotFoundException", "Column or its statistics not found."
    return {**of, "Error": {"ErrorCode": code, "ErrorMessage": message}}
