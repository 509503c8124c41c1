"""User-defined functions of the Data Catalog, kept with their database. Nothing here calls them.

Source: AWS Glue API reference, "User-defined function API".
"""

from __future__ import annotations

import re
from typing import Any

from moto.core.utils import utcnow

from emulator.account import ACCOUNT_ID
from emulator.glue.errors import GlueError, entity_not_found
from emulator.glue.region import Operation, Region, page, required
from emulator.moto_api import Payload


class Functions:
    """Operations on user-defined functions."""

    def __init__(self, region: Region) -> None:
        self._region = region

    def operations(self) -> dict[str, Operation]:
        return {
            "CreateUserDefinedFunction": self._create,
            "GetUserDefinedFunction": self._get,
            "GetUserDefinedFunctions": self._get_all,
            "UpdateUserDefinedFunction": self._update,
            "DeleteUserDefinedFunction": self._delete,
        }

    def _create(self, payload: Payload) -> Payload:
        functions, given = self._functions(payload), payload.get("FunctionInput") or {}
        name = required(given, "FunctionName").lower()
        if name in functions:
            raise GlueError("AlreadyExistsException", "Function already exists.")
        functions[name] = self._record(payload, name, utcnow().timestamp())
        return {}

    def _get(self, payload: Payload) -> Payload:
        return {"UserDefinedFunction": self._existing(payload)}

    def _get_all(self, payload: Payload) -> Payload:
        """Those of a database, or of all, whose names the pattern fits; `*` stands for any text."""
        names = [payload["DatabaseName"]] if payload.get("DatabaseName") else self._databases()
        pattern = str(payload.get("Pattern") or "*").lower().replace("*", ".*")
        found = [
            function
            for database in names
            for name, function in self._functions({"DatabaseName": database}).items()
            if re.fullmatch(pattern, name)
        ]
        return page(found, payload, "UserDefinedFunctions")

    def _update(self, payload: Payload) -> Payload:
        known = self._existing(payload)
        name = known["FunctionName"]
        self._functions(payload)[name] = self._record(payload, name, known["CreateTime"])
        return {}

    def _delete(self, payload: Payload) -> Payload:
        del self._functions(payload)[self._existing(payload)["FunctionName"]]
        return {}

    def _databases(self) -> list[str]:
        return list(self._region.records.backend.databases)

    def _functions(self, payload: Payload) -> dict[str, Payload]:
        name = required(payload, "DatabaseName")
        database: Any = self._region.records.ask(lambda backend: backend.get_database(name))
        if not hasattr(database, "functions"):
            database.functions = {}
        functions: dict[str, Payload] = database.functions
        return functions

    def _existing(self, payload: Payload) -> Payload:
        name = required(payload, "FunctionName").lower()
        function = self._functions(payload).get(name)
        if function is None:
            raise entity_not_found(f"Function {name} not found.")
        return function

    @staticmethod
    def _record(payload: Payload, name: str, created: float) -> Payload:
        return {
            **(payload.get("FunctionInput") or {}),
            "FunctionName": name,
            "DatabaseName": payload["DatabaseName"],
            "CreateTime": created,
            "CatalogId": payload.get("CatalogId") or ACCOUNT_ID,
        }
