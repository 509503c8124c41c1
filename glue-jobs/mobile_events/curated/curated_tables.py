"""The dataset's table in the Data Catalog: its columns are the registry's, never inferred.

The crawler adds the partitions. For CSV there is a view beside the table that gives the types.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from typing import Any

from mobile_events.rows.registry import OWN_COLUMNS, Registry
from mobile_events.settings import Settings

_PARQUET = "org.apache.hadoop.hive.ql.io.parquet"
STORAGE: Mapping[str, Mapping[str, Any]] = {
    "parquet": {
        "InputFormat": f"{_PARQUET}.MapredParquetInputFormat",
        "OutputFormat": f"{_PARQUET}.MapredParquetOutputFormat",
        "SerdeInfo": {
            "SerializationLibrary": f"{_PARQUET}.serde.ParquetHiveSerDe",
            "Parameters": {"serialization.format": "1"},
        },
    },
    "csv": {
        "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
        "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
        "SerdeInfo": {
            "SerializationLibrary": "org.apache.hadoop.hive.serde2.OpenCSVSerde",
            "Parameters": {"separatorChar": ",", "quoteChar": '"', "escapeChar": "\\"},
        },
    },
}
PARAMETERS: Mapping[str, Mapping[str, str]] = {
    "parquet": {"classification": "parquet", "compressionType": "none"},
    "csv": {
        "classification": "csv",
        "compressionType": "gzip",
        "delimiter": ",",
        "skip.header.line.count": "1",
    },
}
TRINO_TYPES = {"string": "varchar", "timestamp": "timestamp(3)"}
"""How Athena's SQL calls the catalog's types; the others have one name."""

KEPT = ("Description", "Owner", "Retention")

Columns = list[tuple[str, str]]


class CuratedTables:
    """Keeps the table, and for CSV the view, in step with the registry. `glue` is a client."""

    def __init__(self, glue: Any, settings: Settings) -> None:
        self._glue = glue
        self._settings = settings

    def update(self, registry: Registry) -> None:
        """Create or update what differs."""
        columns = [*OWN_COLUMNS, *((c.name, c.type) for c in registry.columns)]
        as_csv = self._settings.output_format == "csv"
        stored = [(name, "string") for name, _ in columns] if as_csv else columns
        self._put(self._table(stored))
        if as_csv:
            self._put(self._view(columns))

    def _put(self, wanted: dict[str, Any]) -> None:
        database = self._settings.database
        known = self._known(wanted["Name"])
        if known is None:
            try:
                self._glue.create_table(DatabaseName=database, TableInput=wanted)
                return
            except self._glue.exceptions.AlreadyExistsException:
                # The client repeats a request whose answer was lost.
                known = self._known(wanted["Name"])
        if known is None or not _differs(known, wanted):
            return
        kept = {name: known[name] for name in KEPT if name in known}
        parameters = {**known.get("Parameters", {}), **wanted["Parameters"]}
        merged = {**kept, **wanted, "Parameters": parameters}
        self._glue.update_table(DatabaseName=database, TableInput=merged)

    def _known(self, name: str) -> dict[str, Any] | None:
        try:
            answer = self._glue.get_table(DatabaseName=self._settings.database, Name=name)
        except self._glue.exceptions.EntityNotFoundException:
            return None
        table: dict[str, Any] = answer["Table"]
        return table

    def _table(self, columns: Columns) -> dict[str, Any]:
        settings = self._settings
        location = f"s3://{settings.bucket}/{settings.prefix}{settings.table}/"
        return {
            "Name": settings.table,
            "TableType": "EXTERNAL_TABLE",
            "PartitionKeys": _catalog((key, "string") for key in settings.partition_keys),
            "Parameters": dict(PARAMETERS[settings.output_format]),
            "StorageDescriptor": {
                "Columns": _catalog(columns),
                "Location": location,
                **STORAGE[settings.output_format],
            },
        }

    def _view(self, columns: Columns) -> dict[str, Any]:
        settings = self._settings
        all_columns = [*columns, *((key, "string") for key in settings.partition_keys)]
        fields = [
            f'"{name}"' if name in settings.partition_keys else _typed(name, type_)
            for name, type_ in all_columns
        ]
        view = {
            "originalSql": f"SELECT {', '.join(fields)} FROM {settings.database}.{settings.table}",
            "catalog": "awsdatacatalog",
            "schema": settings.database,
            "columns": [{"name": n, "type": TRINO_TYPES.get(t, t)} for n, t in all_columns],
        }
        encoded = base64.b64encode(json.dumps(view).encode()).decode()
        return {
            "Name": f"{settings.table}_typed",
            "TableType": "VIRTUAL_VIEW",
            "PartitionKeys": [],
            "Parameters": {"presto_view": "true", "comment": "Presto View"},
            "ViewOriginalText": f"/* Presto View: {encoded} */",
            "ViewExpandedText": "/* Presto View */",
            "StorageDescriptor": {
                "Columns": _catalog(all_columns),
                "Location": "",
                "SerdeInfo": {},
            },
        }


def _typed(name: str, type_: str) -> str:
    """A column of CSV as the type that it stands for; an empty text as null."""
    value = f"NULLIF(\"{name}\", '')"
    if type_ != "string":
        value = f"CAST({value} AS {TRINO_TYPES.get(type_, type_)})"
    return f'{value} AS "{name}"'


def _catalog(columns: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"Name": name, "Type": type_} for name, type_ in columns]


def _differs(known: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    if known.get("ViewOriginalText") != wanted.get("ViewOriginalText"):
        return True
    stored, asked = known["StorageDescriptor"], wanted["StorageDescriptor"]
    library = stored.get("SerdeInfo", {}).get("SerializationLibrary")
    return bool(
        _plain(stored["Columns"]) != asked["Columns"]
        or _plain(known.get("PartitionKeys", [])) != wanted["PartitionKeys"]
        or library != asked["SerdeInfo"].get("SerializationLibrary")
    )


def _plain(columns: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """Columns without comments and parameters."""
    return _catalog((column["Name"], column["Type"]) for column in columns)
