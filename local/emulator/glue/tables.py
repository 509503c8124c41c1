"""Lists of databases, tables and their versions: pages and searches, which moto doesn't do."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from emulator.glue.errors import GlueError, invalid_input
from emulator.glue.region import Operation, Region, page, required
from emulator.moto_api import Payload

PAGED = {
    "GetConnections": "ConnectionList",
    "GetDatabases": "DatabaseList",
    "GetDevEndpoints": "DevEndpoints",
    "GetSecurityConfigurations": "SecurityConfigurations",
    "GetTables": "TableList",
    "GetTableVersions": "TableVersions",
}
"""Operations whose pages are made here, and the list in their answer."""

ATTRIBUTES = {"NAME": "Name", "TABLE_TYPE": "TableType"}
TIMES = ("CreateTime", "UpdateTime", "LastAccessTime")
COMPARATORS: dict[str, Callable[[Any, Any], bool]] = {
    "EQUALS": operator.eq,
    "GREATER_THAN": operator.gt,
    "LESS_THAN": operator.lt,
    "GREATER_THAN_EQUALS": operator.ge,
    "LESS_THAN_EQUALS": operator.le,
}


class Tables:
    """Operations that look at many tables."""

    def __init__(self, region: Region) -> None:
        self._region = region
        self._call = region.records.call

    def operations(self) -> dict[str, Operation]:
        paged: dict[str, Operation] = {name: partial(self._paged, name) for name in PAGED}
        return {
            **paged,
            "SearchTables": self._search,
            "BatchDeleteTableVersion": self._delete_versions,
        }

    def _paged(self, operation: str, payload: Payload) -> Payload:
        field = PAGED[operation]
        found = self._everything(operation, payload)
        if operation in ("GetDatabases", "GetTables"):
            found.sort(key=lambda each: str(each["Name"]))
        if operation == "GetTableVersions":
            found.sort(key=lambda each: -int(each["VersionId"]))
        if wanted := [ATTRIBUTES.get(each) for each in payload.get("AttributesToGet") or []]:
            found = [
                {key: table[key] for key in table if key == "Name" or key in wanted}
                for table in found
            ]
        return page(found, payload, field)

    def _everything(self, operation: str, payload: Payload) -> list[Payload]:
        """All that moto has, of which some of its operations give 100 at once at most."""
        request = {key: payload[key] for key in payload if key not in ("MaxResults", "NextToken")}
        found: list[Payload] = []
        while True:
            answer = self._call(operation, request)
            found += answer[PAGED[operation]]
            if not answer.get("NextToken"):
                return found
            request["NextToken"] = answer["NextToken"]

    def _search(self, payload: Payload) -> Payload:
        """Tables whose texts hold SearchText, and whose properties are as Filters say."""
        names = [each["Name"] for each in self._call("GetDatabases", {})["DatabaseList"]]
        tables = [
            table
            for name in names
            for table in self._call("GetTables", {"DatabaseName": name})["TableList"]
        ]
        text = str(payload.get("SearchText") or "").lower()
        filters = payload.get("Filters") or []
        found = [
            table
            for table in tables
            if _holds(table, text) and all(_matches(table, each) for each in filters)
        ]
        for criterion in reversed(payload.get("SortCriteria") or []):
            field, descending = criterion.get("FieldName"), criterion.get("Sort") == "DESC"
            found.sort(key=lambda table: str(table.get(field, "")), reverse=descending)
        return page(found, payload, "TableList")

    def _delete_versions(self, payload: Payload) -> Payload:
        table = {key: required(payload, key) for key in ("DatabaseName", "TableName")}
        errors = []
        for version in payload.get("VersionIds") or []:
            try:
                self._call("DeleteTableVersion", {**table, "VersionId": version})
            except GlueError as error:
                detail = {"ErrorCode": error.code, "ErrorMessage": error.message}
                failed = {"TableName": table["TableName"], "VersionId": version}
                errors.append({**failed, "ErrorDetail": detail})
        return {"Errors": errors} if errors else {}


def _holds(table: Payload, text: str) -> bool:
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1] in _texts(table)
    return any(text in each for each in _texts(table))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, str):
        yield value.lower()


def _matches(table: Payload, predicate: Payload) -> bool:
    """Whether a property is as asked for: a time by its comparator, a text by one of its words.

    Source: API reference of SearchTables, `Filters`.
    """
    key, wanted = str(predicate.get("Key")), str(predicate.get("Value"))
    value = next((table[each] for each in table if each.lower() == key.lower()), None)
    value = (table.get("Parameters") or {}).get(key) if value is None else value
    if value is None:
        return False
    if key in TIMES:
        compare = COMPARATORS[predicate.get("Comparator") or "EQUALS"]
        return compare(float(value), _seconds(wanted))
    words = re.split(r"[^a-z0-9]", str(value).lower())
    return wanted.lower() == str(value).lower() or wanted.lower() in words


def _seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise invalid_input(f"{text!r} isn't a time in seconds since 1970") from error
