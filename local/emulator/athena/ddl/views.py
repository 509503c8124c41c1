"""CREATE VIEW: the query is kept in the catalog in the form in which Athena keeps it."""

from __future__ import annotations

import base64
import json
from typing import Any

from botocore.exceptions import ClientError

from emulator.athena.catalog import CATALOG, Catalog
from emulator.athena.ddl.commands import CreateView
from emulator.athena.engine_result import Result
from emulator.athena.errors import QueryFailedError
from emulator.athena.views import PREFIX, SUFFIX
from emulator.athena.writes.types import hive_name, trino_name
from emulator.athena.writes.writer import check_named


class ViewMaker:
    def __init__(self, catalog: Catalog, glue: Any) -> None:
        self._catalog = catalog
        self._glue = glue

    def create(self, command: CreateView, database: str, result: Result) -> None:
        """Record the view. `result` is what its query gives. Raises QueryFailedError."""
        check_named(result)
        schema, name = command.name[0] or database, command.name[1]
        self._catalog.check_database(schema)
        self._check_replaced(command, schema, name)
        columns = list(zip(result.columns, result.types, strict=True))
        stored = {
            "originalSql": command.query.strip(),
            "catalog": CATALOG,
            "schema": database,
            "columns": [
                {"name": column.name.lower(), "type": trino_name(type_)}
                for column, type_ in columns
            ],
        }
        encoded = base64.b64encode(json.dumps(stored).encode()).decode()
        table = {
            "Name": name,
            "TableType": "VIRTUAL_VIEW",
            "Parameters": {"presto_view": "true", "comment": "Presto View"},
            "ViewOriginalText": f"{PREFIX}{encoded}{SUFFIX}",
            "ViewExpandedText": "/* Presto View */",
            "PartitionKeys": [],
            "StorageDescriptor": {
                "Columns": [
                    {"Name": column.name.lower(), "Type": _hive(type_)} for column, type_ in columns
                ],
                "Location": "",
                "SerdeInfo": {},
            },
        }
        try:
            self._glue.create_table(DatabaseName=schema, TableInput=table)
        except ClientError as error:
            if error.response["Error"]["Code"] != "AlreadyExistsException":
                raise
            self._glue.update_table(DatabaseName=schema, TableInput=table)

    def _check_replaced(self, command: CreateView, schema: str, name: str) -> None:
        try:
            known = self._catalog.record(schema, name)
        except QueryFailedError:
            return
        what = f"'{CATALOG}.{schema}.{name}'"
        if known.get("TableType") != "VIRTUAL_VIEW":
            raise QueryFailedError(
                "TABLE_ALREADY_EXISTS", f"line 1:1: Table already exists: {what}"
            )
        if not command.replace:
            raise QueryFailedError("TABLE_ALREADY_EXISTS", f"line 1:1: View already exists: {what}")


def _hive(type_: Any) -> str:
    """The type in the catalog's list of columns, which says less than the view itself."""
    try:
        return hive_name(type_)
    except QueryFailedError:
        return "string"
